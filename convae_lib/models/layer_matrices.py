"""Keras layers as matrices."""

from math import prod

import numpy as np
from keras import layers
from scipy.sparse import csr_array, eye_array

from ..checks import is_whole
from ..convolution.arguments import per_axis
from ..convolution.axis import reach
from ..convolution.kernel_layouts import convert_kernel
from ..convolution.matrices import conv_matrix, conv_transpose_matrix

__all__ = ["layer_matrix", "pooling_windows", "refuse_channels_first"]


def layer_matrix(layer, input_shape):
    """Return the matrix of what a Keras layer does before bias and activation.

    Parameters
    ----------
    layer : keras.layers.Layer
        A convolution, transposed or depthwise convolution, average pooling,
        nearest up-sampling, zero-padding or cropping in one to three
        dimensions, Dense, Reshape or Flatten; Identity and Dropout are what
        they are at inference. A layer that is not built yet is built.
        Subclasses are refused, since they may compute something else, and so
        are quantized layers.
    input_shape : sequence of int
        Shape of one input, without the batch.

    Returns
    -------
    scipy.sparse.csr_array
        Shape ``(prod(output_shape), prod(input_shape))``, both flattened
        row-major, channels last. For a layer without an activation,
        ``layer(x[None])[0]`` is ``A @ x.ravel()`` plus the bias, which is
        repeated for each position: ``np.resize(layer.bias, len(A @ x))``.

    Raises
    ------
    TypeError
        If `layer` is no Keras layer.
    ValueError
        If the layer is not linear or not known, works channels-first, or does
        not take such an input.

    Examples
    --------
    >>> import keras
    >>> A = layer_matrix(keras.layers.AveragePooling2D(2), (4, 4, 1))
    >>> A.shape, A.nnz
    ((4, 16), 16)
    """
    if not isinstance(layer, layers.Layer):
        raise TypeError(f"layer must be a Keras layer, not {layer!r}")
    shape = (input_shape,) if is_whole(input_shape) else tuple(input_shape)
    shape = per_axis("input_shape", shape, len(shape))
    refuse_channels_first(layer)
    build = next((f for kinds, f in _BUILDERS.items() if type(layer) in kinds), None)
    if build is None:
        known = sorted(kind.__name__ for kinds in _BUILDERS for kind in kinds)
        raise ValueError(
            f"{type(layer).__name__} {layer.name!r} has no matrix of its own; known are "
            + ", ".join(known)
        )
    if getattr(layer, "quantization_mode", None):
        raise ValueError(
            f"{layer.name} is quantized ({layer.quantization_mode}), and its stored "
            "kernel is not the one it applies; take the matrix before quantizing"
        )
    if not layer.built:
        layer.build((None, *shape))
    output_shape = layer.compute_output_shape((None, *shape))[1:]
    matrix = csr_array(build(layer, shape))
    if matrix.shape != (prod(output_shape), prod(shape)):
        raise ValueError(
            f"{layer.name} gives {output_shape} for {shape}, which is not what its "
            f"arguments say: the matrix has shape {matrix.shape}"
        )
    return matrix


def refuse_channels_first(layer):
    """Raise a ValueError for a layer that works channels-first."""
    if getattr(layer, "data_format", None) == "channels_first":
        raise ValueError(
            f"{layer.name} works channels-first; its matrix is defined for "
            "data_format='channels_last'"
        )


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


def _kernel(layer):
    kernel = np.asarray(layer.kernel)
    return kernel.astype("float32") if kernel.dtype.itemsize < 4 else kernel


def _conv(layer, shape):
    padding = layer.padding
    if padding == "causal":
        padding = ((reach(layer.kernel_size[0], layer.dilation_rate[0]) - 1, 0),)
    return conv_matrix(
        _kernel(layer),
        shape,
        strides=layer.strides,
        padding=padding,
        dilation_rate=layer.dilation_rate,
        groups=layer.groups,
    )


def _conv_transpose(layer, shape):
    return conv_transpose_matrix(
        _kernel(layer),
        shape,
        strides=layer.strides,
        padding=layer.padding,
        output_padding=layer.output_padding,
        dilation_rate=layer.dilation_rate,
    )


def _depthwise(layer, shape):
    spatial = "HW"[-len(layer.kernel_size) :]
    kernel = _kernel(layer)
    return conv_matrix(
        convert_kernel(kernel, f"{spatial}IM", f"{spatial}IO"),
        shape,
        strides=layer.strides,
        padding=layer.padding,
        dilation_rate=layer.dilation_rate,
        groups=shape[-1],
    )


def _average(layer, shape):
    windows = pooling_windows(layer, shape)
    counts = np.diff(windows.indptr)  # inputs in the image: "same" divides by these
    windows.data /= np.repeat(counts, counts)
    return windows


def _up_sample(layer, shape):
    if getattr(layer, "interpolation", "nearest") != "nearest":
        raise ValueError(
            f"{layer.name} interpolates {layer.interpolation!r}; only 'nearest' has a "
            "matrix here"
        )
    axes, channels = len(shape) - 1, shape[-1]
    size = tuple(int(n) for n in np.broadcast_to(layer.size, axes))
    ones = np.ones((*size, 1, channels))
    return conv_transpose_matrix(ones, shape, strides=size, groups=channels)


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
    # On the last axis, alike for all others: a convolution with kernel size 1.
    kernel = _kernel(layer)[None]
    return conv_matrix(kernel, (prod(shape[:-1]), shape[-1]))


def _identity(layer, shape):
    return eye_array(prod(shape), format="csr")


_BUILDERS = {
    (layers.Conv1D, layers.Conv2D, layers.Conv3D): _conv,
    (
        layers.Conv1DTranspose,
        layers.Conv2DTranspose,
        layers.Conv3DTranspose,
    ): _conv_transpose,
    (layers.DepthwiseConv1D, layers.DepthwiseConv2D): _depthwise,
    (
        layers.AveragePooling1D,
        layers.AveragePooling2D,
        layers.AveragePooling3D,
    ): _average,
    (layers.UpSampling1D, layers.UpSampling2D, layers.UpSampling3D): _up_sample,
    (
        layers.ZeroPadding1D,
        layers.ZeroPadding2D,
        layers.ZeroPadding3D,
        layers.Cropping1D,
        layers.Cropping2D,
        layers.Cropping3D,
    ): _at_the_sides,
    (layers.Dense,): _dense,
    (layers.Reshape, layers.Flatten, layers.Identity, layers.Dropout): _identity,
}
