"""Architectures against the published numbers, and the tied layer's promises."""

import keras
import numpy as np
import pytest

from convae_lib import (
    DenseTranspose,
    conv_autoencoder,
    conv_decoder,
    conv_encoder,
    dense_autoencoder,
    small_conv_autoencoder,
    tied_dense_autoencoder,
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


@pytest.mark.parametrize(
    ("build", "parameters", "code"),
    [
        (conv_autoencoder, 46_529, (3, 3, 64)),
        (dense_autoencoder, 163_814, (30,)),
        (small_conv_autoencoder, 45_911, (30,)),
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


def test_code_size_of_the_small_model():
    encoder, _ = small_conv_autoencoder(code_size=7).layers
    assert encoder.output_shape == (None, 7)
    for bad in (0, 2.5, "30"):
        with pytest.raises(ValueError, match=f"code_size {bad!r} must"):
            small_conv_autoencoder(bad)


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
