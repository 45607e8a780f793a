"""Walking through a network, call by call."""

import keras

from ..checks import is_whole

__all__ = ["chain_of", "refuse_own_call", "symbols", "walk"]


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
    if input_shape is not None:
        given = (input_shape,) if is_whole(input_shape) else tuple(input_shape)
        if not all(is_whole(n) and n > 0 for n in given):
            raise ValueError(
                f"input_shape {input_shape!r} must be positive whole numbers, those of "
                "one input without the batch, such as (28, 28, 1)"
            )
        if not model.built:
            model.build((None, *given))
        return [keras.KerasTensor((1, *given))]
    try:
        inputs = model.inputs if chain_of(model) else keras.tree.flatten(model.input)
    except (AttributeError, ValueError):  # neither built nor called yet
        inputs = []
    shapes = [tuple(x.shape[1:]) for x in inputs]
    if not inputs or any(None in shape for shape in shapes):
        leaves = (
            f"leaves sizes open {shapes}" if inputs else "does not know its input yet"
        )
        raise ValueError(
            f"{model.name} {leaves}; say the shape of one, without the batch, as in "
            "input_shape=(28, 28, 1)"
        )
    return [keras.KerasTensor((1, *x.shape[1:]), x.dtype) for x in inputs]
