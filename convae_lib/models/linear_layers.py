"""The linear layers of Keras and how each becomes a matrix: a table."""

from math import prod

import keras
import numpy as np
from keras import layers
from scipy.sparse import csr_array, eye_array, kron

from ..convolution.axis import reach
from ..convolution.kernel_layouts import convert_kernel
from ..convolution.matrices import conv_matrix, conv_transpose_matrix
from .derivatives import differentiate
from .tied_layers import Conv2DTiedTranspose, DenseTranspose, kernel_of

__all__ = ["LAYERS", "pooling_windows"]


def pooling_windows(layer, shape):
    """Return which inputs each output of a pooling layer sees, as ones."""
    channels = shape[-1]
    return conv_matrix(
        np.ones((*layer.pool_size, 1, channels)),
        shape,
        strides=layer.strides,
        padding=layer.padding,
        groups=channels,
    )


def _array(weights):
    weights = keras.ops.convert_to_numpy(weights)
    return weights.astype("float32") if weights.dtype.itemsize < 4 else weights


def _conv(layer, shape):
    return conv_matrix(
        _array(layer.kernel),
        shape,
        strides=layer.strides,
        padding=_padding(layer),
        dilation_rate=layer.dilation_rate,
        groups=layer.groups,
    )


def _padding(layer):
    if layer.padding == "causal":
        return ((reach(layer.kernel_size[0], layer.dilation_rate[0]) - 1, 0),)
    return layer.padding


def _conv_transpose(layer, shape):
    return conv_transpose_matrix(
        _array(layer.kernel),
        shape,
        strides=layer.strides,
        padding=layer.padding,
        output_padding=layer.output_padding,
        dilation_rate=layer.dilation_rate,
    )


def _tied_transpose(layer, shape):
    return conv_transpose_matrix(
        _array(kernel_of(layer.conv)),
        shape,
        strides=layer.strides,
        padding=layer.padding,
    )


def _depthwise(layer, shape):
    return _by_channel(layer, layer.kernel, shape)


def _separable(layer, shape):
    around = _by_channel(layer, layer.depthwise_kernel, shape)
    mixed = _array(layer.pointwise_kernel)
    grid = layer.compute_output_shape((None, *shape))[1:-1]
    return conv_matrix(mixed, (*grid, mixed.shape[-2])) @ around


def _by_channel(layer, kernel, shape):
    """Return a depthwise convolution: as many groups as channels."""
    spatial = "DHW"[-len(layer.kernel_size) :]
    return conv_matrix(
        convert_kernel(_array(kernel), f"{spatial}IM", f"{spatial}IO"),
        shape,
        strides=layer.strides,
        padding=_padding(layer),
        dilation_rate=layer.dilation_rate,
        groups=shape[-1],
    )


def _average(layer, shape):
    windows = pooling_windows(layer, shape)
    counts = np.diff(windows.indptr)  # inputs in the image: "same" divides by these
    windows.data /= np.repeat(counts, counts)
    return windows


def _global_average(layer, shape):
    *grid, channels = shape
    mean = np.full((*grid, 1, channels), 1 / prod(grid))
    return conv_matrix(mean, shape, groups=channels)


def _up_sample(layer, shape):
    if getattr(layer, "interpolation", "nearest") != "nearest":
        return _resample(layer, shape)
    axes, channels = len(shape) - 1, shape[-1]
    size = tuple(int(n) for n in np.broadcast_to(layer.size, axes))
    ones = np.ones((*size, 1, channels))
    return conv_transpose_matrix(ones, shape, strides=size, groups=channels)


def _resample(layer, shape):
    """Return an interpolation: the rows' matrix and the columns', for each channel."""
    *grid, channels = shape
    each = [
        _interpolation(n, n * by, layer.interpolation)
        for n, by in zip(grid, layer.size)
    ]
    return kron(kron(*each), eye_array(channels), format="csr")


