"""The check that stands under every exercise of the book."""

import numpy as np

__all__ = ["check"]


def check(answer, expected, *, atol=1e-6):
    """Compare an answer with what was expected, and say so.

    Parameters
    ----------
    answer : object
        A number, string, bool or array; ``...`` means that the exercise has
        not been tried yet.
    expected : object
        The right answer, computed in the notebook.
    atol : float, default 1e-6
        Allowed absolute difference between numbers.

    Returns
    -------
    None
        It prints one line: ``not answered yet``, ``right`` or ``not yet``
        with what is wrong.

    Examples
    --------
    >>> check(..., 7)
    not answered yet
    >>> check(7, 7)
    right
    >>> check((3, 7), (7, 3))
    not yet: 2 of 2 values differ
    >>> check([1, 2, 3], (2, 2))
    not yet: the shape is (3,), expected is (2,)
    """
    if answer is ...:
        print("not answered yet")
        return
    answer = answer.toarray() if hasattr(answer, "toarray") else answer
    want = np.asarray(expected)
    try:
        got = np.asarray(answer)
    except ValueError:  # a list whose parts differ in length
        print(f"not yet: the answer has no shape, expected is {want.shape}")
        return
    if got.shape != want.shape:
        print(f"not yet: the shape is {got.shape}, expected is {want.shape}")
        return
    numeric = np.issubdtype(got.dtype, np.number) and np.issubdtype(
        want.dtype, np.number
    )
    same = np.isclose(got, want, rtol=1e-6, atol=atol) if numeric else got == want
    wrong = np.size(same) - np.count_nonzero(same)
    print(
        "right" if not wrong else f"not yet: {wrong} of {np.size(same)} values differ"
    )
