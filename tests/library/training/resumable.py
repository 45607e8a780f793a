"""A small training that draws numbers of every kind, for tests that interrupt it."""

import keras
import numpy as np

from convae_lib import SampledCode, draw_garments
from convae_lib.data import Images

RECIPE = dict(optimizer="muon", learning_rate=0.03, schedule="linear", batch_size=8)


def garments(seed=7):
    """Return a hundred and fifteen drawn garments to train on: 15 steps, not quite."""
    x, _, _ = draw_garments(135, seed=seed)
    return Images(train=x[:115], valid=x[115:125], test=x[125:], name="drawn")


def noisy(batch, rng):
    return np.clip(batch + 0.1 * rng.normal(size=batch.shape), 0, 1).astype("float32")


def build(seed=1, filters=3):
    """Return a model with a kernel for Muon, a drop-out and a code that is drawn."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(filters, 4, strides=4, activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.1),
            layers.Dense(8),
            SampledCode(0.001),
            layers.Dense(784, activation="sigmoid"),
            layers.Reshape((28, 28)),
        ]
    )


def state(model):
    """Return all numbers that a training has changed, in their order."""
    kept = [*model.variables, *model.optimizer.variables]
    return [keras.ops.convert_to_numpy(variable) for variable in kept]
