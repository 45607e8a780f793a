"""Architectures against the published numbers, and the tied layer's promises."""

import keras
import numpy as np
import pytest

from convae_lib import (
    Conv2DTiedTranspose,
    DenseTranspose,
    code_size,
    conv_autoencoder,
    conv_decoder,
    conv_encoder,
    conv_transpose_matrix,
    dense_autoencoder,
    multiply_adds,
    residual_autoencoder,
    residual_block,
    small_conv_autoencoder,
    tied_conv_autoencoder,
    tied_dense_autoencoder,
)
from convae_lib.models import MODELS


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


@pytest.mark.parametrize(
    ("build", "parameters", "code"),
    [
        (conv_autoencoder, 46_529, (3, 3, 64)),
        (dense_autoencoder, 163_814, (30,)),
        (small_conv_autoencoder, 45_911, (30,)),
        (residual_autoencoder, 32_716, (7, 7, 11)),
        (lambda: residual_autoencoder(40, 7, code_size=30), 36_281, (30,)),
        (lambda: residual_autoencoder(8, 3, patch=7), 2_252, (4, 4, 3)),
        (lambda: conv_autoencoder(filters=(16, 32, 32), code_size=30), 45_663, (30,)),
        (lambda: conv_autoencoder(upsampling_kernel_size=4), 50_225, (3, 3, 64)),
        (lambda: conv_autoencoder(upsampling="resize"), 46_529, (3, 3, 64)),
        (lambda: dense_autoencoder(29, hidden=None), 46_285, (29,)),
    ],
)
def test_parameters_and_code(build, parameters, code):
    model = build()
    encoder, decoder = model.layers
    assert model.count_params() == parameters
    assert encoder.output_shape[1:] == code
    assert encoder.count_params() + decoder.count_params() == parameters
    x = np.random.default_rng(0).random((2, 28, 28)).astype("float32")
    y = np.asarray(model(x))
    assert y.shape == x.shape
    assert 0 < y.min() and y.max() < 1
    np.testing.assert_allclose(np.asarray(decoder(encoder(x))), y)


@pytest.mark.parametrize("bad", [0, 2.5, "30", True])
@pytest.mark.parametrize(
    "build",
    [
        small_conv_autoencoder,
        dense_autoencoder,
        tied_dense_autoencoder,
        conv_autoencoder,
        residual_autoencoder,
    ],
)
def test_a_code_size_that_is_none_is_named(build, bad):
    with pytest.raises(ValueError, match=f"code_size {bad!r} must be a whole number"):
        build(code_size=bad)


def test_other_sizes_that_are_none_are_named():
    with pytest.raises(ValueError, match="filters 0 must be a whole number from 1 up"):
        conv_encoder(filters=(16, 0, 64))
    with pytest.raises(ValueError, match="filters .* must be three whole numbers"):
        conv_decoder(filters=(16, 32))
    with pytest.raises(ValueError, match="upsampling 'bilinear' is not one of"):
        conv_autoencoder(upsampling="bilinear")
    with pytest.raises(ValueError, match="upsampling_kernel_size 0 must"):
        conv_autoencoder(upsampling_kernel_size=0)
    with pytest.raises(ValueError, match="hidden 0 must"):
        dense_autoencoder(hidden=0)
    with pytest.raises(ValueError, match="patch 5 does not divide 28; use 1, 2, 4"):
        residual_autoencoder(patch=5)
    with pytest.raises(ValueError, match="decoder_blocks -1 must .* from 0 up"):
        residual_autoencoder(decoder_blocks=-1)


SHAPES = [(32, 32), (16, 24), (64, 32, 3), (28, 28, 1)]


@pytest.mark.parametrize("image_shape", SHAPES)
@pytest.mark.parametrize("name", MODELS)
def test_models_take_images_of_any_shape(name, image_shape):
    model = MODELS[name](image_shape=image_shape)
    x = np.random.default_rng(0).random((2, *image_shape)).astype("float32")
    assert np.asarray(model(x)).shape == x.shape
    assert model.input_shape == model.output_shape == (None, *image_shape)


