"""Jacobians of what has no rule of its own, asked of Keras's backend."""

from math import prod

import keras
import numpy as np
from scipy.sparse import csr_array

from .gradients import gradients

__all__ = ["differentiate"]

LARGEST = 2**26  # entries of a Jacobian that is found row by row: half a GiB


def differentiate(function, inputs, name):
    """Return the Jacobians of a function at a point, as sparse as they are found to be.

    The backend differentiates one weighted sum of outputs at a time, and how
    many it takes depends on what an output looks at: one sum where it is one
    number of each input (an activation, a sum of two grids), none where numbers
    are only moved (a concatenation), one a channel where it is one position
    (softmax), and one an output where it is anything. This is the order in which
    they are tried. What decides is the gradient of one more sum, with random
    weights: an entry left out would change it.

    Parameters
    ----------
    function : callable
        From tensors, one for each of `inputs`, to a tensor. The first axis of
        all is the batch, and what comes of one image depends on no other.
    inputs : list of numpy.ndarray
        The point, with a batch of one.
    name : str
        What a refusal calls the function.

    Returns
    -------
    list of scipy.sparse.csr_array
        For each input the derivatives by it, float64, of shape (outputs, inputs),
        both flattened row-major.

    Raises
    ------
    ValueError
        If the outputs are no floating-point numbers or are others in each call, the
        backend differentiates nothing or does not see what the function does, or too
        many derivatives would have to be found row by row.

    Examples
    --------
    >>> import keras, numpy as np
    >>> x = np.array([[-1.0, 2.0]], dtype="float32")
    >>> differentiate(keras.ops.relu, [x], "relu")[0].toarray()
    array([[0., 0.],
           [0., 1.]])
    """
    first = function(*inputs)
    dtype = keras.backend.standardize_dtype(first.dtype)
    if not keras.backend.is_float_dtype(dtype):
        raise ValueError(f"{name} gives {dtype} numbers: they have no slope")
    asked = function

    def function(*tensors):  # in one dtype, that of the weights of its sums
        return keras.ops.cast(asked(*tensors), keras.backend.floatx())

    output = keras.ops.convert_to_numpy(function(*inputs))
    first = keras.ops.convert_to_numpy(keras.ops.cast(first, output.dtype))
    if not output.shape:
        raise ValueError(
            f"{name} gives a single number for a whole batch; keep the first axis, as in "
            "keras.ops.sum(x, axis=1)"
        )
    _refuse_other(name, first, output, abs(output).max(initial=0))
    weights = np.random.default_rng(0).uniform(1, 2, size=output.shape)
    try:
        expected = gradients(function, inputs, weights)
    except (AttributeError, TypeError) as error:  # of JAX, and of Keras telling of it
        raise _hidden(name) from error
    if not any(gradient.any() for gradient in expected):
        _refuse_hidden(function, inputs, name)
    for find in (_of_numbers, _of_moves, _of_positions):
        found = find(function, inputs, output)
        if found and all(
            _equal(weights.ravel() @ jacobian, gradient.ravel())
            for jacobian, gradient in zip(found, expected)
        ):
            return found
    found = _of_rows(function, inputs, output, name)
    for jacobian, gradient in zip(found, expected):
        sums = [weights.ravel() @ part for part in (jacobian, abs(jacobian))]
        _refuse_other(name, sums[0], gradient.ravel(), sums[1].max(initial=0))
    return found


def _refuse_other(name, ours, again, scale):
    """Refuse a function that draws random numbers: no rounding is as coarse as that."""
    atol = 0.05 * scale + 1e-6  # what should be 0 is rounding itself
    if not np.allclose(ours, again, rtol=0, atol=atol, equal_nan=True):
        raise ValueError(
            f"{name} gives something else each time it is called, as what draws random "
            "numbers does; leave that out, or put their mean in its place"
        )


def _refuse_hidden(function, inputs, name):
    """Refuse a function that changes though the backend sees no slope at all.

    A step (rounding, a sign) has no slope either, and few of its outputs change over a
    short way. The ways begin beside the point, which may be at a kink or a jump.
    """
    rng = np.random.default_rng(1)

    def beside(points, by):
        return [
            (x + by * rng.uniform(0.5, 1, x.shape) * np.maximum(abs(x), 1)).astype(
                x.dtype
            )
            for x in points
        ]

    for _ in range(3):
        start = beside(inputs, 1e-2)
        ways = start, beside(start, 1e-5)
        here, there = (keras.ops.convert_to_numpy(function(*at)) for at in ways)
        change = abs(there - here) > 1e-6 * abs(here).max(initial=0)
        slopes = gradients(function, start, np.ones_like(here))
        if np.mean(change) < 0.25 or any(slope.any() for slope in slopes):
            return
    raise _hidden(name)


