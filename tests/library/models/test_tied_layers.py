"""The tied layers' promises: transposed, with shared kernels, saved with the tie."""

import pickle

import keras
import numpy as np
import pytest

from convae_lib import (
    Conv2DTiedTranspose,
    DenseTranspose,
    conv_transpose_matrix,
    jacobian_matrix,
    layer_matrix,
    tied_conv_autoencoder,
    tied_dense_autoencoder,
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


@pytest.mark.parametrize("build", [tied_dense_autoencoder, tied_conv_autoencoder])
def test_a_tie_is_kept_or_refused(build, tmp_path):
    model = build()
    model.save(tmp_path / "tied.h5")
    copies = [
        lambda: keras.models.clone_model(model),
        lambda: keras.models.model_from_json(model.to_json()),
        lambda: keras.saving.load_model(tmp_path / "tied.h5"),
        lambda: type(model).from_config(model.get_config()),
    ]
    for copy in copies:
        with pytest.raises(ValueError, match=r"would lose its tie to .*set_weights"):
            copy()
    images = np.random.default_rng(4).random((2, 28, 28)).astype("float32")
    remedy = build()
    remedy.set_weights(model.get_weights())
    for kept in (remedy, pickle.loads(pickle.dumps(model))):
        assert kept.count_params() == model.count_params()
        assert np.asarray(kept(images)) == pytest.approx(np.asarray(model(images)))


def test_a_decoder_alone_may_be_saved_without_its_encoder(tmp_path):
    dense = keras.layers.Dense(3)
    dense.build((None, 5))
    decoder = keras.Sequential([keras.Input((3,)), DenseTranspose(dense)])
    decoder.save(tmp_path / "decoder.keras")
    loaded = keras.saving.load_model(tmp_path / "decoder.keras")
    code = np.ones((1, 3), dtype="float32")
    assert np.asarray(loaded(code)) == pytest.approx(np.asarray(decoder(code)))


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


def test_tied_convolution_names_what_is_wrong():
    with pytest.raises(TypeError, match="must be a keras.layers.Conv2D, not 3"):
        Conv2DTiedTranspose(3)
    conv = keras.layers.Conv2D(4, 3, name="down")
    with pytest.raises(ValueError, match="'down' has no kernel to share yet"):
        Conv2DTiedTranspose(conv)(np.ones((1, 5, 5, 4)))
    conv.build((None, 6, 6, 2))
    with pytest.raises(ValueError, match="has 5 channels, but 'down' has 4 filters"):
        Conv2DTiedTranspose(conv)(np.ones((1, 5, 5, 5)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("dilation_rate", (2, 2)), ("groups", 2), ("data_format", "channels_first")],
)
def test_a_convolution_without_a_tied_transpose_is_named(name, value):
    conv = keras.layers.Conv2D(4, 3, **{name: value})
    with pytest.raises(
        ValueError, match=f"has {name} .* is that of a convolution with"
    ):
        Conv2DTiedTranspose(conv)


def test_the_kernel_of_a_quantized_layer_is_not_applied():
    dense = keras.layers.Dense(3, name="down")
    model = keras.Sequential([keras.Input((5,)), dense, DenseTranspose(dense)])
    up = model.layers[-1]
    model.quantize("int8")
    calls = [
        lambda: model(np.ones((1, 5))),
        lambda: layer_matrix(up, (3,)),
        lambda: jacobian_matrix(model, np.ones(5)),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"down'? is quantized \(int8\)"):
            call()


def test_a_tie_across_two_nested_models_goes_by_weights(tmp_path):
    def build():
        dense = keras.layers.Dense(5)
        down = keras.Sequential([keras.Input((6,)), dense])
        return keras.Sequential(
            [down, keras.Sequential([keras.Input((5,)), DenseTranspose(dense)])]
        )

    model, new, x = build(), build(), np.ones((1, 6))
    model.save_weights(tmp_path / "tied.weights.h5")
    new.load_weights(tmp_path / "tied.weights.h5")
    assert np.asarray(new(x)) == pytest.approx(np.asarray(model(x)))
