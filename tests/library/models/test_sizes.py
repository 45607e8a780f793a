"""Sizes from the image to the code and back: the shapes that cannot be drawn."""

import pytest

from convae_lib import (
    conv_autoencoder,
    conv_decoder,
    conv_encoder,
    dense_autoencoder,
    residual_autoencoder,
    small_conv_autoencoder,
)


def test_shapes_that_a_model_cannot_draw_are_named():
    with pytest.raises(ValueError, match="images of 7 by 30 are too small"):
        conv_encoder(image_shape=(7, 30))
    with pytest.raises(
        ValueError, match=r"no layer .* takes \(3, 4\) back to \(7, 8\)"
    ):
        conv_decoder(image_shape=(28, 32))
    with pytest.raises(ValueError, match=r"resizing takes \(4, 4\) to its double, not"):
        conv_autoencoder(upsampling="resize", image_shape=(18, 18))
    with pytest.raises(
        ValueError, match="patch 4 does not divide 30 and 28; use 1 or 2"
    ):
        small_conv_autoencoder(image_shape=(30, 28))
    with pytest.raises(
        ValueError, match=r"image_shape \(28,\) must be \(height, width"
    ):
        dense_autoencoder(image_shape=(28,))
    with pytest.raises(ValueError, match="image_shape 28 must be"):
        residual_autoencoder(image_shape=28)
