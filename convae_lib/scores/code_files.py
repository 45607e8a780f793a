"""Codes as files: rounded to a step, and written by an entropy coder."""

import struct
import zlib
from dataclasses import dataclass
from math import prod

import numpy as np

from ..checks import read_numbers, refuse_not_finite
from .batches import mapped
from .denoising import psnr
from .losses import excess_over_floor

__all__ = ["FILE_STEPS", "file_scores", "read_codes", "write_codes"]

FILE_STEPS = (1.0, 0.7, 0.5, 0.35, 0.25, 0.125, 0.0625)
"""Steps, as shares of the spread of the training codes."""

MAGIC = b"codes1"
START = struct.Struct("<6sIB")  # magic, checksum of all that follows, dimensions
LEVELS = 65_535  # of one number, at most
AT_ONCE = 100  # codes for which the coder is handed its tables


def write_codes(codes, training_codes, step):
    """Return codes as the bytes of a file.

    Each number is rounded to a whole number of steps from its mean, and no further out than
    the training codes go. The steps are written by asymmetric numeral systems, an entropy
    coder: those that were frequent in training take few bits. All that is needed to read
    the file stands in it.

    Parameters
    ----------
    codes : array_like or tensor, shape (n, ...)
    training_codes : array_like or tensor, shape (m, ...)
        Their means, and how often each step occurs, are known to the coder.
    step : float
        The same for all numbers: at high rates no other way of choosing steps loses less
        for as many bits.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If a code is not finite, the two have codes of different shapes, or the step is not
        above 0 or so small that a number has more than 65,535 of them.

    References
    ----------
    R. M. Gray and D. L. Neuhoff, "Quantization", 1998, for one step for all numbers;
    R. Bamler, "Understanding entropy coding with asymmetric numeral systems (ANS)", 2022,
    for the coder.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> training, codes = rng.normal(size=(9_000, 30)), rng.normal(size=(1_000, 30))
    >>> file = write_codes(codes, training, step=0.5)
    >>> len(file) < 1_000 * 30 / 2  # less than four bits a number
    True
    >>> bool(np.abs(read_codes(file) - codes).mean() < 0.126)
    True
    """
    tables = _Tables.of(training_codes, step)
    codes = _read_codes("codes", codes)
    if codes.shape[1:] != tables.shape:
        raise ValueError(
            f"codes of shape {codes.shape[1:]} do not fit training codes of "
            f"{tables.shape}"
        )
    return _write_file(tables, codes)


def read_codes(file):
    """Return the codes that `write_codes` wrote, as they were rounded.

    Parameters
    ----------
    file : bytes
        What is in the file, such as ``path.read_bytes()``.

    Returns
    -------
    ndarray of float32, shape (n, ...)

    Raises
    ------
    TypeError
        If `file` is something else, such as a path.
    ValueError
        If the file is none of `write_codes`, or is damaged.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([[0.0, 5.0], [1.0, 7.0]])
    >>> read_codes(write_codes(codes, codes, step=1)).tolist()
    [[0.5, 5.0], [0.5, 7.0]]
    """
    if not isinstance(file, bytes):
        raise TypeError(f"file {file!r} must be bytes, such as path.read_bytes()")
    if len(file) < START.size or file[: len(MAGIC)] != MAGIC:
        raise ValueError(f"this is no file of codes: it does not begin with {MAGIC}")
    _, checksum, dimensions = START.unpack_from(file)
    content = file[START.size :]
    if zlib.crc32(content) != checksum:
        raise ValueError("the file of codes is damaged: its checksum is another one")
    tables, count, written = _Tables.unpack(content, dimensions)
    return tables.codes(_read_stream(tables, written, count))


def file_scores(images, encode, decode):
    """Return what the validation images take as files of codes, and what is left of them.

    Parameters
    ----------
    images : Images
    encode, decode : callable
        From a batch of images to their codes, and back.

    Returns
    -------
    dict
        ``file_steps``, as shares of the spread of the training codes, the root of their
        mean variance; and for each of them ``file_bytes``, the mean bytes an image of one
        file that holds all, its header counted; ``file_bytes_each``, those of a file of
        each image by itself, without a header: it would be the same for all, and could be
        kept with the decoder; ``file_excess``, the excess over the floor of the images
        that are decoded, in nats per pixel, and ``file_psnr``, their mean PSNR in decibels.
    """
    training, codes = (mapped(encode, part) for part in (images.train, images.valid))
    spread = np.sqrt(training.reshape(len(training), -1).var(axis=0).mean()) or 1.0
    found = {
        "file_bytes": [],
        "file_bytes_each": [],
        "file_excess": [],
        "file_psnr": [],
    }
    for share in FILE_STEPS:
        tables = _Tables.of(training, share * spread)
        file = _write_file(tables, codes)
        each = [len(_write_stream(tables, tables.round(code[None]))) for code in codes]
        read = read_codes(file)
        sums = np.zeros(2)
        for start in range(0, len(read), 500):
            x = images.valid[start : start + 500]
            y = decode(read[start : start + 500])
            peak = np.minimum(psnr(x, np.clip(y, 0, 1)), 100)
            sums += len(x) * excess_over_floor(x, y), peak.sum()
        values = (len(file) / len(codes), np.mean(each), *(sums / len(codes)))
        for row, value in zip(found.values(), values):
            row.append(float(value))
    return {"file_steps": list(FILE_STEPS), **found}


