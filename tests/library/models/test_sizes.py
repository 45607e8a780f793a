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
        ValueError, match="images of 30 by 28 do not fall into .* sides that 4 divides"
    ):
        small_conv_autoencoder(image_shape=(30, 28))
    with pytest.raises(
        ValueError, match=r"image_shape \(28,\) must be \(height, width"
    ):
        dense_autoencoder(image_shape=(28,))
    for build in (residual_autoencoder, conv_autoencoder, conv_encoder):
        with pytest.raises(ValueError, match="image_shape 28 must be"):
            build(image_shape=28)
