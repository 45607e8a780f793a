"""Convolutional autoencoders: the published numbers, and what is refused."""

import keras
import numpy as np
import pytest

from convae_lib import (
    Conv2DTiedTranspose,
    conv_autoencoder,
    conv_decoder,
    conv_encoder,
    tied_conv_autoencoder,
)


def rows(model):
    """Return (kind, output shape, parameters) of each layer."""
    return [
        (type(layer).__name__, layer.output.shape[1:], layer.count_params())
        for layer in model.layers
    ]


def test_encoder_is_the_published_summary():
    assert rows(conv_encoder()) == [
        ("Reshape", (28, 28, 1), 0),
        ("Conv2D", (28, 28, 16), 160),
        ("MaxPooling2D", (14, 14, 16), 0),
        ("Conv2D", (14, 14, 32), 4640),
        ("MaxPooling2D", (7, 7, 32), 0),
        ("Conv2D", (7, 7, 64), 18496),
        ("MaxPooling2D", (3, 3, 64), 0),
    ]


def test_decoder_is_the_published_summary():
    assert rows(conv_decoder()) == [
        ("Conv2DTranspose", (7, 7, 32), 18464),
        ("Conv2DTranspose", (14, 14, 16), 4624),
        ("Conv2DTranspose", (28, 28, 1), 145),
        ("Reshape", (28, 28), 0),
    ]


def test_details_of_the_published_layers():
    layers = conv_encoder().layers + conv_decoder().layers
    convolutions = [layer for layer in layers if hasattr(layer, "kernel_size")]
    assert all(layer.kernel_size == (3, 3) for layer in convolutions)
    assert [layer.activation.__name__ for layer in convolutions] == [
        *["selu"] * 5,
        "sigmoid",
    ]
    assert [layer.padding for layer in convolutions] == [
        *["same"] * 3,
        "valid",
        "same",
        "same",
    ]
    assert [layer.strides for layer in convolutions] == [(1, 1)] * 3 + [(2, 2)] * 3
    assert all(
        isinstance(layer.kernel_initializer, keras.initializers.GlorotUniform)
        for layer in convolutions
    )


def test_where_eight_divides_all_transposed_layers_are_same():
    ups = [x for x in conv_decoder(image_shape=(32, 64)).layers if hasattr(x, "kernel")]
    assert [layer.padding for layer in ups] == ["same"] * 3


def test_sizes_that_are_none_are_named():
    with pytest.raises(ValueError, match="filters 0 must be a whole number from 1 up"):
        conv_encoder(filters=(16, 0, 64))
    with pytest.raises(ValueError, match="filters .* must be three whole numbers"):
        conv_decoder(filters=(16, 32))
    with pytest.raises(ValueError, match="filters 3 must be three whole numbers"):
        conv_autoencoder(filters=3)
    with pytest.raises(ValueError, match="upsampling 'bilinear' is not one of"):
        conv_autoencoder(upsampling="bilinear")
    with pytest.raises(ValueError, match="upsampling_kernel_size 0 must"):
        conv_autoencoder(upsampling_kernel_size=0)


def test_tied_convolutions_share_their_kernels(tmp_path):
    model = tied_conv_autoencoder()
    assert model.count_params() == 23_345
    assert len(model.trainable_variables) == 3 + 6
    x = np.random.default_rng(4).random((2, 28, 28)).astype("float32")
    model.save(tmp_path / "tied.keras")
    loaded = keras.saving.load_model(tmp_path / "tied.keras")
    assert loaded.count_params() == 23_345
    np.testing.assert_allclose(np.asarray(loaded(x)), np.asarray(model(x)), atol=1e-6)
    free = conv_autoencoder()
    encoder, decoder = free.layers
    ups = [x for x in model.layers if isinstance(x, Conv2DTiedTranspose)]
    downs = [x for x in encoder.layers if isinstance(x, keras.layers.Conv2D)]
    grows = [x for x in decoder.layers if hasattr(x, "kernel")]
    for up, down, grow in zip(ups, reversed(downs), grows):
        down.set_weights([np.asarray(up.conv.kernel), np.asarray(up.conv.bias)])
        grow.set_weights([np.asarray(up.conv.kernel), np.asarray(up.bias)])
    np.testing.assert_allclose(np.asarray(model(x)), np.asarray(free(x)), atol=1e-5)