@dataclass(frozen=True)
class _Tables:
    """What a file says of its codes: their shape and step, and for each number its mean,
    the lowest of its levels, and the weight of each level, from 1 to 255.

    Weights that are counted make files as small as a Gaussian or Laplace distribution does,
    within a hundredth, and are the same on every machine, where the last digit of an
    exponential is not."""

    shape: tuple
    step: float
    means: np.ndarray  # float32, (numbers,)
    lows: np.ndarray  # int32, (numbers,)
    weights: np.ndarray  # uint8, (numbers, most levels): 0 behind the last one

    @classmethod
    def of(cls, training_codes, step):
        codes = _read_codes("training_codes", training_codes)
        step = float(np.float32(step))
        if not 0 < step < np.inf:
            raise ValueError(f"step {step!r} must be a finite number above 0")
        shape, codes = codes.shape[1:], codes.reshape(len(codes), -1)
        means = codes.mean(axis=0).astype(np.float32)
        levels = np.round((codes - means) / step)
        lows, highs = levels.min(axis=0), levels.max(axis=0)
        if (most := (highs - lows).max() + 1) > LEVELS:
            raise ValueError(
                f"step {step!r} is too small: one number would have {most:.0f} levels, "
                f"and may have {LEVELS}"
            )
        lows = lows.astype(np.int32)
        weights = np.zeros((len(means), max(int(most), 2)), np.uint8)
        for row, place, high in zip(
            weights, (levels - lows).T.astype(int), highs - lows
        ):
            counts = np.bincount(place)
            # Never 0: what training did not show between its ends can be written, too.
            row[: int(high) + 1] = np.maximum(1, np.round(255 * counts / counts.max()))
        return cls(shape, step, means, lows, weights)

    def round(self, codes):
        """Return the places of codes among the levels, int32, (n, numbers)."""
        highs = self.lows + (self.weights > 0).sum(axis=1) - 1
        levels = np.round((codes.reshape(len(codes), -1) - self.means) / self.step)
        return (np.clip(levels, self.lows, highs) - self.lows).astype(np.int32)

    def codes(self, places):
        """Return the codes at these places."""
        codes = self.means + (places + self.lows) * self.step
        return codes.astype(np.float32).reshape(len(places), *self.shape)

    def pack(self, count):
        """Return the header of a file of so many codes."""
        sizes = (self.weights > 0).sum(axis=1).astype("<u2")
        kept = self.weights[self.weights > 0]
        numbers = (self.means.astype("<f4"), self.lows.astype("<i4"), sizes, kept)
        packed = zlib.compress(b"".join(each.tobytes() for each in numbers), 9)
        start = struct.pack(f"<{len(self.shape)}I", *self.shape)
        return start + struct.pack("<IfI", count, self.step, len(packed)) + packed

    @classmethod
    def unpack(cls, content, dimensions):
        """Return the tables, the number of codes, and what is left of the file."""
        shape = struct.unpack_from(f"<{dimensions}I", content)
        count, step, size = struct.unpack_from("<IfI", content, 4 * dimensions)
        start = 4 * dimensions + 12
        packed, numbers = zlib.decompress(content[start : start + size]), prod(shape)
        means, lows, sizes = (
            np.frombuffer(packed, kind, numbers, place * numbers)
            for kind, place in (("<f4", 0), ("<i4", 4), ("<u2", 8))
        )
        weights = np.zeros((numbers, max(sizes.max(), 2)), np.uint8)
        kept = np.arange(weights.shape[1]) < sizes[:, None]
        weights[kept] = np.frombuffer(packed, np.uint8, offset=10 * numbers)
        tables = cls(shape, step, means, lows, weights)
        return tables, count, content[start + size :]


def _write_file(tables, codes):
    content = tables.pack(len(codes)) + _write_stream(tables, tables.round(codes))
    return START.pack(MAGIC, zlib.crc32(content), len(tables.shape)) + content


def _write_stream(tables, places):
    """Return places among the levels, (n, numbers), as an entropy coder writes them."""
    from constriction import stream  # here: the rest does without it

    coder, family = stream.stack.AnsCoder(), stream.model.Categorical(perfect=False)
    weights = tables.weights.astype(np.float32)
    # A stack: what is written last is read first.
    for start in reversed(range(0, len(places), AT_ONCE)):
        batch = places[start : start + AT_ONCE]
        known = np.tile(weights, (len(batch), 1))
        coder.encode_reverse(batch.ravel(), family, known)
    # Its last word is never 0: what fills it up at its end can be left out.
    return coder.get_compressed().astype("<u4").tobytes().rstrip(b"\0")


def _read_stream(tables, written, count):
    """Return the places that `_write_stream` wrote."""
    from constriction import stream

    words = np.frombuffer(written + bytes(-len(written) % 4), "<u4").astype(np.uint32)
    coder, family = (
        stream.stack.AnsCoder(words),
        stream.model.Categorical(perfect=False),
    )
    weights, read = tables.weights.astype(np.float32), []
    for start in range(0, count, AT_ONCE):
        some = min(AT_ONCE, count - start)
        read.append(coder.decode(family, np.tile(weights, (some, 1))))
    return np.concatenate(read).reshape(count, -1)


def _read_codes(name, codes):
    codes = read_numbers(name, codes)
    refuse_not_finite(name, codes)
    if codes.ndim < 2 or not codes.size:
        raise ValueError(f"{name} of shape {codes.shape} must be (n, ...), n from 1 up")
    return codes
