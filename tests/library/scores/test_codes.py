"""Codes that are rounded to a few bits, by hand."""

import numpy as np
import pytest

from convae_lib.data import Images
from convae_lib.scores.codes import BITS, excess_by_bits


def divergence(x, y):
    """Return the mean divergence of pixels `y` from pixels `x`."""
    x, y = np.array(x), np.array(y)
    return np.mean(x * np.log(x / y) + (1 - x) * np.log((1 - x) / (1 - y)))


def test_one_number_gets_evenly_spaced_levels_between_its_ends():
    # The ends are in different batches; two bits are the levels 0.2 0.4 0.6 0.8.
    x = np.full((1_001, 1, 1), 0.5, np.float32)
    x[0], x[-1] = 0.8, 0.2
    valid = np.array([0.35, 0.55, 0.9, 0.1], np.float32)[:, None, None]
    images = Images(train=x, valid=valid, test=valid)
    found = excess_by_bits(images, lambda x: x[..., 0], lambda codes: codes[..., None])
    assert found["bits"] == list(BITS) == [2, 3, 4, 5, 6, 7, 8, 10, 12, 16]
    pixels = [0.35, 0.55, 0.9, 0.1]
    two = divergence(pixels, [0.4, 0.6, 0.8, 0.2])
    step = 0.6 / 7
    three = divergence(pixels, [0.2 + 2 * step, 0.2 + 4 * step, 0.8, 0.2])
    assert found["bits_excess"][:2] == pytest.approx([two, three], rel=1e-5)


def test_more_bits_are_never_worse_on_average():
    x = np.random.default_rng(0).uniform(0.1, 0.9, (300, 8, 8)).astype(np.float32)
    x[0], x[1] = 0.1, 0.9  # no other value is clipped
    images = Images(train=x[:200], valid=x[200:], test=x[200:])
    found = excess_by_bits(images, lambda batch: batch, lambda codes: codes)
    excess = np.array(found["bits_excess"])
    assert (np.diff(excess) < 0).all()
    # Steps of half the size: a quarter of the squared error.
    assert excess[4] / excess[5] == pytest.approx(4, rel=0.1)


def test_each_number_has_its_own_ends_and_all_images_count():
    # Two numbers of unlike range, 600 images: of two batches, the first is exact.
    x = np.empty((600, 2, 1), np.float32)
    x[:, 0, 0], x[:, 1, 0] = 0.1, 0.6
    x[1, :, 0] = 0.4, 0.9
    x[500:, :, 0] = 0.26, 0.76
    decoded = []

    def decode(codes):
        assert codes.dtype == np.float32
        decoded.append(codes)
        return codes

    images = Images(train=x, valid=x, test=x)
    found = excess_by_bits(images, lambda batch: batch, decode)
    levels = {0.1, 0.2, 0.3, 0.4}, {0.6, 0.7, 0.8, 0.9}
    two_bits = np.concatenate([decoded[0], decoded[len(BITS)]])
    for number, own in enumerate(levels):
        found_levels = two_bits[:, number].ravel().astype(float).round(6)
        assert {*found_levels.tolist()} <= own
    worse = divergence([0.26, 0.76], [0.3, 0.8])
    assert found["bits_excess"][0] == pytest.approx(worse * 100 / 600, rel=1e-5)
    # And where what is lossy comes first.
    images = Images(train=x, valid=x[::-1], test=x)
    again = excess_by_bits(images, lambda batch: batch, lambda codes: codes)
    assert again["bits_excess"] == pytest.approx(found["bits_excess"])


def test_numbers_that_never_change_are_kept():
    x = np.full((4, 2, 1), 0.3, np.float32)
    x[:, 1, 0] = [0.1, 0.9, 0.4, 0.6]
    images = Images(train=x, valid=x, test=x)
    decoded = []

    def decode(codes):
        decoded.append(codes)
        return codes

    with np.errstate(all="raise"):
        found = excess_by_bits(images, lambda batch: batch, decode)
    assert np.isfinite(found["bits_excess"]).all()
    assert all((codes[:, 0] == np.float32(0.3)).all() for codes in decoded)
    assert found["bits_excess"][-1] == pytest.approx(0, abs=1e-8)
