"""The operators against their matrices."""

import pickle
import tracemalloc

import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator, lsqr

from convae_lib import (
    conv_matrix,
    conv_operator,
    conv_transpose_matrix,
    conv_transpose_operator,
)
from convae_lib.convolution import windows
from tests.library.convolution.examples import a_kernel

OPTIONS = [
    dict(),
    dict(strides=(2, 1), padding="same", dilation_rate=(1, 2)),
    dict(strides=(1, 2), padding="same", dilation_rate=(2, 1)),
    dict(padding="full", dilation_rate=(2, 3), strides=(3, 2)),
    dict(padding="full", boundary="wrap", strides=2),
    dict(padding=((0, 3), (7, 1)), boundary="wrap"),
    dict(padding=((0, 3), (2, 1)), strides=(1, 3)),
]


@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("options", OPTIONS)
def test_all_products_equal_the_matrix(options, dtype):
    kernel, rng = a_kernel(dtype), np.random.default_rng(1)
    C = conv_matrix(kernel, (6, 5, 4), groups=2, **options)
    A = conv_operator(kernel, (6, 5, 4), groups=2, **options)
    assert isinstance(A, LinearOperator)
    assert (A.shape, A.dtype) == (C.shape, C.dtype)
    x, y = (rng.normal(size=(n, 3)).astype(dtype) for n in C.shape[::-1])
    near = dict(rel=1e-4, abs=1e-4) if A.dtype.itemsize in (4, 8) else {}
    for one, two, v in [(A, C, x), (A.H, C.conj().T, y), (A.T, C.T, y)]:
        assert one @ v == pytest.approx(two @ v, **near)  # matmat
        assert one @ v[:, 0] == pytest.approx(two @ v[:, 0], **near)  # matvec
    assert (A @ x[:, 0]).dtype == C.dtype


@pytest.mark.parametrize("dtype", ["f8", "c16"])
def test_the_transposed_operator_equals_its_matrix(dtype):
    kernel, rng = a_kernel(dtype), np.random.default_rng(2)
    options = dict(strides=(2, 3), padding="same", output_padding=(0, 2), groups=2)
    T = conv_transpose_matrix(kernel, (4, 3, 6), **options)
    A = conv_transpose_operator(kernel, (4, 3, 6), **options)
    assert (A.shape, A.dtype) == (T.shape, T.dtype)
    x, y = (rng.normal(size=n) for n in T.shape[::-1])
    assert A @ x == pytest.approx(T @ x)
    assert A.H @ y == pytest.approx(T.conj().T @ y)
    assert A.T @ y == pytest.approx(T.T @ y)


@pytest.mark.parametrize("rate", [(1, 2), (2, 1), (3, 2)])
@pytest.mark.parametrize("padding", ["valid", "same", ((1, 2), (0, 3))])
def test_the_transposed_operator_is_dilated_on_each_axis(rate, padding):
    options = dict(strides=(2, 3), padding=padding, dilation_rate=rate)
    kernel = np.random.default_rng(6).normal(size=(3, 3))
    T = conv_transpose_matrix(kernel, (4, 3), **options)
    A = conv_transpose_operator(kernel, (4, 3), **options)
    assert A @ np.eye(12) == pytest.approx(T.toarray())
    assert A.H @ np.eye(T.shape[0]) == pytest.approx(T.T.toarray())


@pytest.mark.parametrize("numbers", ["b1", "i1", "u2", "i8", "f2", "f4", "f8", "c8"])
@pytest.mark.parametrize("dtype", ["b1", "i1", "i8", "f4", "f8", "c16"])
def test_a_product_has_the_dtype_that_holds_both(dtype, numbers):
    kernel, x = np.ones((2, 2), dtype), np.ones(9).astype(numbers)
    if x.dtype.kind in "fc":
        x = x * np.asarray(1.5, numbers)  # which a kernel of whole numbers would cut
    for A in (conv_operator(kernel, (3, 3)), conv_transpose_operator(kernel, (3, 3))):
        for operator in (A, A.H.H, A.T.T):
            y = operator @ x
            assert y.dtype == np.result_type(kernel, x)
            assert operator.matvec(x).dtype == y.dtype
        assert A.H.dtype == A.T.dtype == A.dtype == kernel.dtype
        assert A.rmatvec(np.full(A.shape[0], x[0])).dtype == y.dtype
    y = conv_operator(kernel, (3, 3)) @ x
    assert (y == (x[0] if dtype == numbers == "b1" else 4 * x[0].astype(y.dtype))).all()


def test_masked_numbers_are_refused():
    A, x = conv_operator([1, 2, 3], 8), np.ma.masked_equal(np.arange(8.0), 2)
    y = x[:6]
    for use, v in [
        (A.dot, x),
        (A.matvec, x),
        (A.rmatvec, y),
        (A.H.dot, y),
        (A.T.dot, y),
        (A.dot, np.ma.stack([x, x], axis=1)),
        (A.matmat, np.ma.stack([x, x], axis=1)),
    ]:
        with pytest.raises(ValueError, match="x has . masked value"):
            use(v)
    assert (A @ x.filled(0)).shape == (6,)


