"""Keras's layers against their matrices."""

import keras
import numpy as np
import pytest
from keras import layers
from scipy.sparse import csr_array

from convae_lib import Conv2DTiedTranspose, DenseTranspose, layer_matrix
from convae_lib.models.linear_layers import LAYERS as TABLE


def tied(kind, of, shape, **options):
    of.build((None, *shape))
    return kind(of, **options)


LAYERS = [
    (layers.Conv1D(3, 2, strides=2, padding="same"), (7, 2)),
    (layers.Conv1D(3, 2, dilation_rate=2, padding="causal"), (7, 2)),
    (layers.Conv2D(5, (3, 2), padding="same"), (6, 5, 2)),
    (layers.Conv2D(6, 3, groups=2), (6, 5, 4)),
    (layers.Conv2D(3, 2, dilation_rate=(1, 2), use_bias=False), (6, 5, 2)),
    (layers.Conv3D(3, 2, strides=(1, 2, 1)), (4, 5, 3, 2)),
    (layers.SeparableConv1D(3, 2, strides=2, padding="same"), (7, 2)),
    (layers.SeparableConv2D(4, (3, 2), depth_multiplier=2), (5, 6, 2)),
    (layers.SeparableConv2D(4, 2, padding="same", dilation_rate=2), (5, 6, 2)),
    (layers.DepthwiseConv2D(2, dilation_rate=(2, 2), padding="same"), (5, 6, 2)),
    (layers.DepthwiseConv1D(2, dilation_rate=3), (8, 3)),
    (layers.Conv1DTranspose(3, 3, strides=2), (4, 2)),
    (layers.Conv2DTranspose(3, 3, strides=2, padding="same"), (3, 4, 2)),
    (layers.Conv2DTranspose(3, 3, strides=2, output_padding=1), (3, 4, 2)),
    (layers.Conv3DTranspose(3, 2, strides=(1, 2, 1)), (2, 3, 2, 4)),
    (layers.DepthwiseConv1D(3, depth_multiplier=2, padding="same"), (6, 3)),
    (layers.DepthwiseConv2D((3, 2), strides=2, depth_multiplier=2), (6, 5, 3)),
    (layers.AveragePooling1D(2), (7, 3)),
    (layers.AveragePooling2D((3, 2), strides=2, padding="same"), (5, 6, 2)),
    (layers.AveragePooling3D(2, padding="same"), (3, 3, 2, 2)),
    (layers.GlobalAveragePooling1D(), (5, 3)),
    (layers.GlobalAveragePooling2D(keepdims=True), (4, 5, 3)),
    (layers.GlobalAveragePooling3D(), (2, 3, 4, 2)),
    (layers.UpSampling1D(3), (4, 2)),
    (layers.UpSampling2D(2, interpolation="bilinear"), (3, 4, 2)),
    (layers.UpSampling2D((3, 2), interpolation="bicubic"), (5, 4, 1)),
    (layers.UpSampling2D((1, 2), interpolation="lanczos3"), (5, 8, 2)),
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
    (layers.EinsumDense("abc,cd->abd", (None, 4)), (3, 5)),
    (layers.EinsumDense("abc,bd->adc", (4, 5)), (3, 5)),
    (tied(DenseTranspose, layers.Dense(3), (6,)), (2, 3)),
    (
        tied(Conv2DTiedTranspose, layers.Conv2D(4, 3), (6, 6, 2), strides=2),
        (3, 4, 4),
    ),
    (layers.BatchNormalization(), (4, 5, 3)),
    (layers.BatchNormalization(axis=1, scale=False), (3, 4)),
    (layers.Normalization(mean=[1.0, 2.0], variance=[4.0, 9.0]), (3, 2)),
    (layers.Normalization(mean=1.0, variance=4.0, invert=True), (3, 2)),
    (layers.Rescaling(1 / 127.5, offset=-1), (3, 2)),
    (layers.Permute((3, 1, 2)), (2, 3, 4)),
    (layers.RepeatVector(3), (4,)),
    (layers.Reshape((4, 3)), (2, 6)),
    (layers.Flatten(), (2, 3, 2)),
    *[
        (kind(0.5), (2, 3))
        for kind in (
            layers.Dropout,
            layers.GaussianDropout,
            layers.GaussianNoise,
            layers.SpatialDropout1D,
        )
    ],
    (layers.SpatialDropout2D(0.5), (2, 3, 2)),
    (layers.ActivityRegularization(l1=0.1), (2, 3)),
    (layers.Identity(), (2, 3)),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS)
