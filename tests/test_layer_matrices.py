"""Keras's layers and networks against their matrices."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from scipy.sparse import csr_array

from convae_lib import (
    conv_decoder,
    conv_encoder,
    dense_autoencoder,
    jacobian_matrix,
    layer_matrix,
)

LAYERS = [
    (layers.Conv1D(3, 2, strides=2, padding="same"), (7, 2)),
    (layers.Conv1D(3, 2, dilation_rate=2, padding="causal"), (7, 2)),
    (layers.Conv2D(5, (3, 2), padding="same"), (6, 5, 2)),
    (layers.Conv2D(6, 3, groups=2), (6, 5, 4)),
    (layers.Conv2D(3, 2, dilation_rate=(1, 2), use_bias=False), (6, 5, 2)),
    (layers.Conv3D(3, 2, strides=(1, 2, 1)), (4, 5, 3, 2)),
    (layers.Conv1DTranspose(3, 3, strides=2), (4, 2)),
    (layers.Conv2DTranspose(3, 3, strides=2, padding="same"), (3, 4, 2)),
    (layers.Conv2DTranspose(3, 3, strides=2, output_padding=1), (3, 4, 2)),
    (layers.Conv3DTranspose(3, 2, strides=(1, 2, 1)), (2, 3, 2, 4)),
    (layers.DepthwiseConv1D(3, depth_multiplier=2, padding="same"), (6, 3)),
    (layers.DepthwiseConv2D((3, 2), strides=2, depth_multiplier=2), (6, 5, 3)),
    (layers.AveragePooling1D(2), (7, 3)),
    (layers.AveragePooling2D((3, 2), strides=2, padding="same"), (5, 6, 2)),
    (layers.AveragePooling3D(2, padding="same"), (3, 3, 2, 2)),
    (layers.UpSampling1D(3), (4, 2)),
    (layers.UpSampling2D((2, 3)), (3, 4, 2)),
    (layers.UpSampling3D(2), (2, 1, 3, 2)),
    (layers.ZeroPadding1D((1, 2)), (4, 2)),
    (layers.ZeroPadding2D(((1, 0), (2, 3))), (3, 4, 2)),
    (layers.ZeroPadding3D((1, 0, 2)), (2, 2, 2, 2)),
    (layers.Cropping1D((1, 2)), (6, 2)),
    (layers.Cropping2D(((1, 0), (2, 1))), (4, 5, 2)),
    (layers.Cropping3D((1, 0, 1)), (3, 2, 4, 2)),
    (layers.Dense(4), (6,)),
    (layers.Dense(4, use_bias=False), (3, 2, 6)),
    (layers.Reshape((4, 3)), (2, 6)),
    (layers.Flatten(), (2, 3, 2)),
    (layers.Dropout(0.5), (2, 3)),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS)
def test_a_layer_is_its_matrix_and_bias(layer, shape):
    rng = np.random.default_rng(0)
    A = layer_matrix(layer, shape)
    assert isinstance(A, csr_array)
    if getattr(layer, "use_bias", False):
        layer.bias.assign(rng.normal(size=layer.bias.shape))
    x = rng.normal(size=shape).astype("float32")
    y = np.asarray(layer(x[None]))[0]
    ours = A @ x.ravel()
    if getattr(layer, "use_bias", False):
        ours = ours + np.resize(np.asarray(layer.bias), ours.shape)
    assert A.shape == (y.size, x.size)
    assert ours == pytest.approx(y.ravel(), abs=1e-5)


def test_same_average_pooling_divides_by_what_is_in_the_image():
    A = layer_matrix(layers.AveragePooling2D(2, padding="same"), (5, 5, 1))
    assert A.sum(axis=1) == pytest.approx(np.ones(9))
    assert A.toarray()[8].max() == 1  # the last window holds a single pixel


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (layers.MaxPooling2D(2), (4, 4, 1), "MaxPooling2D .* has no matrix of its own"),
        (
            layers.Activation("relu"),
            (4,),
            "known are AveragePooling1D, .*ZeroPadding3D",
        ),
        (
            layers.AveragePooling2D(2, data_format="channels_first"),
            (1, 4, 4),
            "works channels-first",
        ),
        (layers.UpSampling2D(2, interpolation="bilinear"), (4, 4, 1), "'bilinear'"),
        (layers.Reshape((5,)), (4,), "total size"),
    ],
)
def test_what_has_no_matrix_is_named(layer, shape, message):
    with pytest.raises(ValueError, match=message):
        layer_matrix(layer, shape)


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
    with pytest.raises(ValueError, match="activation 'softmax' of .* known are linear"):
        jacobian_matrix(softmax, np.ones(4))
    inputs = keras.Input((4,))
    graph = keras.Model(inputs, layers.Add()([inputs, inputs]))
    with pytest.raises(ValueError, match="is not a chain of layers"):
        jacobian_matrix(graph, np.ones(4))
