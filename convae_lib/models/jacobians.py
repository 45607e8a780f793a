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
from .graph import not_taken, refuse_shape, walk
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
        A model with masks (``Masking``, ``Embedding``) is asked as a whole.
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
        If the model has several inputs or outputs, or gives whole numbers, `x` is no
        such input of real numbers, or a layer works channels-first, gives something
        else each time, is hidden from the backend, or would need more derivatives
        than fit.

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
    if x.dtype.kind not in "biuf" or not x.ndim:
        raise ValueError(f"x must be one input of real numbers, not {given!r}")
    if missing := np.count_nonzero(np.isnan(x)):
        raise ValueError(f"x has {missing} of {x.size} values that are NaN")
    refuse_shape(model, x.shape, "x of shape")
    x = x.astype(keras.backend.floatx())
    start = _Point(x[None], eye_array(x.size, format="csr"))
    try:
        end = walk(model, [start], _step)
    except _Masked:  # what comes behind looks at the mask: the model is one call
        end = _follow(model, [start], {})
    return csr_array(_one_end(model, keras.tree.flatten(end)).jacobian)


@dataclass(eq=False)
class _Point:
    """What a call of the network is handed or gives, and its Jacobian by the input."""

    value: np.ndarray  # with a batch of one; whole numbers are constants
    jacobian: csr_array | np.ndarray


class _Masked(Exception):
    """A layer tells those behind it, beside its output, what to leave out."""


def _step(call, *args, **options):
    """Return the points behind a call, arranged as the call gives them."""
    ends = _follow(call, args, options)
    if isinstance(call, layers.Layer):
        values = [point.value for point in _points(args)]
        handed = values[0] if len(values) == 1 else values
        if call.compute_mask(handed, None) is not None:
            raise _Masked
    return ends[0] if len(ends) == 1 else ends


def _follow(call, args, options):
    """Return the points behind a call."""
    refuse_channels_first(call)  # before it is called: some backends cannot
    points = _points((args, options))
    width = points[0].jacobian.shape[1]
    points = [point for point in points if point.value.dtype.kind == "f"]
    values = [point.value for point in points]
    function = partial(_call, call, args, options)
    ends = []
    for k, output in enumerate(_outputs(call, function, values)):
        value = keras.ops.convert_to_numpy(output)
        if not keras.backend.is_float_dtype(
            keras.backend.standardize_dtype(output.dtype)
        ):
            ends.append(_Point(value, csr_array((value.size, width))))
            continue
        blocks = _blocks(call, function, values, k, output) if points else []
        products = [block @ point.jacobian for block, point in zip(blocks, points)]
        jacobian = sum(products) if products else csr_array((value.size, width))
        if issparse(jacobian) and 4 * jacobian.nnz > prod(jacobian.shape):
            jacobian = jacobian.toarray()  # where all looks at all, this is faster
        ends.append(_Point(value.astype(keras.backend.floatx()), jacobian))
    return ends


def _points(handed):
    return [item for item in keras.tree.flatten(handed) if isinstance(item, _Point)]


def _outputs(call, function, values):
    """Return what a call gives, if it takes such values."""
    shapes = [value.shape[1:] for value in values]
    if type(call) in LAYERS or type(call) in RULES:
        refuse_shape(call, shapes[0], "an input of")
    try:
        return keras.tree.flatten(function(*values))
    except Exception as error:
        raise not_taken(call, shapes, error) from error


def _call(call, args, options, *tensors):
    """Call a layer or operation at inference, with tensors in place of the points."""
    given, batch = iter(tensors), len(tensors[0]) if tensors else 1

    def fill(item):
        if not isinstance(item, _Point):
            return item
        moves = item.value.dtype.kind == "f"
        return next(given) if moves else _repeated(item.value, batch)

    args, options = keras.tree.map_structure(fill, (args, options))
    if isinstance(call, layers.Layer):
        options["training"] = False
    return call(*args, **options)


def _repeated(value, batch):
    return np.broadcast_to(value, (batch, *value.shape[1:])) if value.ndim else value


def _one_end(model, ends):
    """Return what a model gives, where that is one array of numbers with slopes."""
    if len(ends) > 1:
        one = "give one of them: keras.layers.Lambda(lambda x: model(x)[0])"
        if getattr(model, "outputs", None):
            one = "give a model of one: keras.Model(model.inputs, model.outputs[0])"
        raise ValueError(f"{model.name} has {len(ends)} outputs; {one}")
    dtype = ends[0].value.dtype
    if dtype.kind != "f":
        raise ValueError(
            f"{type(model).__name__} {model.name!r} gives {dtype} numbers: they have no "
            "slope"
        )
    return ends[0]


def _blocks(call, function, values, k, output):
    """Return the Jacobians of output `k` of one call by each of its inputs."""
    if type(call) in RULES:
        return [RULES[type(call)](call, values[0][0])]
    if type(call) in LAYERS:
        return [_affine(call, values[0][0], output.shape)]
    if type(call).__name__ == "StopGradient":  # as in training, by its own request
        return [csr_array((prod(output.shape), x.size)) for x in values]
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
    # The activation may take another number of channels than it gives, as "glu" does.
    value = (matrix @ x.ravel().astype(float)).reshape(*shape[:-1], -1)
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