def _interpolation(small, large, kind):
    """Return how Keras resizes a column of pixels: what becomes of each of them."""
    pixels = np.eye(small, dtype="float32")[:, :, None, None]
    resized = keras.ops.image.resize(
        pixels, (large, 1), interpolation=kind, data_format="channels_last"
    )
    return csr_array(keras.ops.convert_to_numpy(resized)[:, :, 0, 0].T)


def _at_the_sides(layer, shape):
    """Return zero-padding as a convolution by 1, cropping as its transpose."""
    axes, channels = len(shape) - 1, shape[-1]
    one = np.ones((*(1,) * axes, 1, channels))
    crops = hasattr(layer, "cropping")
    sides = layer.cropping if crops else layer.padding
    sides = (sides,) if axes == 1 else sides
    matrix = conv_transpose_matrix if crops else conv_matrix
    return matrix(one, shape, padding=sides, groups=channels)


def _dense(layer, shape):
    return _on_last_axis(layer.kernel, shape)


def _dense_transpose(layer, shape):
    return _on_last_axis(keras.ops.transpose(kernel_of(layer.dense)), shape)


def _on_last_axis(kernel, shape):
    """Return a matrix on the last axis, alike for all others: kernel size 1."""
    return conv_matrix(_array(kernel)[None], (prod(shape[:-1]), shape[-1]))


def _einsum(layer, shape):
    def apply(x):
        return keras.ops.einsum(layer.equation, x, layer.kernel)

    return _slopes_of(apply, layer, shape)


def _affine(layer, shape):
    """Return what the backend says of a layer whose slopes are the same everywhere."""
    return _slopes_of(lambda x: layer(x, training=False), layer, shape)


def _slopes_of(function, layer, shape):
    zeros = np.zeros((1, *shape), dtype=keras.backend.floatx())
    return differentiate(function, [zeros], layer.name)[0]


def _identity(layer, shape):
    return eye_array(prod(shape), format="csr")


LAYERS = {
    kind: build
    for build, kinds in {
        _conv: (layers.Conv1D, layers.Conv2D, layers.Conv3D),
        _conv_transpose: (
            layers.Conv1DTranspose,
            layers.Conv2DTranspose,
            layers.Conv3DTranspose,
        ),
        _tied_transpose: (Conv2DTiedTranspose,),
        _depthwise: (layers.DepthwiseConv1D, layers.DepthwiseConv2D),
        _separable: (layers.SeparableConv1D, layers.SeparableConv2D),
        _average: (
            layers.AveragePooling1D,
            layers.AveragePooling2D,
            layers.AveragePooling3D,
        ),
        _global_average: (
            layers.GlobalAveragePooling1D,
            layers.GlobalAveragePooling2D,
            layers.GlobalAveragePooling3D,
        ),
        _up_sample: (layers.UpSampling1D, layers.UpSampling2D, layers.UpSampling3D),
        _at_the_sides: (
            layers.ZeroPadding1D,
            layers.ZeroPadding2D,
            layers.ZeroPadding3D,
            layers.Cropping1D,
            layers.Cropping2D,
            layers.Cropping3D,
        ),
        _dense: (layers.Dense,),
        _dense_transpose: (DenseTranspose,),
        _einsum: (layers.EinsumDense,),
        _affine: (
            layers.BatchNormalization,
            layers.Normalization,
            layers.Permute,
            layers.RepeatVector,
            layers.Rescaling,
        ),
        _identity: (
            layers.ActivityRegularization,
            layers.AlphaDropout,
            layers.Dropout,
            layers.Flatten,
            layers.GaussianDropout,
            layers.GaussianNoise,
            layers.Identity,
            layers.Reshape,
            layers.SpatialDropout1D,
            layers.SpatialDropout2D,
            layers.SpatialDropout3D,
        ),
    }.items()
    for kind in kinds
}
"""``LAYERS[type(layer)](layer, input_shape)`` is the matrix of a layer. One line adds a
layer of your own; subclasses do not inherit one, since they may compute something else."""