def _hidden(name):
    return ValueError(
        f"{name} changes with its input, but {keras.backend.backend()} sees no slope: it "
        "is computed elsewhere (by NumPy, in a py_function) or stops the gradient; write "
        "it in keras.ops"
    )


def _of_numbers(function, inputs, output):
    """Return Jacobians with one entry a row: number by number, shapes broadcast."""
    try:
        if np.broadcast_shapes(*(x.shape for x in inputs)) != output.shape:
            return None
    except ValueError:
        return None
    wide = [np.broadcast_to(x, output.shape) for x in inputs]
    slopes = gradients(function, wide, np.ones_like(output))
    sources = [np.arange(x.size).reshape(x.shape) for x in inputs]
    return [
        _one_a_row(slope, np.broadcast_to(source, output.shape), x.size)
        for slope, source, x in zip(slopes, sources, inputs)
    ]


def _of_moves(function, inputs, output):
    """Return Jacobians of ones: each output is one of the numbers, or a constant 0."""
    ends = np.cumsum([x.size for x in inputs])
    if ends[-1] >= 2**24:  # float32 holds no larger whole number with the next one
        return None
    numbered = [
        np.arange(end - x.size + 1, end + 1, dtype=x.dtype).reshape(x.shape)
        for x, end in zip(inputs, ends)
    ]
    sources = keras.ops.convert_to_numpy(function(*numbered))
    whole = (sources >= 0) & (sources <= ends[-1]) & (sources == np.round(sources))
    if sources.shape != output.shape or not whole.all():
        return None
    found = []
    for x, end in zip(inputs, ends):
        source = sources.astype(int) - (end - x.size + 1)
        here = (source >= 0) & (source < x.size)
        found.append(_one_a_row(here, np.where(here, source, 0), x.size))
    return found


def _of_positions(function, inputs, output):
    """Return Jacobians of small blocks: what is on one position, from all it holds."""
    *grid, channels = output.shape
    if any(x.shape[:-1] != tuple(grid) or not x.ndim > 1 for x in inputs):
        return None
    if channels * max(output.size, *(x.size for x in inputs)) > LARGEST:
        return None
    one_each = np.eye(channels).reshape(channels, *(1,) * (output.ndim - 2), channels)
    blocks = gradients(
        function, inputs, np.broadcast_to(one_each, (channels, *output.shape[1:]))
    )
    places = prod(grid)
    found = []
    for block, x in zip(blocks, inputs):
        size = x.shape[-1]
        data = np.moveaxis(block.reshape(channels, places, size), 0, 1)
        columns = np.arange(x.size).reshape(places, 1, size)
        columns = np.broadcast_to(columns, (places, channels, size))
        starts = np.arange(output.size + 1) * size
        matrix = (data.astype(float).ravel(), columns.ravel(), starts)
        found.append(csr_array(matrix, shape=(output.size, x.size)))
    return found


def _of_rows(function, inputs, output, name):
    """Return any Jacobians: the gradient of each output."""
    size = sum(x.size for x in inputs)
    if output.size * size > LARGEST:
        raise ValueError(
            f"{name} takes {size} numbers to {output.size}, and each output may depend "
            f"on each input: more than {LARGEST} derivatives; give it a rule of its own "
            "in convae_lib.models.linear_layers.LAYERS or .jacobians.RULES"
        )
    found = [[] for _ in inputs]
    at_once = max(1, 2**22 // max(size, output.size))
    for first in range(0, output.size, at_once):
        rows = np.arange(first, min(first + at_once, output.size))
        one_each = np.zeros((len(rows), output.size))
        one_each[np.arange(len(rows)), rows] = 1
        one_each = one_each.reshape(len(rows), *output.shape[1:])
        for blocks, gradient in zip(found, gradients(function, inputs, one_each)):
            blocks.append(gradient.reshape(len(rows), -1))
    return [csr_array(np.concatenate(blocks).astype(float)) for blocks in found]


def _one_a_row(values, columns, width):
    kept = values.ravel() != 0
    starts = np.append(0, np.cumsum(kept))
    data = values.ravel()[kept].astype(float)
    matrix = (data, columns.ravel()[kept], starts)
    return csr_array(matrix, shape=(values.size, width))


def _equal(ours, expected):
    """Whether two gradients differ by rounding only."""
    scale = np.abs(expected).max(initial=0)
    return np.allclose(ours, expected, rtol=1e-5, atol=1e-6 * scale, equal_nan=True)
