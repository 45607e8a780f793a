"""A network at one input as one matrix: its Jacobian."""

from dataclasses import dataclass
from functools import partial
from math import prod

import keras
import numpy as np
from keras import layers
from scipy.sparse import csr_array, eye_array, issparse

from ..checks import read_array
from .derivatives import differentiate
from .graph import walk
from .layer_matrices import layer_matrix, refuse_channels_first
from .linear_layers import LAYERS, pooling_windows

__all__ = ["RULES", "jacobian_matrix"]


def jacobian_matrix(model, x):
    """Return the matrix of all partial derivatives of a network at one input.

    Call by call it is a product: the layer's own matrix, then one slope per
    unit of its activation, and for max-pooling the choice it made (the first
    of equals). Where paths meet, the products are added.

    Parameters
    ----------
    model : keras.Model or keras.layers.Layer
        A chain or a functional model with one input and one output: sums,
        concatenations, layers that are used twice and models in models
        included. Layers that `layer_matrix` knows and max-pooling are matrices
        at once. The slopes of everything else (activations, normalizations,
        operations of `keras.ops`, layers and models of your own) are asked of
        Keras's backend, which answers at a kink as it does in training.
    x : array_like
        One input of real numbers, without the batch.

    Returns
    -------
    scipy.sparse.csr_array
        Shape ``(prod(output_shape), prod(input_shape))``, float64: entry
        ``[i, j]`` is the derivative of output ``i`` by input ``j``, at
        inference (dropout off, batch normalization with what it has learned).

    Raises
    ------
    TypeError
        If `model` is no Keras model or layer.
    ValueError
        If the model has several inputs or outputs, `x` is no such input of real
        numbers, or a layer works channels-first, has no slope, or would need
        more derivatives than fit.

    Notes
    -----
    A layer of your own gets a rule in a line: in ``LAYERS``, of
    ``convae_lib.models.linear_layers``, a linear one, in ``RULES``, of
    ``convae_lib.models.jacobians``, any other.

    Examples
    --------
    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.layers.MaxPooling1D(2),
    ...                           keras.layers.Activation("relu")])
    >>> jacobian_matrix(model, [[-1.0], [2.0], [-4.0], [-3.0]]).toarray()
    array([[0., 1., 0., 0.],
           [0., 0., 0., 0.]])
    """
    if not isinstance(model, layers.Layer):
        raise TypeError(f"model must be a Keras model or layer, not {model!r}")
    given, x = x, read_array("x", x)
    if x.dtype.kind not in "biuf" or np.isnan(x).any() or not x.ndim:
        raise ValueError(f"x must be one input of real numbers, not {given!r}")
    _check_inputs(model, x.shape)
    x = x.astype(keras.backend.floatx())
    end = walk(model, [_Point(x[None], eye_array(x.size, format="csr"))], _step)
    if not isinstance(end, _Point):
        raise ValueError(
            f"{model.name} has {len(keras.tree.flatten(end))} outputs; give a model of one: "
            "keras.Model(model.inputs, model.outputs[0])"
        )
    return csr_array(end.jacobian)


def _check_inputs(model, shape):
    """Refuse what the model does not take, where it says what it takes."""
    inputs = (getattr(model, "inputs", None) if model.built else None) or []
    if len(inputs) > 1:
        raise ValueError(f"{model.name} has {len(inputs)} inputs; give a model of one")
    for takes in (tuple(tensor.shape[1:]) for tensor in inputs):
        fits = [want in (None, size) for want, size in zip(takes, shape)]
        if len(takes) != len(shape) or not all(fits):
            raise ValueError(
                f"{model.name} takes inputs of shape {takes}, without the batch; x has "
                f"shape {shape}"
            )


@dataclass(eq=False)
class _Point:
    """What a call of the network is handed or gives, and its Jacobian by the input."""

    value: np.ndarray  # with a batch of one
    jacobian: csr_array | np.ndarray


def _step(call, *args, **options):
    """Return the point behind a call, or several, arranged as the call gives them."""
    refuse_channels_first(call)  # before it is called: some backends cannot
    handed = keras.tree.flatten((args, options))
    points = [item for item in handed if isinstance(item, _Point)]
    function = partial(_call, call, args, options)
    values = [point.value for point in points]
    outputs = keras.tree.flatten(function(*values))
    ends = []
    for k, output in enumerate(outputs):
        blocks = _blocks(call, function, values, k, output)
        jacobian = sum(block @ point.jacobian for block, point in zip(blocks, points))
        if issparse(jacobian) and 4 * jacobian.nnz > prod(jacobian.shape):
            jacobian = jacobian.toarray()  # where all looks at all, this is faster
        value = keras.ops.convert_to_numpy(output).astype(keras.backend.floatx())
        ends.append(_Point(value, jacobian))
    return ends[0] if len(ends) == 1 else ends


def _call(call, args, options, *tensors):
    """Call a layer or operation at inference, with tensors in place of the points."""
    given = iter(tensors)
    args, options = keras.tree.map_structure(
        lambda item: next(given) if isinstance(item, _Point) else item, (args, options)
    )
    if isinstance(call, layers.Layer):
        options["training"] = False
    return call(*args, **options)


def _blocks(call, function, values, k, output):
    """Return the Jacobians of output `k` of one call by each of its inputs."""
    if type(call) in RULES:
        return [RULES[type(call)](call, values[0][0])]
    if type(call) in LAYERS:
        return [_affine(call, values[0][0], output.shape)]
    name = f"{type(call).__name__} {call.name!r}"
    return differentiate(
        lambda *tensors: keras.tree.flatten(function(*tensors))[k], values, name
    )


def _affine(layer, x, shape):
    """Return the Jacobian of a layer that is a matrix, a bias and an activation."""
    matrix = layer_matrix(layer, x.shape).astype(float)
    activation = getattr(layer, "activation", None)
    if activation in (None, keras.activations.linear):
        return matrix
    value = (matrix @ x.ravel().astype(float)).reshape(shape)
    if getattr(layer, "bias", None) is not None:
        value = value + keras.ops.convert_to_numpy(layer.bias)
    name = getattr(activation, "__name__", getattr(activation, "name", activation))
    (slopes,) = differentiate(
        activation,
        [value.astype(keras.backend.floatx())],
        f"activation {name!r} of {layer.name}",
    )
    return slopes @ matrix


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


RULES = {
    layers.MaxPooling1D: _choices,
    layers.MaxPooling2D: _choices,
    layers.MaxPooling3D: _choices,
}
"""Layers that are no matrix and need no backend: ``rule(layer, x)`` is their Jacobian
at `x`, without the batch. One line adds a layer of your own."""
