"""Keras layers as matrices."""

from math import prod

import keras
import numpy as np
from keras import layers
from scipy.sparse import csr_array

from ..checks import is_whole
from ..convolution.arguments import per_axis
from .linear_layers import LAYERS

__all__ = ["layer_matrix", "refuse_channels_first"]


def layer_matrix(layer, input_shape):
    """Return the matrix of what a Keras layer does before bias and activation.

    Parameters
    ----------
    layer : keras.layers.Layer
        A layer that is linear, or is so at inference, but for an offset and an
        activation: those of ``LAYERS`` in ``convae_lib.models.linear_layers``.
        That is convolutions (transposed, depthwise, separable, tied), average
        pooling, up-sampling, padding and cropping, dense layers, what moves
        numbers, ``BatchNormalization`` and ``Normalization`` with what they have
        learned, and what only acts in training. A layer that is not built yet is built. Subclasses are
        refused, since they may compute something else, and so are quantized
        layers.
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
    do; with the PyTorch backend of Keras 3.15 it does not, and the layer differs
    from its matrix.

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
