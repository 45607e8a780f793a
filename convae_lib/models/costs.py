"""Cost of a network and size of its code."""

from dataclasses import dataclass
from math import prod

import keras
from keras import layers

from .graph import inputs_of, not_taken, refuse_own_call, symbols, walk
from .tied_layers import Conv2DTiedTranspose, DenseTranspose

__all__ = ["COSTS", "code_size", "multiply_adds"]


def multiply_adds(model, input_shape=None):
    """Return how many multiply-adds a model takes for one image.

    Convolutions count each output position once for each weight that reaches
    it, those that fall outside the image included, as is usual; transposed ones
    each input position; dense layers each position along the other axes. A layer
    counts each time it is called. Biases, activations, normalizations, pooling
    and sums are left out, and so are products entry by entry. A step of training
    takes about three times as many: forwards, and backwards to the inputs and to the
    weights.

    Parameters
    ----------
    model : keras.Model or keras.layers.Layer
        A chain or a functional model of convolutions (depthwise, separable,
        transposed, tied), dense layers and layers without weights, nested at
        will.
    input_shape : sequence of int, optional
        Shape of one image, without the batch, where the model leaves it open.

    Returns
    -------
    int
        Multiply-adds for an image.

    Raises
    ------
    TypeError
        If a layer with weights is of another kind, or is a matrix product of its
        inputs (attention, ``Dot``), or a model has a ``call`` of its own.
    ValueError
        If sizes are open and `input_shape` does not say them, or the model does not
        take it.

    Notes
    -----
    A layer of your own is counted after one line, ``COSTS[Mine] = count``, with
    ``COSTS`` of ``convae_lib.models.costs`` and ``count(layer, inputs, outputs)``,
    where both are shapes with a batch of one.

    Examples
    --------
    >>> from convae_lib import conv_autoencoder, dense_autoencoder, multiply_adds
    >>> multiply_adds(dense_autoencoder())
    162800
    >>> multiply_adds(conv_autoencoder())
    2339136
    """
    refuse_own_call(model)
    total = 0

    def step(call, *args, **options):
        nonlocal total
        outputs = _spec(call, args, options)
        total += _cost(call, args, outputs)
        return outputs

    walk(model, symbols(model, input_shape), step)
    return total


def code_size(model, input_shape=None):
    """Return how many numbers an autoencoder squeezes an image through.

    That is the narrowest place between its input and its reconstruction that
    nothing goes around: neither the input and the output themselves count, nor
    a layer beside a sum or a second head. Where all are wider than the image
    (an overcomplete code), so is the code.

    Parameters
    ----------
    model : keras.Model
        A chain or a functional model, nested at will, with one input and, of
        its outputs, one with as many numbers.
    input_shape : sequence of int, optional
        Shape of one image, without the batch, where the model leaves it open.

    Returns
    -------
    int
        Numbers in the code.

    Raises
    ------
    TypeError
        If `model` is no Keras model or layer, or has a ``call`` of its own.
    ValueError
        If it is no such autoencoder, or nothing lies between input and output,
        sizes are open and `input_shape` does not say them, or it is not taken.

    Examples
    --------
    >>> from convae_lib import code_size, conv_autoencoder
    >>> code_size(conv_autoencoder())
    576
    """
    refuse_own_call(model)
    if len(several := inputs_of(model)) > 1:
        raise ValueError(
            f"{model.name} has {len(several)} inputs; a code is that of one"
        )
    image = _Place(*symbols(model, input_shape), {})
    ends = keras.tree.flatten(walk(model, [image], _pass_on))
    size = prod(image.spec.shape)
    found = {
        min([n for at, n in end.passed.items() if at is not end.at], default=None)
        for end in ends
        if prod(end.spec.shape) == size
    }
    if not found:
        gives = " and ".join(str(prod(end.spec.shape)) for end in ends)
        raise ValueError(
            f"{model.name} is no autoencoder: it takes {size} numbers and gives {gives}. "
            "The code of an encoder is its output, prod(encoder.output_shape[1:])"
        )
    if len(found) > 1 or None in found:
        raise ValueError(
            f"{model.name} has no place that all must pass between its input and its "
            "output"
        )
    return found.pop()


@dataclass(eq=False)
class _Place:
    """What a call is handed or gives: its shape, and what all ways to it pass."""

    spec: keras.KerasTensor
    passed: dict  # the places passed, without the input, and their sizes
    at: object = None  # the place it is: where a call only rearranges, that before it


