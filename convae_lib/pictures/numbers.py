"""Numbers that can be drawn."""

import numpy as np

from ..checks import read_array

__all__ = ["read_numbers"]


def read_numbers(name, values):
    """Return `values` as float64; refuse with a ValueError what are no real numbers.

    Examples
    --------
    >>> read_numbers("images", [[True, False]])
    array([[1., 0.]])
    """
    values = read_array(name, values)
    if not np.can_cast(values.dtype, np.float64, "same_kind"):
        raise ValueError(f"{name} has dtype {values.dtype}; give real numbers")
    return values.astype(np.float64)
