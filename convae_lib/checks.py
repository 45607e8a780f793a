"""Checks of arguments that every room shares."""

from numbers import Integral

__all__ = ["check_sizes", "is_whole"]


def is_whole(value):
    """Tell whether `value` is an integer (bool excluded), NumPy's included."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_sizes(least=1, **sizes):
    """Refuse sizes that are no whole numbers from `least` up.

    Raises
    ------
    ValueError
        Names the argument and the value.
    """
    for name, value in sizes.items():
        if not is_whole(value) or value < least:
            raise ValueError(f"{name} {value!r} must be a whole number from {least} up")
