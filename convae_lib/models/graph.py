"""Walking through a network, call by call."""

import re

import keras

from ..checks import is_whole

__all__ = [
    "chain_of",
    "inputs_of",
    "not_taken",
    "read_input_shape",
    "refuse_own_call",
    "refuse_shape",
    "symbols",
    "walk",
]


def walk(model, inputs, step):
    """Return what a network gives for `inputs`, one `step` for each call in it.

    Parameters
    ----------
    model : keras.Operation
        A layer, a `keras.Sequential` model, or a functional one: both may hold
        models again, and a layer that is used twice is called twice. A model
        that has a `call` of its own is one call.
    inputs : list
        What the model is called with: anything that `step` understands.
    step : callable
        ``step(operation, *args, **kwargs)`` is what one call gives, of a layer
        or of an operation of `keras.ops`.

    Returns
    -------
    object
        What the last steps gave, arranged as the model's outputs.

    Examples
    --------
    >>> import keras
    >>> x = keras.Input((4,))
    >>> model = keras.Model(x, x + keras.layers.Dense(4, name="dense")(x))
    >>> def told(call, *of):
    ...     return f"{'add' if call.name != 'dense' else 'dense'}({', '.join(of)})"
    >>> walk(model, ["x"], told)
    'add(x, dense(x))'
    """
    if chain_of(model) == "Sequential":
        for layer in model.layers:
            inputs = [walk(layer, inputs, step)]
        return inputs[0]
    if chain_of(model) == "Functional":
        # The loop of Keras itself, which it calls with its own layers.
        return model._run_through_graph(
            list(inputs),
            operation_fn=lambda call: (
                lambda *args, **options: (
                    walk(call, keras.tree.flatten(args), step)
                    if chain_of(call)
                    else step(call, *args, **options)
                )
            ),
        )
    return step(model, *inputs)


def chain_of(operation):
    """Return "Sequential" or "Functional" for a model that can be looked into.

    It can be where `call` is still Keras's own.
    """
    call = getattr(type(operation), "call", None)
    kind = getattr(call, "__qualname__", "").removesuffix(".call")
    return kind if kind in ("Sequential", "Functional") else None


def refuse_own_call(model):
    """Raise a TypeError for a model whose `call` is its own: it is not looked into."""
    if isinstance(model, keras.Model) and not chain_of(model):
        raise TypeError(
            f"{type(model).__name__} {model.name!r} has a call of its own, which is not "
            "looked into; trace it first: x = keras.Input(shape); "
            "model = keras.Model(x, model.call(x))"
        )


def symbols(model, input_shape=None):
    """Return a model's inputs as Keras tensors without values, for one image.

    Parameters
    ----------
    model : keras.Model or keras.layers.Layer
        Built here if it is not and `input_shape` is given.
    input_shape : sequence of int, optional
        Shape of an input without the batch, where the model leaves it open.

    Returns
    -------
    list of keras.KerasTensor

    Raises
    ------
    TypeError
        If `model` is no Keras model or layer.
    ValueError
        If sizes are open and `input_shape` does not say them.

    Examples
    --------
    >>> import keras
    >>> [x.shape for x in symbols(keras.layers.Dense(3), (4,))]
    [(1, 4)]
    """
    if not isinstance(model, keras.layers.Layer):
        raise TypeError(f"model must be a Keras model or layer, not {model!r}")
    inputs = inputs_of(model)
    if input_shape is not None and len(inputs) < 2:
        given = read_input_shape(input_shape)
        refuse_shape(model, given)
        if not model.built:
            try:
                model.build((None, *given))
            except Exception as error:
                raise not_taken(model, [given], error) from error
        return [keras.KerasTensor((1, *given))]
    shapes = [tuple(x.shape[1:]) for x in inputs]
    leaves_open = any(None in shape for shape in shapes)
    if len(inputs) > 1 and (leaves_open or input_shape is not None):
        raise ValueError(
            f"{model.name} has {len(inputs)} inputs, of shapes {shapes}; leave input_shape, "
            "which is that of one, out, and build the model from keras.Input with all sizes"
        )
    if not inputs or leaves_open:
        leaves = (
            f"leaves sizes open {shapes}" if inputs else "does not know its input yet"
        )
        raise ValueError(
            f"{model.name} {leaves}; say the shape of one, without the batch, as in "
            "input_shape=(28, 28, 1)"
        )
    return [keras.KerasTensor((1, *x.shape[1:]), x.dtype) for x in inputs]


def inputs_of(model):
    """Return the inputs that a model or layer was built for, as far as it knows them."""
    try:
        if chain_of(model):
            return (model.inputs if model.built else None) or []
        return keras.tree.flatten(model.input)
    except (AttributeError, ValueError):  # neither built nor called yet
        return []


def read_input_shape(input_shape):
    """Return the shape of one input, without the batch, as a tuple of whole numbers."""
    several = hasattr(input_shape, "__len__") and not isinstance(input_shape, str)
    given = tuple(input_shape) if several else (input_shape,)
    if not all(is_whole(n) and n > 0 for n in given):
        raise ValueError(
            f"input_shape {input_shape!r} must be positive whole numbers, those of "
            "one input without the batch, such as (28, 28, 1)"
        )
    return tuple(int(n) for n in given)


def refuse_shape(layer, shape, given="input_shape"):
    """Raise a ValueError if a layer or model does not take an input of this shape.

    Parameters
    ----------
    layer : keras.layers.Layer
        What it takes is told by its inputs, if it is a model, or by its specification.
    shape : tuple of int
        Without the batch.
    given : str
        What the message calls the shape.
    """
    if isinstance(layer, keras.Model):
        inputs = inputs_of(layer)
        if len(inputs) > 1:
            raise ValueError(
                f"{layer.name} has {len(inputs)} inputs; give a model of one"
            )
        for takes in (tuple(x.shape[1:]) for x in inputs):
            fits = [want in (None, size) for want, size in zip(takes, shape)]
            if len(takes) != len(shape) or not all(fits):
                raise ValueError(
                    f"{layer.name} takes inputs of shape {takes}, without the batch; "
                    f"{given} {shape} is none"
                )
        return
    spec = layer.input_spec
    if hasattr(layer, "kernel_size"):
        least = most = len(layer.kernel_size) + 1
    else:
        exactly = getattr(spec, "ndim", None)
        least = max((exactly or getattr(spec, "min_ndim", None) or 2) - 1, 1)
        most = exactly - 1 if exactly else float("inf")
    if not least <= len(shape) <= most:
        names = ("depth", "height", "width", "channels")
        axes = "1 axis" if least == 1 else f"{least} axes ({', '.join(names[-least:])})"
        raise ValueError(
            f"{layer.name} takes inputs of {axes}{'' if most == least else ' or more'}, "
            f"without the batch; {given} {shape} has {len(shape)}"
        )
    for axis, size in (getattr(spec, "axes", None) or {}).items():
        if size is not None and (None, *shape)[axis] != size:
            raise ValueError(
                f"{layer.name} was built for {size} on axis {axis}; {given} {shape} "
                f"has {(None, *shape)[axis]}"
            )


def not_taken(call, shapes, error):
    """Return the ValueError for a call that failed with inputs of these shapes."""
    lines = re.sub(r"\x1b\[\d*m", "", str(error)).splitlines()
    # Where Keras adds in which layer it was, what was said comes after that.
    said = [line for line in lines if line and not line.startswith("Exception enc")]
    return ValueError(
        f"{type(call).__name__} {call.name!r} does not take "
        f"{' and '.join(map(str, shapes))}, without the batch; with it, the backend says: "
        f"{said[0] if said else type(error).__name__}"
    )
