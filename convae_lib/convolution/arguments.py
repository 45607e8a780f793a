"""The arguments that every convolution shares, checked, with one value per axis."""

from collections.abc import Mapping
from operator import index

from ..checks import is_whole, read_array

__all__ = ["is_name", "numbers_per_axis", "pads_per_axis", "per_axis", "plain"]


def numbers_per_axis(input_shape, kernel_size, strides, dilation_rate):
    """Return the four arguments as tuples of one length, checked."""
    shape = plain("input_shape", input_shape)
    axes = len(shape) if isinstance(shape, tuple) else 1
    if not axes:
        raise ValueError("input_shape () has no axis; give at least one size")
    return (
        per_axis("input_shape", shape, axes),
        per_axis("kernel_size", kernel_size, axes),
        per_axis("strides", strides, axes),
        per_axis("dilation_rate", dilation_rate, axes),
    )


def per_axis(name, value, axes, least=1, optional=False):
    """Return `value` as one whole number for each axis, or None where it is optional."""
    values = plain(name, value)
    values = values if isinstance(values, tuple) else (values,) * axes
    if len(values) != axes:
        raise ValueError(
            f"{name} {value!r} has {len(values)} numbers; give one, or {axes}: "
            "one per spatial axis"
        )
    for number in values:
        if optional and number is None:
            continue
        if not is_whole(number) or number < least:
            raise ValueError(
                f"{name} {value!r} must be made of whole numbers of at least {least}"
                + (", or None" if optional else "")
            )
    return tuple(number if number is None else index(number) for number in values)


def plain(name, value):
    """Return a sequence as a tuple, an array or a tensor with Python's own numbers."""
    if hasattr(value, "ndim"):
        value = read_array(name, value).tolist()
    ordered = hasattr(value, "__len__") and hasattr(value, "__getitem__")
    if not ordered or isinstance(value, (str, bytes, Mapping)):
        return value
    return tuple(value)


def pads_per_axis(padding, kernel, rates):
    """Return `padding` as one (before, after) for each axis, or None for "same".

    What "same" adds depends on the size of the input; the other kinds do not.
    """
    axes = len(kernel)
    if isinstance(padding, str):
        if padding == "valid":
            return ((0, 0),) * axes
        if padding == "same":
            return (None,) * axes
        if padding == "full":
            return tuple((d * (k - 1),) * 2 for k, d in zip(kernel, rates))
        raise ValueError(
            f"padding {padding!r} is not known; use 'valid', 'same', 'full', a whole "
            "number or a pair per axis such as ((1, 1), (0, 2))"
        )
    try:
        pairs = ((padding, padding),) * axes if is_whole(padding) else padding
        pads = tuple((before, after) for before, after in pairs)
    except (TypeError, ValueError):
        pads = ()
    if len(pads) != axes or not all(
        is_whole(side) and side >= 0 for pad in pads for side in pad
    ):
        raise ValueError(
            f"padding {padding!r} does not fit {axes} spatial axes; use 'valid', "
            "'same', 'full', a whole number of at least 0, or a (before, after) pair of "
            f"such numbers per axis: {((1, 1),) * axes} is the same as 1"
        )
    return tuple((index(before), index(after)) for before, after in pads)


def is_name(padding, name):
    """Tell whether `padding` is that string; arrays of numbers are not."""
    return isinstance(padding, str) and padding == name