def test_a_layer_is_its_matrix_and_what_it_gives_for_zeros(layer, shape):
    rng = np.random.default_rng(0)
    A = layer_matrix(layer, shape)
    assert isinstance(A, csr_array)
    for weight in layer.weights:
        if "seed" not in weight.path:
            weight.assign(rng.uniform(0.2, 1, size=weight.shape))
    A = layer_matrix(layer, shape)
    x, zeros = rng.normal(size=(1, *shape)).astype("float32"), np.zeros((1, *shape))
    y, offset = (np.asarray(layer(x, training=False))[0] for x in (x, zeros))
    ours = A @ x.ravel()
    assert A.shape == (y.size, x.size)
    assert ours + offset.ravel() == pytest.approx(y.ravel(), abs=1e-5)
    if getattr(layer, "bias", None) is not None and y.shape[-1:] == layer.bias.shape:
        assert np.resize(np.asarray(layer.bias), y.size) == pytest.approx(
            offset.ravel()
        )


def test_a_dilated_transposed_layer_is_its_matrix():
    # TensorFlow has none on the CPU: the layer's own matrix is that of its arguments.
    layer = layers.Conv2DTranspose(2, 2, dilation_rate=(2, 1), use_bias=False)
    A = layer_matrix(layer, (3, 4, 2))
    kernel = np.asarray(layer.kernel)
    wide = np.zeros((3, 2, 2, 2), dtype="float32")
    wide[::2] = kernel
    plain = layers.Conv2DTranspose(2, (3, 2), use_bias=False)
    plain.build((None, 3, 4, 2))
    plain.kernel.assign(wide)
    x = np.random.default_rng(1).normal(size=(1, 3, 4, 2)).astype("float32")
    assert A @ x.ravel() == pytest.approx(np.asarray(plain(x)).ravel(), abs=1e-6)


def test_every_layer_of_the_table_is_compared_above():
    named = {layers.AlphaDropout, layers.SpatialDropout3D}  # as the other dropouts
    assert {type(layer) for layer, _ in LAYERS} | named == set(TABLE)


def test_a_line_adds_a_layer(monkeypatch):
    class Twice(layers.Layer):
        def call(self, x):
            return 2 * x

    with pytest.raises(ValueError, match="Twice .* has no matrix of its own"):
        layer_matrix(Twice(), (3,))
    monkeypatch.setitem(TABLE, Twice, lambda layer, shape: 2 * np.eye(shape[0]))
    assert (layer_matrix(Twice(), (3,)).toarray() == 2 * np.eye(3)).all()


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
            r"there is jacobian_matrix\(layer, x\). Matrices have .*, AveragePooling1D, .*Zero",
        ),
        (
            layers.AveragePooling2D(2, data_format="channels_first"),
            (1, 4, 4),
            "works channels-first",
        ),
        (layers.Reshape((5,)), (4,), "total size"),
        (layers.Conv2D(3, 3), 5, r"3 axes \(height, width, channels\), .* has 1"),
        (layers.Conv2D(3, 3), (28, 28), r"3 axes \(height, width, .*\(28, 28\) has 2"),
        (layers.Conv2D(3, 3), (32, 28, 28, 1), "without the batch; .* has 4"),
        (layers.Conv1DTranspose(3, 3), (5, 28, 1), r"2 axes \(width, channels\)"),
        (layers.AveragePooling3D(2), (4, 4, 1), r"4 axes \(depth, height, width, ch"),
        (layers.ZeroPadding2D(2), (1, 4, 4, 1), "takes inputs of 3 axes"),
        (layers.RepeatVector(2), (4, 4), "takes inputs of 1 axis"),
        (layers.Dense(2), (), "takes inputs of 1 axis or more"),
        (layers.Flatten(), (), "takes inputs of 1 axis or more"),
        (layers.Conv2D(3, 3), (None, 5, 1), r"input_shape \(None, 5, 1\) must"),
        (layers.Dense(2), 2.5, "input_shape 2.5 must be positive whole numbers"),
        (layers.Add(), (4,), "if it takes one input, what it does"),
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


def test_what_a_layer_was_built_for_is_named():
    layer = layers.Conv2D(3, 3)
    layer.build((None, 28, 28, 1))
    with pytest.raises(
        ValueError, match=r"built for 1 on axis -1; .*\(28, 28, 3\) has 3"
    ):
        layer_matrix(layer, (28, 28, 3))


def test_half_precision_kernels_become_float32():
    layer = layers.Conv2D(3, 3, dtype="bfloat16")
    assert layer_matrix(layer, (5, 5, 1)).dtype == np.float32


def test_a_refused_shape_leaves_the_layer_alone():
    layer = layers.Conv2D(3, 3, padding="same")
    with pytest.raises(ValueError):
        layer_matrix(layer, (5, 5, 0))
    assert not layer.built and layer_matrix(layer, (5, 5, 1)).shape == (75, 25)
