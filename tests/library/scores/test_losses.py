"""Losses against Keras, hand arithmetic and the published floors."""

import keras
import numpy as np
import pytest

from convae_lib import (
    binary_crossentropy,
    entropy_floor,
    excess_over_floor,
    load_fashion_mnist,
    rounded_accuracy,
)


def test_binary_crossentropy_equals_keras():
    rng = np.random.default_rng(0)
    x, y = rng.random((4, 7, 7)), rng.random((4, 7, 7))
    # A wholly wrong white costs what float32 makes of 1 - 1e-7, which backends differ in.
    for exactly in (1e-6, 1e-3):
        theirs = float(np.mean(keras.losses.binary_crossentropy(x, y)))
        assert binary_crossentropy(x, y) == pytest.approx(theirs, rel=exactly)
        y[0, 0, :3], x[0, 0, :3] = [0, 1, 1], [0, 1, 0]


def test_what_is_wholly_wrong_costs_what_keras_says():
    # By the number that Keras keeps predictions away from 0 and 1, on either side.
    for x in (0, 1):
        assert binary_crossentropy([x], [1 - x]) == pytest.approx(
            -np.log(1e-7), rel=1e-6
        )
        assert binary_crossentropy([x], [x]) == pytest.approx(1e-7, rel=1e-3)


def test_one_image_serves_all():
    x = np.random.default_rng(1).random((5, 4, 4))
    each = binary_crossentropy(x, np.broadcast_to(x.mean(axis=0), x.shape))
    assert binary_crossentropy(x, x.mean(axis=0)) == pytest.approx(each)


def test_the_floor_is_the_smallest_loss():
    rng = np.random.default_rng(2)
    x = rng.random((3, 5, 5))
    assert entropy_floor(x) == pytest.approx(binary_crossentropy(x, x))
    for _ in range(20):
        nearby = np.clip(x + rng.normal(0, 0.05, x.shape), 0, 1)
        assert binary_crossentropy(x, nearby) > entropy_floor(x)


def test_the_floor_of_black_and_white_is_zero():
    assert entropy_floor([0, 1, 1, 0]) == 0
    assert entropy_floor([0.5, 0.5]) == pytest.approx(np.log(2))


def test_excess_is_the_divergence():
    x, y = np.array([0.2, 0.9]), np.array([0.4, 0.5])
    kl = x * np.log(x / y) + (1 - x) * np.log((1 - x) / (1 - y))
    assert excess_over_floor(x, y) == pytest.approx(kl.mean())


def test_both_sides_are_read_under_their_names():
    with pytest.raises(ValueError, match="^x has values from -1 to 0.5"):
        excess_over_floor([-1, 0.5], [0.5, 0.5])
    with pytest.raises(ValueError, match="^x has values from 0.5 to 1.5"):
        entropy_floor([0.5, 1.5])
    with pytest.raises(ValueError, match="^reconstruction has values from -1 to 0.5"):
        binary_crossentropy([0.5, 0.5], [-1, 0.5])


def test_published_floors_and_baselines(real_data):
    floors = [
        entropy_floor(x)
        for x in (real_data.x_train, real_data.x_valid, real_data.x_test)
    ]
    assert np.round(floors, 4).tolist() == [0.2401, 0.2413, 0.2422]
    mean, valid = real_data.x_train.mean(axis=0), real_data.x_valid
    assert round(binary_crossentropy(valid, mean), 4) == 0.4926
    assert round(binary_crossentropy(valid, mean.mean()), 4) == 0.6008
    assert round(binary_crossentropy(valid, np.round(valid)), 2) == 1.90
    black = np.mean(rounded_accuracy(valid, np.zeros_like(valid)))
    assert round(float(black), 3) == 0.682


def test_there_is_data_whatever_the_source():
    data = load_fashion_mnist()
    assert entropy_floor(data.x_valid[:500]) > 0.05


class ReadInBatches:
    """Images that are nowhere all at once."""

    def __init__(self, x):
        self.x, self.shape, self.largest = x, x.shape, 0

    def __len__(self):
        return len(self.x)

    def __getitem__(self, rows):
        batch = self.x[rows]
        self.largest = max(self.largest, len(batch))
        return batch


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 3)])
def test_images_in_files_are_read_a_batch_at_a_time(shape):
    rng = np.random.default_rng(3)
    x, y = rng.random((1_203, *shape)), rng.random((1_203, *shape))
    read = ReadInBatches(x)
    assert entropy_floor(read) == pytest.approx(entropy_floor(x))
    for other in (y, y.tolist(), ReadInBatches(y), x.mean(axis=0), x[:1], 0.3):
        held = other.x if isinstance(other, ReadInBatches) else other
        for score in (binary_crossentropy, excess_over_floor):
            assert score(read, other) == pytest.approx(score(x, held))
    assert read.largest < 1_000
    with pytest.raises(ValueError, match="does not fit x"):
        binary_crossentropy(read, y[:7])


def test_the_floor_of_colours_is_the_mean_of_their_channels():
    x = np.random.default_rng(4).random((5, 4, 4, 3))
    channels = [entropy_floor(x[..., channel]) for channel in range(3)]
    assert entropy_floor(x) == pytest.approx(np.mean(channels))
    y = np.random.default_rng(5).random(x.shape)
    theirs = float(np.mean(keras.losses.binary_crossentropy(x, y)))
    assert excess_over_floor(x, y) == pytest.approx(theirs - entropy_floor(x), rel=1e-5)
