"""Sizes from the image to the code and back: the shapes that cannot be drawn."""

import numpy as np
import pytest

from convae_lib import (
    conv_autoencoder,
    conv_decoder,
    conv_encoder,
    dense_autoencoder,
    residual_autoencoder,
    small_conv_autoencoder,
    tied_conv_autoencoder,
)


def test_shapes_that_a_model_cannot_draw_are_named():
    with pytest.raises(ValueError, match="images of 7 by 30 are too small"):
        conv_encoder(image_shape=(7, 30))
    with pytest.raises(
        ValueError, match=r"no layer .* takes \(3, 4\) back to \(7, 8\)"
    ):
        conv_decoder(image_shape=(28, 32))
    with pytest.raises(ValueError, match="8 divides, such as 24×32 or 32×32"):
        conv_autoencoder(image_shape=(28, 32, 3))
    with pytest.raises(ValueError, match="8 divides, such as 24×32 or 32×32"):
        tied_conv_autoencoder(image_shape=(28, 32, 3))
    with pytest.raises(
        ValueError, match="divide 30; use .* or images of 28×28 or 32×32"
    ):
        residual_autoencoder(image_shape=(30, 30, 3))
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


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("side", "paddings"),
    [
        (28, ["valid", "same", "same"]),
        (30, ["valid", "valid", "same"]),
        (32, ["same"] * 3),
        (64, ["same"] * 3),
        (96, ["same"] * 3),
        (100, ["valid", "same", "same"]),
    ],
)
def test_the_published_architecture_at_other_sizes_and_in_colour(
    side, paddings, channels
):
    shape = (side, side) if channels == 1 else (side, side, channels)
    model = conv_autoencoder(image_shape=shape)
    encoder, decoder = model.layers
    ups = [layer for layer in decoder.layers if hasattr(layer, "kernel")]
    assert [layer.padding for layer in ups] == paddings
    assert encoder.output_shape == (None, side // 8, side // 8, 64)
    assert model.input_shape == model.output_shape == (None, *shape)
    # A channel more is 9 weights for each of 16 filters, in and out, and a bias.
    assert model.count_params() == 46_529 + (channels - 1) * (2 * 9 * 16 + 1)
    x = np.random.default_rng(0).random((2, *shape), np.float32)
    y = np.asarray(model(x))
    assert y.shape == x.shape and 0 < y.min() and y.max() < 1


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", [28, 32, 64, 96, 100])
def test_the_residual_one_at_other_sizes_and_in_colour(side, channels):
    shape = (side, side) if channels == 1 else (side, side, channels)
    model = residual_autoencoder(image_shape=shape)
    assert model.layers[0].output_shape == (None, side // 4, side // 4, 11)
    assert model.input_shape == model.output_shape == (None, *shape)
    # A channel more is 16 weights for each of 64 channels, in and out, and a bias.
    assert model.count_params() == 32_716 + (channels - 1) * (2 * 16 * 64 + 1)
