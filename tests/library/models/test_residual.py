"""Residual blocks by hand, and what is refused."""

import keras
import numpy as np
import pytest

from convae_lib import residual_autoencoder, residual_block


def test_residual_block_by_hand():
    grid = keras.Input((4, 5, 2))
    block = keras.Model(grid, residual_block(grid, 2, kernel_size=3))
    depthwise, pointwise = [layer for layer in block.layers if layer.weights]
    x = np.random.default_rng(0).random((3, 4, 5, 2)).astype("float32")
    mixed = np.asarray(depthwise(x)) @ np.asarray(pointwise.kernel)[0, 0]
    by_hand = x + np.asarray(keras.activations.gelu(mixed))
    np.testing.assert_allclose(np.asarray(block(x)), by_hand, atol=1e-5)


def test_sizes_that_are_none_are_named():
    with pytest.raises(ValueError, match="patch 5 does not divide 28; use 1, 2, 4"):
        residual_autoencoder(patch=5)
    with pytest.raises(ValueError, match="decoder_blocks -1 must .* from 0 up"):
        residual_autoencoder(decoder_blocks=-1)


@pytest.mark.parametrize("shape", [(4, 5, 3), (4, 2), (2,)])
def test_a_grid_that_is_none_is_named(shape):
    with pytest.raises(ValueError, match=r"grid has the shape \(None, .*channels 2"):
        residual_block(keras.Input(shape), 2)
