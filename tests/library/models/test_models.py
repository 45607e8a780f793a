"""What is true of all models: parameters, codes and shapes."""

import inspect

import numpy as np
import pytest

from convae_lib import (
    conv_autoencoder,
    dense_autoencoder,
    residual_autoencoder,
    small_conv_autoencoder,
    strided_conv_autoencoder,
    tied_dense_autoencoder,
)
from convae_lib.models import MODELS


@pytest.mark.parametrize(
    ("build", "parameters", "code"),
    [
        (conv_autoencoder, 46_529, (3, 3, 64)),
        (dense_autoencoder, 163_814, (30,)),
        (small_conv_autoencoder, 45_911, (30,)),
        (residual_autoencoder, 32_716, (7, 7, 11)),
        (strided_conv_autoencoder, 3_217, (7, 7, 8)),
        (
            lambda: strided_conv_autoencoder((8, 4, 2), (2, 1, 2)),
            929,
            (7, 7, 2),
        ),
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


SHAPES = [(32, 32), (16, 24), (64, 32, 3), (28, 28, 1)]


@pytest.mark.parametrize("image_shape", SHAPES)
@pytest.mark.parametrize("name", MODELS)
def test_models_take_images_of_any_shape(name, image_shape):
    model = MODELS[name](image_shape=image_shape)
    x = np.random.default_rng(0).random((2, *image_shape)).astype("float32")
    assert np.asarray(model(x)).shape == x.shape
    assert model.input_shape == model.output_shape == (None, *image_shape)


@pytest.mark.parametrize("name", MODELS)
def test_whole_numbers_of_numpy_are_sizes(name):
    defaults = {
        argument.name: argument.default
        for argument in inspect.signature(MODELS[name]).parameters.values()
        if argument.kind is not argument.VAR_KEYWORD
    }
    if "code_size" in defaults:
        defaults["code_size"] = 5
    if "keep" in defaults:
        defaults["keep"] = 2
    numpys = {
        key: np.array(value)[()] if type(value) is int else value
        for key, value in defaults.items()
    }
    numpys["image_shape"] = tuple(np.array(defaults["image_shape"]))
    if "filters" in defaults:
        numpys["filters"] = tuple(np.array(defaults["filters"]))
    expected = MODELS[name](**defaults).count_params()
    assert MODELS[name](**numpys).count_params() == expected
