"""Keras layers as matrices."""

from math import prod

import keras
import numpy as np
from keras import layers
from scipy.sparse import csr_array, eye_array, kron

from ..checks import is_whole
from ..convolution.arguments import per_axis
from ..convolution.axis import reach
from ..convolution.kernel_layouts import convert_kernel
from ..convolution.matrices import conv_matrix, conv_transpose_matrix
from .derivatives import differentiate
from .tied_layers import Conv2DTiedTranspose, DenseTranspose

__all__ = ["LAYERS", "layer_matrix", "pooling_windows", "refuse_channels_first"]


def layer_matrix(layer, input_shape):
    """Return the matrix of what a Keras layer does before bias and activation.

    Parameters
    ----------
    layer : keras.layers.Layer
        A layer that is linear, or is so at inference, but for an offset and an
        activation: those of ``LAYERS``, that is convolutions (transposed,
        depthwise, separable, tied), average pooling, up-sampling, padding and
        cropping, dense layers, what moves numbers, normalizations with what
        they have learned, and what only acts in training. A layer that is not
        built yet is built. Subclasses are refused, since they may compute
        something else, and so are quantized layers.
    input_shape : sequence of int
        Shape of one input, without the batch.

    Returns
    -------
    scipy.sparse.csr_array
        Shape ``(prod(output_shape), prod(input_shape))``, both flattened
        row-major, channels last. For a layer without an activation,
        ``layer(x[None])[0]`` is ``A @ x.ravel()`` plus what it gives for zeros:
        for most the bias, repeated for each position,
        ``np.resize(layer.bias, len(A @ x))``.

    Raises
    ------
    TypeError
        If `layer` is no Keras layer.
    ValueError
        If the layer is not linear or not known, works channels-first, or does
        not take such an input.

    Notes
    -----
    A layer of your own gets its matrix by a line, ``LAYERS[Mine] = build``, where
    ``build(layer, input_shape)`` returns it.

    "Same" average pooling divides by what is in the image, as TensorFlow and JAX
    do; with Keras's PyTorch backend (3.15) it does not, and the layer differs from its matrix.

    Examples
    --------
    >>> import keras
    >>> A = layer_matrix(keras.layers.AveragePooling2D(2), (4, 4, 1))
    >>> A.shape, A.nnz
    ((4, 16), 16)
    """
    if not isinstance(layer, layers.Layer):
        raise TypeError(f"layer must be a Keras layer, not {layer!r}")
    refuse_channels_first(layer)
    build = LAYERS.get(type(layer))
    if build is None:
        raise ValueError(
            f"{type(layer).__name__} {layer.name!r} has no matrix of its own; what it "
            "does at one input is jacobian_matrix(layer, x). Matrices have "
            + ", ".join(sorted(kind.__name__ for kind in LAYERS))
        )
    if getattr(layer, "quantization_mode", None):
        raise ValueError(
            f"{layer.name} is quantized ({layer.quantization_mode}), and its stored "
            "kernel is not the one it applies; take the matrix before quantizing"
        )
    shape = _read_input_shape(layer, input_shape)
    if not layer.built:
        layer.build((None, *shape))
    output_shape = layer.compute_output_spec(keras.KerasTensor((None, *shape))).shape[
        1:
    ]
    matrix = csr_array(build(layer, shape))
    known = None not in output_shape  # EinsumDense may leave sizes to its input
    if known and matrix.shape != (prod(output_shape), prod(shape)):
        raise ValueError(
            f"{layer.name} gives {output_shape} for {shape}, which is not what its "
            f"arguments say: the matrix has shape {matrix.shape}"
        )
    return matrix


def _read_input_shape(layer, input_shape):
    """Return the shape of an input, if the layer takes such a one."""
    shape = (input_shape,) if is_whole(input_shape) else tuple(input_shape)
    shape = per_axis("input_shape", shape, len(shape))
    spec = layer.input_spec
    if hasattr(layer, "kernel_size"):
        least = most = len(layer.kernel_size) + 1
    else:
        exactly = getattr(spec, "ndim", None)
        least = max((exactly or getattr(spec, "min_ndim", None) or 2) - 1, 1)
        most = exactly - 1 if exactly else np.inf
    if not least <= len(shape) <= most:
        names = ("depth", "height", "width", "channels")
        axes = "1 axis" if least == 1 else f"{least} axes ({', '.join(names[-least:])})"
        raise ValueError(
            f"{layer.name} takes inputs of {axes}{'' if most == least else ' or more'}, "
            f"without the batch; input_shape {shape} has {len(shape)}"
        )
    for axis, size in (getattr(spec, "axes", None) or {}).items():
        if size is not None and (None, *shape)[axis] != size:
            raise ValueError(
                f"{layer.name} was built for {size} on axis {axis}; input_shape {shape} "
                f"has {(None, *shape)[axis]}"
            )
    return shape


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
        _array(layer.conv.kernel), shape, strides=layer.strides, padding=layer.padding
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
    return _on_last_axis(keras.ops.transpose(layer.dense.kernel), shape)


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
