"""The rounded accuracy: a metric of Keras, and what it forgives."""

import keras
import numpy as np
import pytest

from convae_lib import binary_crossentropy, rounded_accuracy


def test_rounded_accuracy_is_a_keras_metric():
    x, y = np.array([[[0.4, 0.6]]]), np.array([[[0.1, 0.2]]])
    assert np.mean(rounded_accuracy(x, y)) == 0.5
    model = keras.Sequential([keras.Input((1, 2)), keras.layers.ReLU()])
    model.compile(loss="mse", metrics=[rounded_accuracy])
    scores = model.evaluate(x, y, verbose=0, return_dict=True)
    assert scores["rounded_accuracy"] == pytest.approx(0.5)


def test_rounded_accuracy_forgives_grey():
    x = np.random.default_rng(3).random((2, 6, 6))
    assert np.mean(rounded_accuracy(x, np.round(x))) == 1
    assert binary_crossentropy(x, np.round(x)) > 1
