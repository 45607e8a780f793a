"""Timing: what is on the clock, what ends a race, and what a speed is a share of."""

import keras
import numpy as np
import pytest

from convae_lib.data import Images
from convae_lib.training import timing
from convae_lib.training.timing import images_per_second, time_training

RECIPE = dict(optimizer="adam", learning_rate=0.1, schedule="constant")
BLACK, WHITE = np.zeros((40, 4, 4), np.float32), np.ones((20, 4, 4), np.float32)


def small(image_shape=(4, 4)):
    keras.utils.set_random_seed(0)
    dense = keras.layers.Dense(image_shape[-1], activation="sigmoid")
    return keras.Sequential([keras.Input(image_shape), dense])


class Clock:
    """A clock on which what lies between two looks takes the given seconds."""

    def __init__(self, *seconds):
        self.now, self.left, self.running = 0, iter(seconds), False

    def __call__(self):
        if self.running:
            self.now += next(self.left)
        self.running = not self.running
        return self.now


def test_compilation_is_on_no_clock(monkeypatch):
    images = Images(train=BLACK, valid=WHITE, test=WHITE)
    monkeypatch.setattr(timing, "perf_counter", Clock(50, 2, 4, 2))
    found = time_training(
        small(), images, recipe=RECIPE, batch_size=10, epochs=1, every=1
    )
    assert found == {"train_seconds": 3 * 4, "train_images": 40}


@pytest.mark.parametrize(
    ("valid", "target", "seen"), [(WHITE, 0.6, 120), (BLACK, 0.6, 20), (WHITE, 9.0, 20)]
)
def test_a_race_is_read_on_validation_images(valid, target, seen):
    """Trained on black images, the loss falls on these only."""
    images = Images(train=BLACK, valid=valid, test=valid)
    run = dict(recipe=RECIPE, batch_size=10, epochs=3, every=2, target=target)
    model = small()
    assert time_training(model, images, **run)["train_images"] == seen
    assert type(model.optimizer) is keras.optimizers.Adam
    assert int(model.optimizer.iterations) == seen / 10


def test_a_schedule_knows_the_steps_of_the_whole_race():
    images, model = Images(train=BLACK, valid=WHITE, test=WHITE), small()
    recipe = RECIPE | dict(schedule="linear", optimizer="sgd")
    time_training(model, images, recipe=recipe, batch_size=16, epochs=2, every=3)
    schedule = model.optimizer._learning_rate.get_config()
    assert (schedule["peak"], schedule["steps"]) == (0.1, 2 * 3)


def test_a_speed_is_a_median_without_compilation(monkeypatch):
    calls = []

    class Copy:
        def compile(self, optimizer, loss, steps_per_execution):
            calls.append((type(optimizer), loss, steps_per_execution))

        def fit(self, x, y, batch_size, verbose):
            assert x is y and x.shape == (1024, 4, 4)
            calls.append(batch_size)

    monkeypatch.setattr(timing.keras.models, "clone_model", lambda model: Copy())
    monkeypatch.setattr(timing, "PEAK_SIDE", 10)
    monkeypatch.setattr(timing, "multiply_adds", lambda model: 100)
    # Three rounds of batches of 64, of 512, and the product; nothing else is timed.
    monkeypatch.setattr(timing, "perf_counter", Clock(8, 4, 1, 9, 5, 2, 1, 1, 9))
    found = images_per_second(small, {}, optimizer="adam", batch_sizes=(64, 512))
    assert calls == [
        (keras.optimizers.Adam, "binary_crossentropy", 16),
        (keras.optimizers.Adam, "binary_crossentropy", 2),
        *[64, 512] * 4,
    ]
    peak = 10**3 / 2
    assert found == {
        "parameters": 20,
        "multiply_adds": 100,
        "images_per_second": {"64": 1024 / 8, "512": 1024 / 4},
        "share_of_peak": {"64": 128 * 300 / peak, "512": 256 * 300 / peak},
        "peak_multiply_adds_per_second": peak,
    }
