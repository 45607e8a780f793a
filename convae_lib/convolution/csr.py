"""The three arrays of a convolution's CSR matrix.

They are written in closed form, each entry once. Away from the border the row of an
output is the row of its neighbour, shifted by the stride. The same is true of the
block of rows of one line of outputs, and of one plane. The first block of each kind
is computed; the others are copies plus an offset.
"""

from math import prod

import numpy as np
from scipy.sparse import csr_array

__all__ = ["build_csr"]

# Entries copied at a time: large enough that NumPy's call overhead is negligible.
CHUNK_ENTRIES = 2**19


def build_csr(conv):
    """Return the matrix of a `Convolution`."""
    shape = conv.matrix_shape
    if max(shape) >= 2**62:  # rows, columns and what is padded are counted in 64 bits
        raise _too_large(shape)
    axes, pitch = [], conv.channels  # the columns from one position to the next
    for axis in reversed(conv.axes):
        axes.append((_runs(axis, pitch, conv.wrap), axis.s, pitch))
        pitch = pitch * axis.i
    windows = prod(sum(n * len(at) for n, at, _, _ in runs) for runs, _, _ in axes)
    per_group, filters = conv.kernel.shape[-2:]
    count = windows * per_group * filters
    dtype = np.int32 if max(*shape, count) < 2**31 else np.int64
    try:
        columns, ends = np.empty(count, dtype), np.empty(shape[0] + 1, dtype)
        weights = np.empty(count, conv.kernel.dtype)
    except (MemoryError, ValueError) as error:  # ValueError where 64 bits do not do
        raise _too_large(shape) from error
    ends[0] = 0
    # At one position: the channels that each filter reads, and the filters counted.
    group = np.arange(filters) // (filters // conv.groups)  # (filters,)
    channels = group[:, None] * per_group + np.arange(per_group)  # (filters, per_group)
    arrays = columns, weights, ends, channels[:, None], np.arange(1, filters + 1)
    kernel = conv.kernel.reshape(-1, filters).T  # (filters, taps * per_group)
    kernel = kernel.reshape(filters, 1, *conv.size, per_group)
    _fill(axes, arrays, np.zeros(1, np.int64), kernel, 0, 0)
    matrix = csr_array((weights, columns, ends), shape=shape)
    matrix.has_canonical_format = True
    return matrix


def _too_large(shape):
    """Return the error that tells of a matrix without a place."""
    return MemoryError(
        f"a matrix with sides of {shape[0]} and {shape[1]} does not fit into memory; "
        "conv_operator and conv_transpose_operator apply it and store only the kernel"
    )


def _fill(axes, arrays, pixels, kernel, entry, row):
    """Write the rows of all outputs along `axes`; return the next entry and row.

    `axes` are those that are not settled yet, the last axis first. The taps of the
    settled ones point at the columns `pixels` and have the weights `kernel`, of
    shape (filters, taps, *size left, channels per group).
    """
    columns, weights, ends, channels, ordinal = arrays
    if not axes:  # one output position: a row for each filter
        stop, next_row = entry + kernel.size, row + len(kernel)
        target = columns[entry:stop].reshape(kernel.shape)  # (filters, taps, per_group)
        np.add(channels, pixels[:, None], out=target, casting="same_kind")
        weights[entry:stop].reshape(kernel.shape)[...] = kernel
        ends[row + 1 : next_row + 1] = entry + ordinal * kernel[0].size
        return stop, next_row
    *left, (runs, stride, pitch) = axes
    for n, at, taps, firsts in runs:
        part = kernel[:, :, taps]  # (filters, taps, taps here, *size left, per_group)
        if firsts is not None:
            part = _add_up(part, firsts)
        part = part.reshape(len(part), -1, *part.shape[3:])
        read = np.add.outer(pixels, at).ravel()  # (taps * taps here,)
        stop, next_row = _fill(left, arrays, read, part, entry, row)
        if n > 1:
            entries, rows = stop - entry, next_row - row
            stop, next_row = entry + n * entries, row + n * rows
            _repeat(columns[entry:stop], n, stride * pitch)
            _repeat(weights[entry:stop], n, 0)
            _repeat(ends[row + 1 : next_row + 1], n, entries)
        entry, row = stop, next_row
    return entry, row


def _add_up(part, firsts):
    """Return the weights, (filters, taps, ...), of taps that read one pixel added up."""
    total = np.add.reduceat(part, firsts, axis=2)  # whole numbers are added in 64 bits
    sums = total.astype(part.dtype, copy=False)
    if part.dtype.kind in "biu" and (sums != total).any():
        raise ValueError(
            "a window reads a pixel more than once, and its weights add up to what "
            f"{part.dtype} cannot hold; use kernel.astype('int64')"
        )
    return sums


def _runs(axis, pitch, wrap):
    """Return the maximal runs of outputs whose rows have the same pattern.

    Along a run the pattern is shifted by the stride. A run is a tuple of the number
    of its outputs, the columns that the first of them reads, in ascending order, the
    kernel taps in that order, and at which of these taps each column begins; None
    for these where no two taps meet (they do only where the input wraps).
    """
    i, k, s, d, before, _ = axis
    s, d = min(s, 2**62), min(d, 2**62)  # no more where there is one window or tap
    o, taps = axis.o, d * np.arange(k) - before
    # A run ends where some tap comes to an edge of the input, or of a copy of it.
    low, high = (taps[0] // i, (s * (o - 1) + taps[-1]) // i) if wrap else (0, 1)
    edges = -((taps - i * np.arange(low, high + 1)[:, None]) // s)
    starts = sorted({0, *edges[(edges > 0) & (edges < o)].tolist()})
    runs = []
    for start, stop in zip(starts, [*starts[1:], o]):
        positions, firsts = s * start + taps, None
        if wrap:
            positions %= i
            kept = np.argsort(positions, kind="stable")
            positions, firsts = np.unique(positions[kept], return_index=True)
            firsts = firsts if len(firsts) < k else None
        else:
            kept = slice(*positions.searchsorted((0, i)))
            positions = positions[kept]
        runs.append((stop - start, positions * pitch, kept, firsts))
    return runs


def _repeat(array, times, step):
    """Fill `array` with its first part, `times` times over, `step` more each time."""
    parts = array.reshape(times, -1)
    most = max(1, CHUNK_ENTRIES // max(parts.shape[1], 1))
    done = min(times, most, 32)  # in one call; each later call adds as many again
    if step:
        steps = step * np.arange(1, done, dtype=array.dtype)
        np.add(parts[0], steps[:, None], out=parts[1:done])
    else:
        parts[1:done] = parts[0]
    while done < times:
        more = min(done, most, times - done)
        source, target = parts[:more], parts[done : done + more]
        if step:
            np.add(source, done * step, out=target)
        else:
            np.copyto(target, source)
        done += more
