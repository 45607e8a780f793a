"""A run by parts: which images a step is given, where it stands still, and when it ends."""

import keras
import numpy as np
import pytest

from convae_lib.data import Images
from convae_lib.training.fit import complete_settings
from convae_lib.training.run import PartOfEpoch, Run

X = np.arange(10, dtype=np.float32)[:, None, None] / 9  # ten images that tell apart


def test_parts_of_an_epoch_are_that_epoch_and_its_last_batch_is_filled():
    def batches(steps, epoch=0):
        part = PartOfEpoch(X, 4, None, seed=(1, epoch), steps=steps)
        part.on_epoch_end()  # Keras calls it after each part
        return np.stack([part[place][0].ravel() for place in range(len(part))])

    whole = batches(range(3))
    assert np.array_equal(np.sort(whole.ravel()[:10]), X.ravel())
    assert np.array_equal(whole[-1, 2:], whole[0, :2])
    assert np.array_equal([*batches(range(2)), *batches(range(2, 3))], whole)
    assert not np.array_equal(batches(range(3), epoch=1), whole)


def begin(weight=0.1):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((1, 1)), keras.layers.Dense(1, activation="sigmoid")]
    )
    model.set_weights([np.full((1, 1), weight), np.zeros(1)])
    images = Images(train=X, valid=X, test=X)
    recipe = dict(optimizer="sgd", learning_rate=0.1, batch_size=4, epochs=2)
    settings = complete_settings(model, images, recipe)
    return Run(model, images, settings, seed=1, progress=None)


@pytest.mark.parametrize(
    ("every", "places"),
    [(2, [(0, 2), (1, 0), (1, 2), (2, 0)]), (9, [(1, 0), (2, 0)])],
)
def test_a_run_stands_still_after_some_steps_and_each_epoch(every, places):
    run = begin()
    assert [(run.epoch, run.step) for _ in run.parts(every)] == places
    assert int(run.model.optimizer.iterations) == 6
    assert [len(scores) for scores in run.history.values()] == [2, 2, 2]


def test_a_spoilt_run_ends_and_offers_nothing_to_keep():
    run = begin(weight=np.nan)
    assert [*run.parts(1)] == [] and np.isnan(run.history["loss_by_epoch"]).all()
