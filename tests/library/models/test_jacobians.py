"""Jacobians of Keras's networks against automatic differentiation."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from convae_lib import conv_decoder, conv_encoder, dense_autoencoder, jacobian_matrix


def automatic(model, x):
    """Return the Jacobian by automatic differentiation, in float32."""
    x = tf.constant(x[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reshape(model(x, training=False), [-1])
    return np.reshape(tape.jacobian(y, x), (y.shape[0], -1))


@pytest.mark.parametrize(
    "activation",
    "linear relu elu selu sigmoid tanh softplus silu gelu".split(),
)
def test_slopes_equal_automatic_differentiation(activation):
    x = np.array([-3.0, -1, -0.5, 0, 0.25, 0.5, 2], dtype="float32")
    model = keras.Sequential([layers.Activation(activation)])
    assert jacobian_matrix(model, x).toarray() == pytest.approx(
        automatic(model, x), abs=1e-5
    )


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
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(2).random((28, 28)).astype("float32")
    encoder, decoder = conv_encoder(), conv_decoder()
    J = jacobian_matrix(encoder, x)
    assert J.shape == (576, 784)
    assert J.toarray() == pytest.approx(automatic(encoder, x), abs=1e-5)
    code = np.asarray(encoder(x[None]))[0]
    K = jacobian_matrix(decoder, code)
    assert K.toarray() == pytest.approx(automatic(decoder, code), abs=1e-5)
    whole = keras.Sequential([encoder, decoder])
    assert jacobian_matrix(whole, x).toarray() == pytest.approx((K @ J).toarray())


def test_dense_networks_too():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(3).random((28, 28)).astype("float32")
    model = dense_autoencoder()
    J = jacobian_matrix(model, x)
    assert J.toarray() == pytest.approx(automatic(model, x), abs=1e-5)


def test_what_has_no_jacobian_is_named():
    softmax = keras.Sequential([layers.Dense(3, activation="softmax")])
    with pytest.raises(
        ValueError, match="activation 'softmax' of .* known are Keras's linear"
    ):
        jacobian_matrix(softmax, np.ones(4))

    def relu(x):
        return 3 * keras.ops.maximum(x, 0)

    with pytest.raises(ValueError, match="activation 'relu' of .* is not known"):
        jacobian_matrix(layers.Activation(relu), np.ones(4))

    class Skip(keras.Sequential):
        def call(self, x, **options):
            return x + super().call(x, **options)

    with pytest.raises(ValueError, match="Skip .* is not a chain of layers"):
        jacobian_matrix(Skip([keras.Input((2,)), layers.Dense(2)]), np.ones(2))
    pool = layers.MaxPooling1D(2)
    for x in ([[np.nan], [1.0]], 1.0, np.ones((2, 1)) * 1j, None):
        with pytest.raises(ValueError, match="x must be one input of real numbers"):
            jacobian_matrix(pool, x)
    first = layers.MaxPooling2D(2, data_format="channels_first")
    with pytest.raises(ValueError, match="works channels-first"):
        jacobian_matrix(first, np.ones((2, 4, 4)))
    with pytest.raises(TypeError, match="model must be a Keras model or layer"):
        jacobian_matrix("relu", np.ones(4))
    inputs = keras.Input((4,))
    graph = keras.Model(inputs, layers.Add()([inputs, inputs]))
    with pytest.raises(ValueError, match="is not a chain of layers"):
        jacobian_matrix(graph, np.ones(4))
