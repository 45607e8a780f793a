"""What the dot test takes for an adjoint, and what it does not."""

import numpy as np
import pytest
from scipy.sparse.linalg import aslinearoperator

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
