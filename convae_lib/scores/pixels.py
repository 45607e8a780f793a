"""Images and reconstructions as every score reads them: values in [0, 1], or refused."""

from math import prod

from ..checks import read_numbers, refuse_not_finite, white_of

__all__ = ["read_pixels", "refuse_other_shape"]


def read_pixels(name, values):
    """Return `values` as float64 pixels.

    Parameters
    ----------
    name : str
        What a refusal calls them.
    values : array_like or tensor
        In [0, 1], of any shape; truth values are 0 and 1.

    Returns
    -------
    numpy.ndarray of float64

    Raises
    ------
    ValueError
        If there is no value, or one is masked, not a number or outside [0, 1]. The
        message says how such values come to lie in it.

    Examples
    --------
    >>> read_pixels("x", [False, True])
    array([0., 1.])
    >>> read_pixels("x", [0.0, 255.0])
    Traceback (most recent call last):
        ...
    ValueError: x has values from 0 to 255; they must lie in [0, 1]: divide grey levels by 255
    """
    values = read_numbers(name, values)
    if not values.size:
        raise ValueError(f"{name} is empty: its shape is {values.shape}")
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 1:
        return values
    refuse_not_finite(name, values)
    raise ValueError(
        f"{name} has values from {_told(low)} to {_told(high)}; they must lie in [0, 1]: "
        + _remedy(name, values, low, high)
    )


def refuse_other_shape(x, reconstruction):
    """Raise a ValueError that says how images and reconstructions come to fit.

    Parameters
    ----------
    x, reconstruction : tuple
        Their shapes, which do not fit; None is a length that is not known yet.
    """
    given = f"reconstruction of shape {reconstruction} does not fit x of shape {x}: "
    x, y = (tuple(-1 if k is None else k for k in s) for s in (x, reconstruction))
    alike = [k for k in x if k != 1] == [k for k in y if k != 1]
    flat = 2 in (len(x), len(y)) and x[:1] == y[:1] and prod(x[1:]) == prod(y[1:])
    if alike or flat:
        how = f"give np.reshape(x, {y})"
    elif len(y) > 3 and (y[0], *y[2:], y[1]) == x:
        how = "its channels come first; give np.moveaxis(reconstruction, 1, -1)"
    elif len(x) > 3 and (x[0], *x[2:], x[1]) == y:
        how = "the channels of x come first; give np.moveaxis(x, 1, -1)"
    else:
        how = "they must have one shape"
    raise ValueError(given + how)


def _told(value):
    """Write a number in four digits, but never as the 1 that it is not."""
    short = f"{value:.4g}"
    return short if float(short) == value or float(short) != 1 else repr(value)


def _remedy(name, values, low, high):
    if white := white_of(name, values):
        return f"divide grey levels by {white}"
    clipped = f"np.clip({name}, 0, 1)"
    if low >= -0.01 and high <= 1.01:
        return f"give {clipped}, if they were rounded"
    if name == "reconstruction":
        return f"give the sigmoid of logits, or {clipped} where a model overshoots"
    if low >= -1 and high <= 1:
        return f"give ({name} + 1) / 2, if black is -1"
    return f"give ({name} - {name}.min()) / ({name}.max() - {name}.min())"
