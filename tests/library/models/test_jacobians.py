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
    for x in (1.0, np.ones((2, 1)) * 1j, None):
        with pytest.raises(ValueError, match="x must be one input of real numbers"):
            jacobian_matrix(pool, x)
    with pytest.raises(ValueError, match="x has 1 of 784 values that are NaN$"):
        jacobian_matrix(pool, np.where(np.arange(784) == 3, np.nan, 1)[:, None])
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
    with pytest.raises(ValueError, match="Sum .* keep the first axis"):
        jacobian_matrix(keras.Model(x, keras.ops.sum(x)), np.ones(4))
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


@pytest.mark.parametrize(
    "behind",
    [
        [layers.GlobalAveragePooling1D()],
        [layers.LSTM(2, return_sequences=True), layers.LSTM(3)],
        [keras.Sequential([layers.LSTM(2), layers.Dense(2)])],
    ],
)
def test_masks_go_along(behind):
    x = np.array([[1.0], [0.0], [3.0]], dtype="float32")
    chain = keras.Sequential([layers.Masking(), *behind])
    assert_exact(chain, x)
    assert_exact(keras.Sequential([keras.Sequential([chain])]), x)
    start = keras.Input((3, 1))
    assert_exact(keras.Model(start, chain(start)), x)
    if len(behind[0].weights) == 0:
        assert jacobian_matrix(chain, x).toarray().tolist() == [[0.5, 0, 0.5]]


class Noise(layers.Layer):
    def __init__(self, draw, seed):
        super().__init__(name="noise")
        self.draw, self.seed = draw, seed

    def call(self, x):
        return self.draw(x, keras.random.normal(keras.ops.shape(x), seed=self.seed))


@pytest.mark.parametrize("draw", [keras.ops.multiply, keras.ops.add])
def test_what_draws_at_inference_is_named(draw):
    noise = Noise(draw, keras.random.SeedGenerator(1))
    network = keras.Sequential([layers.Dense(4), noise, layers.Activation("tanh")])
    with pytest.raises(
        ValueError, match="Noise 'noise' gives something else each time"
    ):
        jacobian_matrix(network, np.ones(4))
    mixes = Noise(lambda x, drawn: keras.ops.cumsum(x * drawn, axis=-1), seed=1)
    with pytest.raises(
        ValueError, match="Noise 'noise' gives something else each time"
    ):
        jacobian_matrix(mixes, np.ones(4))


def test_what_the_backend_does_not_see_is_told_from_steps():
    def hidden(x):
        return tf.ensure_shape(tf.numpy_function(np.tanh, [x], "float32"), x.shape)

    for x in (np.zeros(4), np.linspace(-1, 1, 4)):
        for layer in (
            layers.Activation(hidden),
            layers.Lambda(lambda x: tf.constant(np.tanh(x))),
            layers.Dense(4, activation=hidden, kernel_initializer="identity"),
        ):
            with pytest.raises(
                ValueError, match="changes with its input, but tensorflow"
            ):
                jacobian_matrix(layer, x)
    ops = keras.ops
    grey = np.random.default_rng(0).random(784)
    for step in (ops.round, ops.sign, lambda x: ops.round(255 * x) / 255):
        for x in (np.zeros(4), np.ones(4) / 2, grey):
            assert jacobian_matrix(layers.Lambda(step), x).nnz == 0
    for flat in (ops.relu, ops.square, lambda x: ops.relu(x) ** 2):
        assert jacobian_matrix(layers.Lambda(flat), np.zeros(4)).nnz == 0


def test_comparisons_and_places_are_constants():
    ops, x = keras.ops, keras.Input((4,))
    at = np.array([-1.0, 2.0, -3.0, 0.5], dtype="float32")
    for y in (
        ops.where(x > 0, x, 0.1 * x),
        ops.cast(x > 0, "float32") * x,
        ops.one_hot(ops.argmax(x, axis=-1), 4) * x,
        ops.top_k(x, 2)[0],
        ops.take_along_axis(x, ops.argsort(x, axis=-1)[:, :2], axis=-1),
        x + ops.stop_gradient(ops.round(x) - x),
        layers.LayerNormalization()(ops.where(ops.logical_not(x > 0), x, x * x)),
    ):
        assert_exact(keras.Model(x, y), at)
    none = keras.Model(x, ops.cast(x > 0, "float32"))
    assert (
        jacobian_matrix(none, at).shape == (4, 4) and not jacobian_matrix(none, at).nnz
    )


def test_an_activation_may_change_the_shape():
    x = np.random.default_rng(0).random((5, 2)).astype("float32")
    assert_exact(layers.Dense(4, activation="glu"), x)
    assert_exact(layers.Conv1D(4, 2, activation="glu"), x)


def test_one_output_in_a_list_is_one_and_several_are_told_how_to_choose():
    x = keras.Input((4,))
    for outputs in ([2 * x], {"twice": 2 * x}):
        J = jacobian_matrix(keras.Model(x, outputs), np.ones(4))
        assert J.toarray().tolist() == (2 * np.eye(4)).tolist()

    class Two(layers.Layer):
        def call(self, x):
            return x, 3 * x

    model = Two()
    with pytest.raises(
        ValueError, match=r"keras.layers.Lambda\(lambda x: model\(x\)\[0"
    ):
        jacobian_matrix(model, np.ones(4))
    one = keras.layers.Lambda(lambda x: model(x)[1])
    assert (
        jacobian_matrix(one, np.ones(4)).toarray().tolist() == (3 * np.eye(4)).tolist()
    )


@pytest.mark.parametrize(
    ("layer", "shape", "told"),
    [
        (layers.Conv2D(2, 3), (8, 8), r"takes inputs of 3 axes .*\(8, 8\) has 2"),
        (layers.Conv2D(2, 3), (1, 8, 8, 1), r"3 axes .* without the batch; .* has 4"),
        (
            layers.Conv2D(2, 3),
            (2, 2, 1),
            r"does not take \(2, 2, 1\), without the batch",
        ),
        (layers.LSTM(2), (4,), r"(LSTM|lstm).* \(4,\)"),
        (layers.Add(), (4,), r"Add .* does not take \(4,\), without the batch"),
    ],
)
def test_an_input_that_a_layer_does_not_take_is_named(layer, shape, told):
    for model in (layer, keras.Sequential([layer])):
        with pytest.raises(ValueError, match=told):
            jacobian_matrix(model, np.ones(shape))
