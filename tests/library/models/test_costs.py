"""Code sizes and multiply-adds by hand."""

import keras
import pytest

from convae_lib import (
    code_size,
    conv_autoencoder,
    multiply_adds,
    residual_autoencoder,
    residual_block,
    tied_conv_autoencoder,
    tied_dense_autoencoder,
)


def test_code_size_and_multiply_adds_by_hand():
    assert code_size(tied_conv_autoencoder()) == 576
    assert code_size(tied_dense_autoencoder(7)) == 7
    assert code_size(residual_autoencoder()) == 7 * 7 * 11
    grid = keras.Input((5, 6, 3))
    block = keras.Model(grid, residual_block(grid, 3, kernel_size=5))
    assert multiply_adds(block) == 5 * 6 * (25 * 3 + 3 * 3)
    assert multiply_adds(tied_dense_autoencoder()) == 2 * (784 * 100 + 100 * 30)
    tied, free = tied_conv_autoencoder(), conv_autoencoder()
    assert multiply_adds(tied) == multiply_adds(free)
    norm = keras.Sequential([keras.Input((4,)), keras.layers.BatchNormalization()])
    with pytest.raises(TypeError, match="BatchNormalization is no layer"):
        multiply_adds(norm)
