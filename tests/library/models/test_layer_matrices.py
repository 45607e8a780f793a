"""Keras's layers against their matrices."""

import keras
import numpy as np
import pytest
from keras import layers
from scipy.sparse import csr_array

from convae_lib import layer_matrix

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
        (layers.Conv2D(3, 3), 5, "Kernel shape must have the same length"),
        (layers.Conv2D(3, 3), (None, 5, 1), r"input_shape \(None, 5, 1\) must"),
        (layers.Dense(2), (4.7, 3), r"input_shape \(4.7, 3\) must"),
        (layers.Conv2D(3, 3), (5, 5, 0), r"input_shape \(5, 5, 0\) must"),
    ],
)
def test_what_has_no_matrix_is_named(layer, shape, message):
    with pytest.raises(ValueError, match=message):
        layer_matrix(layer, shape)


def test_what_only_looks_like_a_known_layer_is_refused():
    class Standardised(layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            return super().convolution_op(inputs, kernel - keras.ops.mean(kernel))

    with pytest.raises(ValueError, match="Standardised .* has no matrix of its own"):
        layer_matrix(Standardised(3, 3), (5, 5, 1))
    quantized = layers.Dense(8, use_bias=False)
    quantized.build((None, 8))
    quantized.quantize("int8")
    with pytest.raises(ValueError, match="is quantized"):
        layer_matrix(quantized, (8,))
    with pytest.raises(TypeError, match="layer must be a Keras layer, not None"):
        layer_matrix(None, (5,))


def test_half_precision_kernels_become_float32():
    layer = layers.Conv2D(3, 3, dtype="bfloat16")
    assert layer_matrix(layer, (5, 5, 1)).dtype == np.float32


def test_a_refused_shape_leaves_the_layer_alone():
    layer = layers.Conv2D(3, 3, padding="same")
    with pytest.raises(ValueError):
        layer_matrix(layer, (5, 5, 0))
    assert not layer.built and layer_matrix(layer, (5, 5, 1)).shape == (75, 25)
