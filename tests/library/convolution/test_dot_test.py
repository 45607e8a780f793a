"""What the dot test takes for an adjoint, and what it does not."""

import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from convae_lib import conv_matrix, conv_transpose_matrix, dot_test
from tests.library.convolution.examples import a_kernel


def test_dot_test_takes_operators_matrices_and_pairs():
    C = conv_matrix(a_kernel("f8"), (6, 5, 4), groups=2)
    for pair in [(C,), (C, C.T), (C.toarray(), C.T), (aslinearoperator(C),)]:
        assert 0 <= dot_test(*pair) < 1e-10
    Z = conv_matrix(a_kernel("c16"), (6, 5, 4), groups=2)
    assert dot_test(Z, Z.conj().T) < 1e-10
    with pytest.raises(ValueError, match="not an adjoint"):
        dot_test(Z, Z.T)


def test_dot_test_tells_a_flipped_kernel():
    kernel = np.arange(9.0).reshape(3, 3)
    C = conv_matrix(kernel, (8, 8), padding="same")
    with pytest.raises(ValueError, match="not an adjoint: .* more than rtol 1.0e-10"):
        dot_test(C, conv_transpose_matrix(kernel[::-1], (8, 8), padding="same"))
    with pytest.raises(ValueError, match=r"has shape \(64, 16\), not \(16, 64\)"):
        dot_test(np.ones((16, 64)), np.ones((16, 64)))


def test_dot_test_refuses_what_is_not_a_number():
    with pytest.raises(ValueError, match="differ by nan"):
        dot_test(np.full((2, 2), np.nan))


@pytest.mark.parametrize("name", ["forward", "backward"])
@pytest.mark.parametrize("entry", [0, 11, 63])
def test_dot_test_is_as_sharp_as_it_says(name, entry):
    A = np.random.default_rng(0).normal(size=(8, 8))
    pair = {"forward": A.copy(), "backward": A.T.copy()}
    pair[name].flat[entry] += 1e-6
    with pytest.raises(ValueError, match="not an adjoint"):
        dot_test(**pair)
    gap = dot_test(**pair, rtol=1e-6)
    assert 1e-10 < gap < 1e-7  # one of 64 entries, a millionth off
    pair[name].flat[entry] = A.flat[entry] if name == "forward" else A.T.flat[entry]
    assert dot_test(**pair) < 1e-14


def test_dot_test_measures_the_gap_by_hand():
    # A x = 2x, B y = 3y: <A x, y> - <x, B y> = -xy, and |A x| |y| = 2 |xy|.
    assert dot_test([[2.0]], [[3.0]], rtol=1) == pytest.approx(0.5)
    assert dot_test(np.zeros((2, 3)), rtol=0) == 0
    with pytest.raises(ValueError, match="not an adjoint"):
        dot_test(np.zeros((2, 3)), np.ones((3, 2)))


def test_dot_test_draws_from_its_seed():
    A, off = np.eye(4), np.diag([1.0, 1.0, 1.0, 1.1])
    gaps = {dot_test(A, off, rtol=1, seed=seed) for seed in range(4)}
    assert len(gaps) == 4
    assert dot_test(A, off, rtol=1) == dot_test(A, off, rtol=1, seed=0)


@pytest.mark.parametrize(
    ("operator", "message"),
    [
        (np.ones(3), r"forward, of shape \(3,\) and dtype float64, is no operator"),
        (lambda x: x, r"of shape \(\) and dtype object, is no operator; give a Linear"),
        ([["a"]], "is no operator"),
        (np.ma.masked_equal(np.eye(2), 1), "forward has 2 masked values"),
    ],
)
def test_dot_test_names_what_is_no_operator(operator, message):
    with pytest.raises(ValueError, match=message):
        dot_test(operator)
    with pytest.raises(ValueError, match=message.replace("forward", "backward")):
        dot_test(np.eye(2), operator)


def test_dot_test_draws_complex_vectors_for_complex_operators():
    # Real ones do not tell the conjugate from the identity.
    for dtype in ("c8", "c16"):
        conjugate = LinearOperator((3, 3), np.conj, dtype=dtype)
        for pair in [(conjugate, np.eye(3)), (np.eye(3), conjugate)]:
            with pytest.raises(ValueError, match="not an adjoint"):
                dot_test(*pair)
    real = LinearOperator((3, 3), np.conj, rmatvec=np.conj, dtype="f8")
    assert dot_test(real, np.eye(3)) < 1e-10
