"""When is an answer right? Numbers, words, arrays, sparse ones and tensors are compared."""

import math

import numpy as np
from scipy.sparse import issparse

__all__ = ["difference"]


def difference(answer, expected, *, atol=1e-6):
    """Say what is wrong with an answer.

    Parameters
    ----------
    answer : object
        A number, string, bool, array (sparse, too) or tensor.
    expected : object
        The right answer.
    atol : float, default 1e-6
        Allowed absolute difference between numbers. Besides, an answer may be
        rounded by a millionth, but never to the next whole number: 9,834,496 is not
        9,834,497.

    Returns
    -------
    str or None
        None if the answer is right.

    Examples
    --------
    >>> difference(7, 7)
    >>> difference(8, 7)
    'another number is expected'
    >>> difference((3, 7), (7, 3))
    '2 of 2 values differ'
    >>> difference([1, 2, 3], (2, 2))
    'the shape is (3,), expected is (2,)'
    """
    want = _read(expected)
    try:
        got = _read(answer)
    except ValueError:  # a list whose parts differ in length
        return f"the answer has no shape, expected is {_told(want.shape)}"
    if got.shape != want.shape:
        told = f"the shape is {got.shape}" if got.shape else "it is one value"
        return f"{told}, expected is {_told(want.shape)}"
    size = math.prod(got.shape)
    got, want = _entries(got, want)
    masked = np.ma.getmaskarray(want)
    hidden = np.count_nonzero(np.ma.getmaskarray(got) != masked)
    if hidden:
        return f"{hidden} of {size} values are masked"
    same = _alike(np.asarray(got), np.asarray(want), atol) | masked
    wrong = np.size(same) - np.count_nonzero(same)
    if not wrong:
        return None
    if want.shape:
        return f"{wrong} of {size} values differ"
    kind = "number" if want.dtype.kind in "iufc" else "answer"
    return f"another {kind} is expected"


def _told(shape):
    return shape or "one value"


def _read(values):
    """Return numbers as an array; a sparse one stays sparse, masks are kept."""
    if issparse(values):
        return values.tocsr()
    if hasattr(values, "detach"):  # PyTorch's, which may carry a gradient
        values = values.detach().cpu()
    return np.ma.asarray(values)


def _entries(got, want):
    """Return two arrays of one shape as dense ones: of two sparse ones what is stored."""
    both = [got, want]
    if all(map(issparse, both)):
        places = ((got != 0) + (want != 0)).nonzero()
        both = [values[places] for values in both]
    return [values.toarray() if issparse(values) else values for values in both]


def _alike(got, want, atol):
    """Return where two arrays of one shape hold the same."""
    if not (_has_float64(got) and _has_float64(want)):
        return got.astype(object) == want.astype(object)  # by Python, which is exact
    floats = [values.dtype for values in (got, want) if values.dtype.kind in "fc"]
    digit = max((np.finfo(dtype).eps for dtype in floats), default=0)
    wide = np.result_type(got, want, np.float64)
    got, want = got.astype(wide), want.astype(wide)
    with np.errstate(invalid="ignore"):  # infinity less infinity
        gap, size = np.abs(got - want), np.abs(want)
    # A whole number may be rounded on the way, but never be the next one, where the
    # numbers have a place for both; beyond that, a few roundings are allowed.
    rounded = np.minimum(min(1e-6, 4096 * digit) * size, 0.49)
    rounded = np.where(size * digit < 2, rounded, 4 * digit * size)
    relative = np.where(want == np.rint(want), rounded, 1e-6 * size)
    return (got == want) | (np.isfinite(size) & (gap <= atol + relative))


def _has_float64(values):
    """Tell whether these are numbers that float64 or complex128 hold exactly."""
    if values.dtype.kind in "iu":
        return not np.any((values > 2**53) | (values < -(2**53)))
    return values.dtype.kind in "fc"
