"""Damage done to images."""

import numpy as np
import pytest

from convae_lib.scores.corruptions import CORRUPTIONS, corrupt

GREY = np.full((40, 10, 12), 0.5)
AMOUNTS = {"gaussian": 0.1, "salt and pepper": 0.3, "block": 0.4}


@pytest.mark.parametrize("kind", CORRUPTIONS)
@pytest.mark.parametrize("channels", [(), (3,)])
def test_damage_is_of_the_seed_and_does_not_depend_on_batches(kind, channels):
    images = np.full((41, 10, 12, *channels), 0.5)
    whole = corrupt(images, kind, AMOUNTS[kind], seed=3)
    rng = np.random.default_rng(3)
    parts = [
        corrupt(part, kind, AMOUNTS[kind], rng) for part in np.split(images, [7, 20])
    ]
    assert np.array_equal(np.concatenate(parts), whole)
    assert whole.dtype == np.float32 and whole.shape == images.shape
    assert not np.array_equal(whole, corrupt(images, kind, AMOUNTS[kind], seed=4))
    assert (images == 0.5).all()


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_no_damage_is_none(kind):
    images = np.random.default_rng(0).random((5, 8, 9), np.float32)
    assert np.array_equal(corrupt(images, kind, 0), images)


def test_noise_is_normal_of_its_deviation_and_clipped():
    noise = corrupt(np.full((100, 20, 20), 0.5), "gaussian", 0.05) - 0.5
    assert noise.std() == pytest.approx(0.05, rel=0.02)
    assert abs(noise.mean()) < 0.001
    assert np.mean(np.abs(noise) < 0.05) == pytest.approx(0.683, abs=0.01)
    wild = corrupt(GREY, "gaussian", 9)
    assert wild.min() == 0 and wild.max() == 1


def test_salt_and_pepper_are_as_frequent_and_hit_all_channels_of_a_pixel():
    found = corrupt(np.full((100, 20, 20, 3), 0.5), "salt and pepper", 0.2)
    assert np.mean(found == 0) == pytest.approx(0.1, abs=0.01)
    assert np.mean(found == 1) == pytest.approx(0.1, abs=0.01)
    assert (found == found[..., :1]).all()
    assert not (corrupt(GREY, "salt and pepper", 1) == 0.5).any()


def test_a_block_is_a_square_that_lies_anywhere_within():
    missing = corrupt(np.full((3000, 6, 7), 0.5), "block", 0.7) == 0
    assert (missing.sum(axis=(1, 2)) == 16).all()
    rows, columns = missing.any(axis=2), missing.any(axis=1)
    assert (rows.sum(axis=1) == 4).all() and (columns.sum(axis=1) == 4).all()
    tops, counts = np.unique(rows.argmax(axis=1), return_counts=True)
    assert tops.tolist() == [0, 1, 2] and counts.min() > 800
    lefts, counts = np.unique(columns.argmax(axis=1), return_counts=True)
    assert lefts.tolist() == [0, 1, 2, 3] and counts.min() > 600


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((GREY, "fog", 1), "kind 'fog' is not one of gaussian, salt and pepper, block"),
        (
            (GREY, "gaussian", -1),
            "amount -1 of 'gaussian' must be a standard deviation",
        ),
        ((GREY, "gaussian", np.nan), "amount nan of 'gaussian'"),
        (
            (GREY, "salt and pepper", 1.5),
            "amount 1.5 of .* must be a share from 0 to 1",
        ),
        ((GREY, "block", 1.1), "amount 1.1 of 'block' must be a share from 0 to 1"),
        ((GREY, "block", -0.1), "amount -0.1 of 'block'"),
        ((GREY[0], "block", 0.2), "are no stack"),
        ((GREY * 255, "gaussian", 0.1), "divide grey levels by 255|must lie in"),
    ],
)
def test_what_is_no_damage_is_refused(given, says):
    with pytest.raises(ValueError, match=says):
        corrupt(*given)
