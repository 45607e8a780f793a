"""Keras layers as matrices."""

from math import prod

import keras
from keras import layers
from scipy.sparse import csr_array

from .graph import read_input_shape, refuse_shape
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
            f"{type(layer).__name__} {layer.name!r} has no matrix of its own; if it "
            "takes one input, what it does there is jacobian_matrix(layer, x). Matrices have "
            + ", ".join(sorted(kind.__name__ for kind in LAYERS))
        )
    if getattr(layer, "quantization_mode", None):
        raise ValueError(
            f"{layer.name} is quantized ({layer.quantization_mode}), and its stored "
            "kernel is not the one it applies; take the matrix before quantizing"
        )
    shape = read_input_shape(input_shape)
    refuse_shape(layer, shape)
    if not layer.built:
        layer.build((None, *shape))
    if hasattr(layer, "activation"):  # which may change the shape, as "glu" does
        output_shape = layer.compute_output_shape((None, *shape))[1:]
    else:
        output = layer.compute_output_spec(keras.KerasTensor((None, *shape)))
        output_shape = output.shape[1:]
    matrix = csr_array(build(layer, shape))
    known = None not in output_shape  # EinsumDense may leave sizes to its input
    if known and matrix.shape != (prod(output_shape), prod(shape)):
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
