"""Jacobians of Keras's networks against automatic differentiation."""

import os
import re
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from convae_lib import conv_decoder, conv_encoder, jacobian_matrix
from convae_lib.models import MODELS
from convae_lib.models.jacobians import RULES
from tests.library.models.networks import automatic

KINKS = np.array([-3.0, -1, -0.5, 0, 0.25, 0.5, 1, 3], dtype="float32")

ACTIVATIONS = [
    *"linear relu elu selu sigmoid tanh softplus silu gelu leaky_relu softsign".split(),
    *"relu6 mish celu hard_sigmoid hard_silu log_sigmoid exponential".split(),
    *"softmax log_softmax".split(),
    *(keras.ops.relu, tf.nn.relu, tf.nn.leaky_relu, tf.nn.softmax, tf.math.tanh),
    *(layers.ReLU(max_value=1), layers.LeakyReLU(0.3), layers.Softmax()),
    partial(keras.activations.relu, negative_slope=0.1),
    lambda x: 3 * keras.ops.maximum(x, 0),
]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_slopes_equal_automatic_differentiation(activation):
    assert_exact(keras.Sequential([layers.Activation(activation)]), KINKS[:, None])
    assert_exact(keras.Sequential([layers.Activation(activation)]), KINKS.reshape(2, 4))
    dense = layers.Dense(8, activation=activation, kernel_initializer="identity")
    assert_exact(dense, KINKS)


def assert_exact(model, x):
    J, expected = jacobian_matrix(model, x).toarray(), automatic(model, x)
    scale = np.abs(expected).max(initial=1e-3)
    np.testing.assert_allclose(J, expected, rtol=1e-5, atol=1e-5 * scale)


@pytest.mark.parametrize(
    ("layer", "shape", "entries"),
    [
        (layers.ReLU(negative_slope=0.1, threshold=0.2), (3, 4), 12),
        (layers.LeakyReLU(), (3, 4), 12),
        (layers.ELU(), (3, 4), 12),
        (layers.PReLU(alpha_initializer="ones"), (3, 4), 12),
        (layers.Softmax(), (3, 4), 3 * 4 * 4),
        (layers.Softmax(axis=1), (3, 4), 4 * 3 * 3),
        (layers.LayerNormalization(), (3, 4), 3 * 4 * 4),
        (layers.BatchNormalization(), (3, 4), 12),
        (layers.GroupNormalization(2), (3, 4), 2 * 6 * 6),
        (layers.UnitNormalization(), (3, 4), 3 * 4 * 4),
        (layers.GlobalMaxPooling1D(), (5, 2), 2),
        (layers.TimeDistributed(layers.Dense(2)), (3, 4), 3 * 4 * 2),
        (layers.LSTM(2), (3, 4), 24),
        (layers.Lambda(lambda x: x**2), (3, 4), 12),
        (layers.Dropout(0.5), (3, 4), 12),
        (layers.GaussianNoise(1.0), (3, 4), 12),
    ],
    ids=lambda value: type(value).__name__,
)
def test_layers_equal_automatic_differentiation_and_keep_zeros_out(
    layer, shape, entries
):
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    assert_exact(layer, x)
    assert jacobian_matrix(layer, x).nnz == entries


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_max_pooling_is_a_choice(padding):
    x = np.random.default_rng(1).normal(size=(5, 4, 2)).astype("float32")
    layer = layers.MaxPooling2D(2, padding=padding)
    J = jacobian_matrix(layer, x)
    assert J @ x.ravel() == pytest.approx(np.ravel(layer(x[None])))
    assert (J.data == 1).all() and (np.diff(J.indptr) == 1).all()
    ties = jacobian_matrix(layer, np.zeros((4, 4, 1)))
    assert ties.indices.tolist() == [0, 2, 8, 10]


def test_encoder_and_decoder_are_one_matrix_at_an_input():
    x = np.random.default_rng(2).random((28, 28)).astype("float32")
    encoder, decoder = conv_encoder(), conv_decoder()
    J = jacobian_matrix(encoder, x)
    assert J.shape == (576, 784)
    K = jacobian_matrix(decoder, np.asarray(encoder(x[None]))[0])
    whole = keras.Sequential([encoder, decoder])
    np.testing.assert_allclose(
        jacobian_matrix(whole, x).toarray(), (K @ J).toarray(), rtol=1e-5, atol=1e-9
    )


@pytest.mark.parametrize("name", MODELS)
def test_models_of_the_book_are_one_matrix_at_an_input(name):
    keras.utils.set_random_seed(0)
    model = MODELS[name]()
    x = np.random.default_rng(3).random((28, 28)).astype("float32")
    x[:9] = 0  # black: with biases of 0, at the kink
    J = jacobian_matrix(model, x)
    assert J.shape == (784, 784)
    some = np.random.default_rng(4).normal(size=(1, 784)).astype("float32")
    variable = tf.constant(x[None])
    with tf.GradientTape() as tape:
        tape.watch(variable)
        y = model(variable, training=False)
    expected = tape.gradient(y, variable, tf.reshape(some, y.shape)).numpy().ravel()
    scale = np.abs(expected).max()
    np.testing.assert_allclose(some[0] @ J, expected, rtol=1e-4, atol=1e-5 * scale)