def test_operators_combine_as_scipy_s_do():
    A = conv_operator([1.0, 2.0], 4)
    C = conv_matrix([1.0, 2.0], 4).toarray()
    x = np.arange(4.0)
    assert (A.T @ A) @ x == pytest.approx(C.T @ C @ x)
    assert (2 * A) @ x == pytest.approx(2 * C @ x)
    assert A.dot(2) @ x == pytest.approx(2 * C @ x)
    assert A @ np.eye(4) == pytest.approx(C)
    assert np.arange(3.0) @ A == pytest.approx(np.arange(3.0) @ C)


@pytest.mark.parametrize("options", [{}, dict(padding="same"), OPTIONS[4]])
def test_complex_numbers_stay_complex(options):
    x = np.arange(12) + 1j * np.arange(12)[::-1]
    kernel = [[1.0, 2.0], [3.0, 4.0]]
    A, C = (build(kernel, (3, 4), **options) for build in (conv_operator, conv_matrix))
    np.testing.assert_allclose(A @ x, C @ x)
    y = C @ x
    np.testing.assert_allclose(A.T @ y, C.T @ y)


def test_whole_numbers_stay_whole():
    x = np.arange(12)
    A = conv_operator([[1, 2], [3, 4]], (3, 4))
    assert (A @ x).dtype == np.int64
    assert (A @ x).tolist() == (conv_matrix([[1, 2], [3, 4]], (3, 4)) @ x).tolist()


@pytest.mark.parametrize("size", [1, 700, 3000])
@pytest.mark.parametrize("options", OPTIONS)
def test_blocks_of_any_size_are_one_convolution(monkeypatch, options, size):
    monkeypatch.setattr(windows, "CHUNK_BYTES", size)
    rng = np.random.default_rng(5)
    for kernel, shape, groups in (
        (a_kernel("f8"), (6, 5, 4), 2),
        (rng.normal(size=(3, 2, 2, 3)), (7, 5, 2), 1),
    ):
        C = conv_matrix(kernel, shape, groups=groups, **options)
        A = conv_operator(kernel, shape, groups=groups, **options)
        x, y = (rng.normal(size=n) for n in C.shape[::-1])
        assert A @ x == pytest.approx(C @ x)
        assert A.T @ y == pytest.approx(C.T @ y)


@pytest.mark.parametrize("size", [1, 100, 2**19])
def test_one_and_three_axes_in_blocks(monkeypatch, size):
    monkeypatch.setattr(windows, "CHUNK_BYTES", size)
    rng = np.random.default_rng(6)
    for axes, rate in ((1, 1), (1, 2), (3, 1), (3, (2, 1, 1))):
        kernel = rng.normal(size=(3, 2, 2)[:axes] + (2, 3))
        shape = ((6, 5, 4)[:axes]) + (2,)
        options = dict(strides=2, padding="same", dilation_rate=rate)
        C = conv_matrix(kernel, shape, **options)
        A = conv_operator(kernel, shape, **options)
        x, y = (rng.normal(size=n) for n in C.shape[::-1])
        assert A @ x == pytest.approx(C @ x)
        assert A.T @ y == pytest.approx(C.T @ y)


def test_an_operator_stores_no_entries():
    tracemalloc.start()
    A = conv_operator(np.ones((3, 3, 3, 64)), (1000, 1000, 3), padding="same")
    made = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert A.shape == (64 * 10**6, 3 * 10**6)
    assert made < 10**5


def test_an_operator_keeps_its_own_kernel_and_can_be_pickled():
    kernel = np.ones(3)
    for operator in (conv_operator(kernel, 5), conv_transpose_operator(kernel, 3)):
        kernel[:] = 1
        before = operator @ np.ones(operator.shape[1])
        kernel[:] = 2
        assert (operator @ np.ones(operator.shape[1]) == before).all()
        copy = pickle.loads(pickle.dumps(operator))
        assert (copy @ np.ones(operator.shape[1]) == before).all()


def test_a_long_kernel_needs_little_memory():
    A = conv_operator(np.ones(2000), 200_000, padding="same")
    tracemalloc.start()
    y = A @ np.ones(200_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert y[100_000] == 2000 and peak < 10**7


def test_bad_input_is_named_as_for_the_matrix():
    with pytest.raises(ValueError, match="boundary 'reflect' is not known"):
        conv_operator([1, 2], 5, boundary="reflect")
    with pytest.raises(ValueError, match="ends in 2"):
        conv_transpose_operator(np.ones((3, 3, 5, 2)), (4, 4, 5))


def test_least_squares_sharpens_what_the_transpose_blurs():
    rng = np.random.default_rng(5)
    x = rng.random((12, 10))
    bell = np.outer([1, 2, 1], [1, 2, 1]) / 16
    blur = conv_operator(bell, x.shape, padding="same")
    y = blur @ x.ravel()
    found = lsqr(blur, y, atol=1e-12, btol=1e-12, iter_lim=2000)[0]
    assert found == pytest.approx(x.ravel(), abs=1e-5)
    assert np.linalg.norm(blur.T @ y - x.ravel()) > 0.1 * np.linalg.norm(x)