def test_where_eight_divides_all_transposed_layers_are_same():
    ups = [x for x in conv_decoder(image_shape=(32, 64)).layers if hasattr(x, "kernel")]
    assert [layer.padding for layer in ups] == ["same"] * 3


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


def test_residual_block_by_hand():
    grid = keras.Input((4, 5, 2))
    block = keras.Model(grid, residual_block(grid, 2, kernel_size=3))
    depthwise, pointwise = [layer for layer in block.layers if layer.weights]
    x = np.random.default_rng(0).random((3, 4, 5, 2)).astype("float32")
    mixed = np.asarray(depthwise(x)) @ np.asarray(pointwise.kernel)[0, 0]
    by_hand = x + np.asarray(keras.activations.gelu(mixed))
    np.testing.assert_allclose(np.asarray(block(x)), by_hand, atol=1e-5)


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


def test_tied_model_survives_saving_and_stays_tied(tmp_path):
    model = tied_dense_autoencoder()
    model.compile("sgd", "binary_crossentropy")
    x = np.random.default_rng(2).random((8, 28, 28)).astype("float32")
    model.fit(x, x, epochs=2, verbose=0)
    model.save(tmp_path / "tied.keras")
    loaded = keras.saving.load_model(tmp_path / "tied.keras")
    before = np.asarray(model(x))
    np.testing.assert_allclose(np.asarray(loaded(x)), before, atol=1e-6)
    assert loaded.count_params() == 82_414
    loaded.fit(x, x, epochs=1, verbose=0)
    assert np.abs(np.asarray(loaded(x)) - before).max() > 1e-4
    ups = [layer for layer in loaded.layers if isinstance(layer, DenseTranspose)]
    downs = [layer for layer in loaded.layers if type(layer) is keras.layers.Dense]
    assert [up.dense for up in ups] == downs[::-1]


def test_dense_transpose_names_what_is_wrong():
    with pytest.raises(TypeError, match="must be a keras.layers.Dense, not 3"):
        DenseTranspose(3)
    dense = keras.layers.Dense(4, name="down")
    with pytest.raises(ValueError, match="'down' has no kernel to share yet"):
        DenseTranspose(dense)(np.ones((2, 4)))
    dense.build((None, 6))
    with pytest.raises(ValueError, match="ends in 5 numbers, but 'down' has 4"):
        DenseTranspose(dense)(np.ones((2, 5)))


def test_tied_convolution_is_the_transpose_of_its_layer():
    conv = keras.layers.Conv2D(3, kernel_size=3)
    conv.build((None, 7, 7, 2))
    up = Conv2DTiedTranspose(conv, strides=2, padding="same")
    x = np.random.default_rng(3).random((1, 4, 5, 3)).astype("float32")
    y = np.asarray(up(x))
    kernel = np.asarray(conv.kernel, dtype=np.float64)
    matrix = conv_transpose_matrix(kernel, (4, 5, 3), strides=2, padding="same")
    np.testing.assert_allclose(y.ravel(), matrix @ x.ravel(), atol=1e-5)


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


def test_tied_convolution_names_what_is_wrong():
    with pytest.raises(TypeError, match="must be a keras.layers.Conv2D, not 3"):
        Conv2DTiedTranspose(3)
    conv = keras.layers.Conv2D(4, 3, name="down")
    with pytest.raises(ValueError, match="'down' has no kernel to share yet"):
        Conv2DTiedTranspose(conv)(np.ones((1, 5, 5, 4)))
    conv.build((None, 6, 6, 2))
    with pytest.raises(ValueError, match="has 5 channels, but 'down' has 4 filters"):
        Conv2DTiedTranspose(conv)(np.ones((1, 5, 5, 5)))