def run_networks(backend, how_many):
    seed = int.from_bytes(os.urandom(4))
    command = [sys.executable, Path(__file__).with_name("networks.py")]
    run = subprocess.run(
        [*map(str, command), str(how_many), str(seed)],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    entries = re.search(rf"{how_many} networks, (\d+) entries equal", run.stdout)
    assert int(entries[1]) > 20 * how_many


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_random_networks_equal_automatic_differentiation(backend):
    run_networks(backend, {"tensorflow": 8, "jax": 2}[backend])


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_many_random_networks_equal_automatic_differentiation(backend):
    if not find_spec(backend):
        pytest.skip(f"{backend} is not installed")
    run_networks(backend, 40)


def test_networks_are_walked_as_they_are_built():
    shared = layers.Dense(3, activation="tanh")
    x = keras.Input((3,))
    inner = keras.Model(x, layers.Add()([shared(shared(x)), x]))
    joined = layers.Concatenate()([inner(x), inner(2.0 * x)])
    network = keras.Sequential([keras.Input((3,)), keras.Model(x, joined)])
    assert_exact(network, np.array([0.3, -0.2, 0.9], dtype="float32"))


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_has_slopes(policy):
    layer = layers.Activation("tanh", dtype=policy)
    J = jacobian_matrix(keras.Sequential([layer]), [0.5, -1.0])
    assert J.toarray() == pytest.approx(np.diag(1 - np.tanh([0.5, 1]) ** 2), abs=0.02)


def test_dropout_is_off_though_the_call_says_training():
    x = keras.Input((50,))
    network = keras.Model(x, layers.Dropout(0.5)(x, training=True))
    J = jacobian_matrix(network, np.ones(50))
    assert (J.toarray() == np.eye(50)).all()


def test_a_layer_or_model_of_your_own_is_asked_of_the_backend(monkeypatch):
    class Skip(keras.Sequential):
        def call(self, x, **options):
            return x + super().call(x, **options)

    assert_exact(
        Skip([keras.Input((2,)), layers.Dense(2, activation="selu")]), [1, 2.0]
    )

    class Square(layers.Layer):
        def call(self, x):
            return x**2

    assert_exact(Square(), [1, 2.0])
    monkeypatch.setitem(RULES, Square, lambda layer, x: np.diag(3 * x))
    J = jacobian_matrix(keras.Sequential([Square(), Square()]), np.array([1, 2.0]))
    assert J.toarray().tolist() == [[9, 0], [0, 72]]


def test_what_has_no_jacobian_is_named():
    pool = layers.MaxPooling1D(2)
    for x in ([[np.nan], [1.0]], 1.0, np.ones((2, 1)) * 1j, None):
        with pytest.raises(ValueError, match="x must be one input of real numbers"):
            jacobian_matrix(pool, x)
    for kind, size in (
        (layers.MaxPooling2D, [2]),
        (layers.Conv2D, [3, 2]),
        (layers.Conv2DTranspose, [3, 2]),
    ):
        first = kind(*size, data_format="channels_first")
        with pytest.raises(ValueError, match="works channels-first"):
            jacobian_matrix(first, np.ones((2, 4, 4)))
    with pytest.raises(TypeError, match="model must be a Keras model or layer"):
        jacobian_matrix("relu", np.ones(4))
    step = layers.Lambda(lambda x: keras.ops.cast(x > 0, "int32"), name="step")
    with pytest.raises(ValueError, match="Lambda 'step' gives int32 numbers"):
        jacobian_matrix(step, np.ones(4))
    x = keras.Input((4,))
    with pytest.raises(ValueError, match=r"has 2 outputs; .* model.outputs\[0\]"):
        jacobian_matrix(keras.Model(x, [x + 1, x * 2]), np.ones(4))
    with pytest.raises(ValueError, match=r"has 2 inputs; .* of one"):
        jacobian_matrix(keras.Model([x, keras.Input((4,))], x), np.ones(4))
    network = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(2, 3)])
    for wrong in (np.ones((28, 28)), np.ones((1, 28, 28, 1)), np.ones((28, 28, 3))):
        with pytest.raises(ValueError, match=r"takes inputs of shape \(28, 28, 1\)"):
            jacobian_matrix(network, wrong)


def test_a_jacobian_that_would_not_fit_is_refused():
    class Mix(layers.Layer):
        def call(self, x):
            return x * keras.ops.mean(x)

    with pytest.raises(
        ValueError, match=r"Mix 'big' takes 9000 numbers to 9000, .*RULES"
    ):
        jacobian_matrix(Mix(name="big"), np.random.default_rng(0).random(9000))
