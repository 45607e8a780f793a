"""A network at one input as one matrix: its Jacobian."""

import keras
import numpy as np
from keras import activations, layers
from scipy.sparse import csr_array, diags_array, eye_array
from scipy.special import expit, ndtr

from .layer_matrices import layer_matrix, pooling_windows, refuse_channels_first

__all__ = ["jacobian_matrix"]


def jacobian_matrix(model, x):
    """Return the matrix of all partial derivatives of a network at one input.

    Layer by layer it is a product: the layer's own matrix, then one slope per
    unit of its activation, and for max-pooling the choice it made (the first
    of equals).

    Parameters
    ----------
    model : keras.Sequential or keras.layers.Layer
        A chain, chains in it included, of layers that `layer_matrix` knows,
        max-pooling and activations: Keras's linear, relu, elu, selu, sigmoid,
        tanh, softplus, silu and gelu.
    x : array_like
        One input of real numbers, without the batch.

    Returns
    -------
    scipy.sparse.csr_array
        Shape ``(prod(output_shape), prod(input_shape))``, float64: entry
        ``[i, j]`` is the derivative of output ``i`` by input ``j``.

    Raises
    ------
    TypeError
        If `model` is no Keras model or layer.
    ValueError
        If a layer is not linear, max-pooling or an activation whose slope is
        known, or `x` holds something else than real numbers.

    Examples
    --------
    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.layers.MaxPooling1D(2),
    ...                           keras.layers.Activation("relu")])
    >>> jacobian_matrix(model, [[-1.0], [2.0], [-4.0], [-3.0]]).toarray()
    array([[0., 1., 0., 0.],
           [0., 0., 0., 0.]])
    """
    if np.asarray(x).dtype.kind not in "biuf" or np.isnan(x).any() or not np.ndim(x):
        raise ValueError(f"x must be one input of real numbers, not {x!r}")
    x = np.asarray(x, dtype=keras.backend.floatx())
    jacobian = eye_array(x.size, format="csr")
    for layer in _layers(model):
        jacobian = _step(layer, x) @ jacobian
        x = keras.ops.convert_to_numpy(layer(x[None], training=False))[0]
    return csr_array(jacobian)


def _layers(model):
    if not isinstance(model, layers.Layer):
        raise TypeError(f"model must be a Keras model or layer, not {model!r}")
    if not isinstance(model, keras.Model):
        return [model]
    if type(model) is not keras.Sequential:
        raise ValueError(
            f"{type(model).__name__} {model.name!r} is not a chain of layers; give a "
            "keras.Sequential model"
        )
    return [inner for layer in model.layers for inner in _layers(layer)]


def _step(layer, x):
    """Return the Jacobian of one layer at its input `x`."""
    if type(layer) in _MAX_POOLING:
        refuse_channels_first(layer)
        return _choices(layer, x)
    value = x.ravel().astype(float)
    if type(layer) is layers.Activation:
        return _slopes(layer, value)
    matrix = layer_matrix(layer, x.shape).astype(float)
    if not hasattr(layer, "activation"):
        return matrix
    value = matrix @ value
    if layer.use_bias:
        value += np.resize(np.asarray(layer.bias), value.shape)
    return _slopes(layer, value) @ matrix


def _slopes(layer, value):
    """Return the slopes of the layer's activation at `value`, on a diagonal."""
    if layer.activation not in _SLOPES:
        name = getattr(layer.activation, "__name__", layer.activation)
        raise ValueError(
            f"the slope of activation {name!r} of {layer.name} is not known; known "
            "are Keras's " + ", ".join(known.__name__ for known in _SLOPES)
        )
    return diags_array(_SLOPES[layer.activation](value), format="csr")


def _choices(layer, x):
    """Return what max-pooling picks at `x`: one 1 in each row."""
    windows = pooling_windows(layer, x.shape)
    starts, counts = windows.indptr[:-1], np.diff(windows.indptr)
    values = x.ravel()[windows.indices]
    largest = np.repeat(np.maximum.reduceat(values, starts), counts)
    hits = np.flatnonzero(values == largest)
    first = hits[np.searchsorted(hits, starts)]
    picked, rows = windows.indices[first], np.arange(len(starts) + 1)
    return csr_array((np.ones(len(first)), picked, rows), shape=windows.shape)


_MAX_POOLING = (layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D)

# Klambauer et al., "Self-Normalizing Neural Networks", 2017, arXiv:1706.02515.
_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772

# At a kink the slope is TensorFlow's: 0 for relu, that of the right for selu.
_SLOPES = {
    activations.linear: np.ones_like,
    activations.relu: lambda z: (z > 0).astype(float),
    activations.elu: lambda z: np.exp(np.minimum(z, 0)),
    activations.selu: lambda z: (
        _SELU_SCALE * np.where(z < 0, _SELU_ALPHA * np.exp(np.minimum(z, 0)), 1)
    ),
    activations.sigmoid: lambda z: expit(z) * expit(-z),
    activations.tanh: lambda z: 1 - np.tanh(z) ** 2,
    activations.softplus: expit,
    activations.silu: lambda z: expit(z) * (1 + z * expit(-z)),
    activations.gelu: lambda z: ndtr(z) + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
}
