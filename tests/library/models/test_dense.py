"""Autoencoders of dense layers: what is refused, and kernels that are tied."""

import keras
import numpy as np
import pytest

from convae_lib import dense_autoencoder, tied_dense_autoencoder


def test_sizes_that_are_none_are_named():
    with pytest.raises(ValueError, match="hidden 0 must"):
        dense_autoencoder(hidden=0)


def test_tied_model_shares_its_kernels():
    model = tied_dense_autoencoder()
    assert model.count_params() == 82_414
    assert len(model.trainable_variables) == 2 + 4
    x = np.random.default_rng(1).random((3, 28, 28)).astype("float32")
    (k1, b1, k2, b2, b3, b4) = model.get_weights()
    if b3.shape != (100,):
        b3, b4 = b4, b3
    selu, sigmoid = keras.activations.selu, keras.activations.sigmoid
    code = selu(selu(x.reshape(3, 784) @ k1 + b1) @ k2 + b2)
    by_hand = sigmoid(selu(code @ k2.T + b3) @ k1.T + b4)
    np.testing.assert_allclose(
        np.asarray(model(x)).reshape(3, 784), np.asarray(by_hand), atol=1e-5
    )
