"""A test whether one operator is the adjoint of another."""

import numpy as np
from scipy.sparse import issparse
from scipy.sparse.linalg import aslinearoperator

from ..checks import read_array

__all__ = ["dot_test"]


def dot_test(forward, backward=None, *, rtol=1e-10, seed=0):
    """Check with one random pair of vectors that one operator is another's adjoint.

    ``<A x, y>`` and ``<x, B y>`` are equal for all vectors exactly when ``B`` is
    the adjoint of ``A``. For two random vectors they practically never are equal
    when it is not.

    Parameters
    ----------
    forward : LinearOperator, sparse array or 2-D array
        The operator ``A``.
    backward : LinearOperator, sparse array, 2-D array or None, default None
        The operator ``B`` that should be its adjoint (for real numbers, its
        transpose); None tests the operator's own ``rmatvec``.
    rtol : float, default 1e-10
        Largest gap allowed, relative to ``|A x| |y|``; fit for float64.
    seed : int, default 0
        Seed of the two vectors.

    Returns
    -------
    float
        The relative gap.

    Raises
    ------
    ValueError
        If one of them is no operator, the shapes do not fit each other or the gap
        is larger than `rtol`.

    References
    ----------
    J. Claerbout, "Earth Soundings Analysis: Processing versus Inversion",
    1992, chapter 5, "Adjoint operators".

    Examples
    --------
    A 3x3 kernel and the transposed layer that leads back from 14x14 to 28x28:

    >>> import numpy as np
    >>> from convae_lib import conv_operator, conv_transpose_operator
    >>> kernel = np.arange(9.0).reshape(3, 3)
    >>> C = conv_operator(kernel, (28, 28), strides=2, padding="same")
    >>> T = conv_transpose_operator(kernel, (14, 14), strides=2, padding="same")
    >>> dot_test(C, T) < 1e-10
    True
    """
    forward = _read_operator("forward", forward)
    backward = forward.H if backward is None else _read_operator("backward", backward)
    if backward.shape != forward.shape[::-1]:
        raise ValueError(
            f"an adjoint of an operator of shape {forward.shape} has shape "
            f"{forward.shape[::-1]}, not {backward.shape}"
        )
    rng = np.random.default_rng(seed)
    x, y = (rng.normal(size=n) for n in forward.shape[::-1])
    if any(np.dtype(op.dtype).kind == "c" for op in (forward, backward)):
        x, y = (v + 1j * rng.normal(size=v.size) for v in (x, y))
    there, back = forward @ x, backward @ y
    scale = np.linalg.norm(there) * np.linalg.norm(y)
    gap = float(abs(np.vdot(there, y) - np.vdot(x, back)) / (scale or 1.0))
    if not gap <= rtol:
        raise ValueError(
            f"not an adjoint: <A x, y> and <x, B y> differ by {gap:.1e} of |A x| |y|, "
            f"more than rtol {rtol:.1e}"
        )
    return gap


def _read_operator(name, values):
    """Return an operator or a matrix as an operator, checked."""
    if hasattr(values, "matvec") or issparse(values):
        return aslinearoperator(values)
    matrix = read_array(name, values)
    if matrix.ndim != 2 or matrix.dtype.kind not in "biufc":
        raise ValueError(
            f"{name}, of shape {matrix.shape} and dtype {matrix.dtype}, is no operator; "
            "give a LinearOperator, a sparse array or a 2-D array of numbers"
        )
    return aslinearoperator(matrix)