def _pass_on(call, *args, **options):
    handed = keras.tree.flatten((args, options))
    places = [item for item in handed if isinstance(item, _Place)]
    args, options = keras.tree.map_structure(
        lambda item: item.spec if isinstance(item, _Place) else item, (args, options)
    )
    ends = []
    for spec in keras.tree.flatten(_spec(call, args, options)):
        size = prod(spec.shape)
        if len(places) == 1 and _keeps(call) and size == prod(places[0].spec.shape):
            ends.append(_Place(spec, places[0].passed, places[0].at))
            continue
        common = set.intersection(*(set(place.passed) for place in places))
        passed = {at: n for at, n in places[0].passed.items() if at in common}
        here = object()
        ends.append(_Place(spec, {**passed, here: size}, here))
    return ends[0] if len(ends) == 1 else ends


def _spec(call, args, options):
    """Return the shapes that a call gives, for one image."""
    try:
        outputs = call.compute_output_spec(*args, **options)
    except Exception as error:
        raise not_taken(call, _shapes(args), error) from error
    for output in keras.tree.flatten(outputs):
        if None in output.shape:
            raise ValueError(
                f"{type(call).__name__} {call.name!r} leaves sizes open "
                f"{output.shape[1:]}; give it its output shape in numbers"
            )
    return outputs


def _shapes(args):
    return [x.shape[1:] for x in keras.tree.flatten(args) if hasattr(x, "shape")]


def _keeps(call):
    """Whether a call mixes no numbers: it has no kernel, and holds no layer that has."""
    weights = getattr(call, "weights", [])
    return not isinstance(call, keras.Model) and all(len(w.shape) < 2 for w in weights)


def _cost(call, args, outputs):
    """Return the multiply-adds of one call."""
    inputs = [x.shape for x in keras.tree.flatten(args) if hasattr(x, "shape")]
    for kind in type(call).__mro__:
        if kind in COSTS:
            return COSTS[kind](call, inputs[0], outputs.shape)
    refuse_own_call(call)
    name = type(call).__name__
    if getattr(call, "weights", None) or name in PRODUCTS:
        known = ", ".join(sorted(kind.__name__ for kind in COSTS))
        raise TypeError(
            f"{name} {call.name!r} is not counted here; counted are {known}, and what "
            "has no weights; a line in convae_lib.models.costs.COSTS adds it"
        )
    return 0


def _forwards(layer, inputs, outputs):
    return prod(outputs) // layer.filters * prod(layer.kernel.shape)


def _backwards(layer, inputs, outputs):
    kernel = getattr(layer, "conv", layer).kernel
    return prod(inputs) // kernel.shape[-1] * prod(kernel.shape)


def _by_channel(layer, inputs, outputs):
    positions = prod(outputs) // prod(layer.kernel.shape[-2:])
    return positions * prod(layer.kernel.shape)


def _separable(layer, inputs, outputs):
    kernels = layer.depthwise_kernel, layer.pointwise_kernel
    return prod(outputs) // layer.filters * sum(prod(k.shape) for k in kernels)


def _dense(layer, inputs, outputs):
    return prod(inputs) * layer.units


def _dense_transpose(layer, inputs, outputs):
    return prod(outputs) * layer.dense.units


def _einsum(layer, inputs, outputs):
    x, kernel, _ = layer.equation.replace("->", ",").split(",")
    new = [n for axis, n in zip(kernel, layer.kernel.shape) if axis not in x]
    return prod(inputs) * prod(new)


def _none(layer, inputs, outputs):
    return 0


COSTS = {
    layers.Conv1D: _forwards,
    layers.Conv2D: _forwards,
    layers.Conv3D: _forwards,
    layers.Conv1DTranspose: _backwards,
    layers.Conv2DTranspose: _backwards,
    layers.Conv3DTranspose: _backwards,
    Conv2DTiedTranspose: _backwards,
    layers.DepthwiseConv1D: _by_channel,
    layers.DepthwiseConv2D: _by_channel,
    layers.SeparableConv1D: _separable,
    layers.SeparableConv2D: _separable,
    layers.Dense: _dense,
    DenseTranspose: _dense_transpose,
    layers.EinsumDense: _einsum,
    layers.Embedding: _none,
    layers.BatchNormalization: _none,
    layers.GroupNormalization: _none,
    layers.LayerNormalization: _none,
    layers.Normalization: _none,
    layers.PReLU: _none,
}
"""``COSTS[type(layer)](layer, inputs, outputs)`` counts one call of a layer."""

# They multiply what they are given with each other, or with numbers that are no weights.
PRODUCTS = {
    *(
        "AdditiveAttention",
        "Attention",
        "DotProductAttention",
        "Dot",
        "Einsum",
        "Inner",
    ),
    *("CDist", "Correlate", "Cross", "Kron", "Matmul", "Outer", "Tensordot", "Vdot"),
    *("Conv", "ConvTranspose", "DepthwiseConv", "SeparableConv"),
    *("Cholesky", "CholeskyInverse", "Det", "Eig", "Eigh", "Inv", "LuFactor", "Lstsq"),
    *("Pinv", "Qr", "SVD", "Slogdet", "Logdet", "Solve", "SolveTriangular"),
}
