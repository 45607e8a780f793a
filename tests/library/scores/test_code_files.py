"""Codes as files: read back as they were rounded, small, and refused when damaged."""

import numpy as np
import pytest

from convae_lib.data import Images
from convae_lib.scores import code_files
from convae_lib.scores.code_files import (
    FILE_STEPS,
    file_scores,
    read_codes,
    write_codes,
)

RNG = np.random.default_rng(0)
TRAINING = RNG.normal(size=(4_000, 2, 3)) * [1, 2, 8] + 5
CODES = RNG.normal(size=(250, 2, 3)) * [1, 2, 8] + 5  # more than are coded at once


def entropy(values):
    """Return the bits of values by their own frequencies."""
    share = np.unique(values, return_counts=True)[1] / len(values)
    return -np.sum(share * np.log2(share))


@pytest.mark.parametrize("step", [0.01, 0.5, 3, 100])
def test_what_is_read_is_what_was_rounded(step):
    read = read_codes(write_codes(CODES, TRAINING, step))
    assert read.dtype == np.float32 and read.shape == CODES.shape
    means = TRAINING.mean(axis=0)
    levels = np.round((TRAINING - means) / step)
    rounded = np.round((CODES - means) / step)
    rounded = np.clip(rounded, levels.min(axis=0), levels.max(axis=0))
    assert np.allclose(read, means + rounded * step, atol=1e-4)
    inside = (CODES >= TRAINING.min(axis=0)) & (CODES <= TRAINING.max(axis=0))
    assert np.abs(read - CODES)[inside].max() <= step * 0.5001


@pytest.mark.parametrize("shape", [(1,), (30,), (4, 4, 2)])
@pytest.mark.parametrize("count", [1, 100, 203])
def test_codes_of_any_shape_and_number(shape, count):
    training, codes = RNG.normal(size=(90, *shape)), RNG.normal(size=(count, *shape))
    read = read_codes(write_codes(codes, training, 0.2))
    assert read.shape == codes.shape
    # A second time nothing is lost.
    assert np.array_equal(read_codes(write_codes(read, training, 0.2)), read)


def test_the_file_is_as_small_as_entropy_allows():
    many = RNG.normal(size=(20_000, 2, 3)) * [1, 2, 8] + 5
    file = write_codes(many, TRAINING, 0.5)
    read = read_codes(file).reshape(len(many), -1)
    least = sum(entropy(column) for column in read.T) * len(many) / 8
    assert least < len(file) < 1.02 * least + 500  # the header


def test_frequent_codes_take_fewer_bytes():
    """By the training codes: what is coded has no say in its own tables."""
    usual = np.repeat(TRAINING.mean(axis=0)[None], 200, axis=0)
    rare = np.repeat(TRAINING.max(axis=0)[None], 200, axis=0)
    sizes = [len(write_codes(codes, TRAINING, 0.5)) for codes in (usual, rare)]
    assert sizes[1] - sizes[0] > 200 * 6 * 4 / 8


def test_numbers_that_never_change_and_what_lies_beyond_training():
    training = np.array([[2.0, 0.0], [2.0, 1.0], [2.0, 4.0]])
    codes = np.array([[2.0, 9.0], [7.0, -9.0], [2.0, 2.0]])
    read = read_codes(write_codes(codes, training, 0.125))
    assert read[:, 0].tolist() == [2, 2, 2]
    assert read[:, 1] == pytest.approx([4, 0, 2], abs=0.07)


@pytest.mark.parametrize("place", [7, 12, 40, 300, -1])
def test_a_damaged_file_is_refused(place):
    file = bytearray(write_codes(CODES, TRAINING, 0.5))
    file[place] ^= 1
    with pytest.raises(ValueError, match="the file of codes is damaged"):
        read_codes(bytes(file))


def test_what_is_no_whole_file_is_refused():
    file = write_codes(CODES, TRAINING, 0.5)
    for cut in (file[:-1], file[:40], file + b"\0"):
        with pytest.raises(ValueError, match="the file of codes is damaged"):
            read_codes(cut)
    for other in (b"", file[:9], b"\x89PNG" + file, b"X" + file[1:]):
        with pytest.raises(ValueError, match="this is no file of codes"):
            read_codes(other)
    with pytest.raises(TypeError, match=r"'a.codes' must be bytes"):
        read_codes("a.codes")


@pytest.mark.parametrize(
    ("codes", "training", "step", "says"),
    [
        (CODES, TRAINING, 0, "step 0.0 must be a finite number above 0"),
        (CODES, TRAINING, float("nan"), "step nan must be a finite number above 0"),
        (CODES, TRAINING, 1e-4, "step .* is too small: .* and may have 65535"),
        (CODES[:, 0], TRAINING, 1, r"shape \(3,\) do not fit training .* \(2, 3\)"),
        (CODES * np.nan, TRAINING, 1, "codes has 1500 of 1500 values that are NaN"),
        (CODES[:0], TRAINING, 1, "codes of shape .* must be"),
        (CODES, TRAINING[:, 0, 0], 1, "training_codes of shape .* must be"),
    ],
)
def test_what_cannot_be_written_is_refused(codes, training, step, says):
    with pytest.raises(ValueError, match=says):
        write_codes(codes, training, step)


def test_scores_of_files_by_hand():
    x = RNG.uniform(0.2, 0.8, (700, 4, 4)).astype(np.float32)
    images = Images(train=x[:100], valid=x[100:], test=x[:100])
    found = file_scores(images, lambda x: x, lambda codes: codes)
    assert found["file_steps"] == list(FILE_STEPS)
    for place, share in enumerate(FILE_STEPS):
        step = share * np.sqrt(x[:100].var(axis=0).mean())
        file = write_codes(x[100:], x[:100], step)
        assert found["file_bytes"][place] == pytest.approx(len(file) / 600)
        error = ((read_codes(file) - x[100:]) ** 2).mean(axis=(1, 2))
        assert found["file_psnr"][place] == pytest.approx(
            np.mean(-10 * np.log10(error)), rel=1e-4
        )
        one = len(write_codes(x[100:101], x[:100], step))
        tables = code_files._Tables.of(x[:100], step)
        stream = one - code_files.START.size - len(tables.pack(1))
        assert found["file_bytes_each"][place] == pytest.approx(stream, abs=1)
    for key, order in (("bytes", 1), ("bytes_each", 1), ("excess", -1), ("psnr", 1)):
        assert (order * np.diff(found[f"file_{key}"]) > 0).all()


def test_a_code_that_says_nothing_takes_no_bytes():
    x = np.full((20, 3, 3), 0.5, np.float32)
    images = Images(train=x, valid=x, test=x)
    found = file_scores(images, lambda x: x, lambda codes: codes)
    assert set(found["file_bytes_each"]) == {0} and set(found["file_psnr"]) == {100}
