"""The matrices against worked examples and their own definition.

Random geometries meet Keras and JAX in test_oracles.py.
"""

import gc
import inspect
import itertools
import re
import tracemalloc
import weakref
from math import prod

import numpy as np
import pytest
from scipy.linalg import circulant, convolution_matrix
from scipy.signal import convolve2d, correlate
from scipy.sparse import csc_array, csr_array

from convae_lib import (
    conv_matrix,
    conv_operator,
    conv_output_shape,
    conv_transpose_matrix,
    conv_transpose_operator,
    conv_transpose_output_shape,
)
from convae_lib.convolution import csr

LOPSIDED = np.array([[1, 2, 0], [0, 1, 3], [0, 0, 1]])


def test_the_book_s_example():
    C = conv_matrix(LOPSIDED, (4, 4))
    assert C @ np.arange(1, 17) == pytest.approx([43, 51, 75, 83])
    assert C.toarray()[1].reshape(4, 4).tolist() == [
        [0, 1, 2, 0],
        [0, 0, 1, 3],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
    ]


def test_zeros_of_the_kernel_are_stored():
    assert conv_matrix(LOPSIDED, (4, 4)).nnz == 4 * 9
    assert conv_matrix(np.zeros((3, 3)), (4, 4)).nnz == 4 * 9


def test_worked_example_of_dive_into_deep_learning():
    # d2l.ai, "Transposed Convolution": X = [[0, 1], [2, 3]] and K the same.
    K = np.array([[0, 1], [2, 3]])
    back = conv_transpose_matrix(K, (2, 2)) @ np.arange(4)
    assert back.reshape(3, 3).tolist() == [[0, 0, 1], [0, 4, 6], [4, 12, 9]]
    strided = conv_transpose_matrix(K, (2, 2), strides=2) @ np.arange(4)
    assert strided.reshape(4, 4).tolist() == [
        [0, 0, 0, 1],
        [0, 0, 2, 3],
        [0, 2, 0, 3],
        [4, 6, 6, 9],
    ]


def test_worked_matrix_of_the_convolution_guide():
    # Dumoulin and Visin, section 4.1: the first row holds w00 w01 w02 0 w10 ...
    w = np.arange(1, 10).reshape(3, 3)
    first = [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0]
    assert conv_matrix(w, (4, 4)).toarray()[0].tolist() == first


def test_worked_examples_of_onnx():
    # onnx/backend/test/case/node/conv.py: basic_conv, conv_with_strides
    ones, small = np.ones((3, 3), int), np.arange(25)
    padded = conv_matrix(ones, (5, 5), padding=1) @ small
    assert padded.reshape(5, 5).tolist() == [
        [12, 21, 27, 33, 24],
        [33, 54, 63, 72, 51],
        [63, 99, 108, 117, 81],
        [93, 144, 153, 162, 111],
        [72, 111, 117, 123, 84],
    ]
    x = np.arange(35)
    strided = conv_matrix(ones, (7, 5), strides=2, padding=1) @ x
    assert strided.tolist() == [12, 27, 24, 63, 108, 81, 123, 198, 141, 112, 177, 124]
    sides = conv_matrix(ones, (7, 5), strides=2, padding=((1, 1), (0, 0))) @ x
    assert sides.tolist() == [21, 33, 99, 117, 189, 207, 171, 183]


def test_worked_transposed_examples_of_onnx():
    # onnx/backend/test/case/node/convtranspose.py: one channel in, two out
    ones, x = np.ones((3, 3, 2, 1), int), np.arange(9)
    y = (conv_transpose_matrix(ones, (3, 3, 1)) @ x).reshape(5, 5, 2)
    expected = [
        [0, 1, 3, 3, 2],
        [3, 8, 15, 12, 7],
        [9, 21, 36, 27, 15],
        [9, 20, 33, 24, 13],
        [6, 13, 21, 15, 8],
    ]
    assert y[..., 0].tolist() == y[..., 1].tolist() == expected
    crops = dict(strides=(3, 2), padding=((1, 1), (2, 2)))  # pads=[1, 2, 1, 2]
    y = (conv_transpose_matrix(ones, (3, 3, 1), **crops) @ x).reshape(7, 3, 2)
    assert y[..., 1].tolist() == [
        [1, 1, 3],
        [1, 1, 3],
        [7, 4, 9],
        [7, 4, 9],
        [7, 4, 9],
        [13, 7, 15],
        [13, 7, 15],
    ]
    larger = dict(strides=(3, 2), output_padding=1)
    y = (conv_transpose_matrix(ones, (3, 3, 1), **larger) @ x).reshape(10, 8, 2)
    assert y[3, :, 0].tolist() == [3, 3, 7, 4, 9, 5, 5, 0]
    assert not y[9].any() and not y[:, 7].any()


def test_worked_example_of_matlab_s_convmtx2():
    # MathWorks, "convmtx2": an averaging filter on magic(5), printed to 4 digits.
    magic = [17, 24, 1, 8, 15, 23, 5, 7, 14, 16, 4, 6, 13, 20, 22]
    magic += [10, 12, 19, 21, 3, 11, 18, 25, 2, 9]
    T = conv_matrix(np.ones((3, 3)) / 9, (5, 5), padding="full")
    y = (T @ magic).reshape(7, 7)
    assert y[0] == pytest.approx(
        [1.8889, 4.5556, 4.6667, 3.6667, 2.6667, 2.5556, 1.6667], abs=5e-5
    )
    assert y[2] == pytest.approx(
        [4.8889, 8.7778, 11.1111, 10.8889, 12.8889, 10.5556, 5.8889], abs=5e-5
    )
    assert y[:, 6] == pytest.approx(
        [1.6667, 3.4444, 5.8889, 4.5556, 3.7778, 1.3333, 1.0], abs=5e-5
    )
    # convmtx2 convolves: for a lopsided filter the kernel is flipped.
    flipped = conv_matrix(LOPSIDED[::-1, ::-1], (5, 5), padding="full") @ magic
    expected = convolve2d(np.reshape(magic, (5, 5)), LOPSIDED)
    assert flipped.reshape(7, 7).tolist() == expected.tolist()


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_one_dimension_equals_scipy_s_convolution_matrix(mode):
    kernel = np.array([1, 2, 4, 8, 16])
    C = conv_matrix(kernel[::-1], 7, padding=mode)
    assert C.toarray().tolist() == convolution_matrix(kernel, 7, mode).tolist()


@pytest.mark.parametrize("chunk", [1, 100, 2**19])
@pytest.mark.parametrize("n", [33, 34, 35, 66, 67, 101, 300])
def test_many_like_rows_are_copies_of_one(monkeypatch, n, chunk):
    # More than 32 at once, more than fit into a chunk, and what is left over.
    monkeypatch.setattr(csr, "CHUNK_ENTRIES", chunk)
    C = conv_matrix([1, 2, 4], n)
    assert C.indices.reshape(-1, 3).tolist() == [
        [i, i + 1, i + 2] for i in range(n - 2)
    ]
    assert C.indptr.tolist() == list(range(0, 3 * (n - 2) + 1, 3))
    assert C.data.tolist() == [1, 2, 4] * (n - 2)
    planes = conv_matrix(np.ones((1, 3)), (n, 5), strides=(1, 2))
    expected = [
        [5 * i + j, 5 * i + j + 1, 5 * i + j + 2] for i in range(n) for j in (0, 2)
    ]
    assert planes.indices.reshape(-1, 3).tolist() == expected


def test_wrapped_in_one_dimension_is_circulant():
    C = conv_matrix([1, 2, 3], 5, padding="same", boundary="wrap")
    # SciPy's circulant takes the first column.
    assert C.toarray().tolist() == circulant([2, 1, 0, 0, 3]).tolist()


def test_a_kernel_longer_than_the_input_wraps_onto_itself():
    C = conv_matrix([1, 2, 4, 8, 16], 3, padding="same", boundary="wrap")
    # Output 0 reads inputs -2 -1 0 1 2, which are 1 2 0 1 2.
    assert C.toarray()[0].tolist() == [4, 1 + 8, 2 + 16]
    assert C.has_canonical_format and C.nnz == 9
    small = conv_matrix(np.full(254, 1, np.int8), 2, padding="same", boundary="wrap")
    assert small.dtype == np.int8 and small.toarray().tolist() == [[127] * 2] * 2


@pytest.mark.parametrize(
    "kernel", [np.full(255, 1, np.int8), [True] * 3, np.array([200, 0, 200, 0], "u1")]
)
def test_weights_that_meet_are_added_exactly_or_refused(kernel):
    options = dict(padding="same", boundary="wrap")
    for build, operate in (
        (conv_matrix, conv_operator),
        (conv_transpose_matrix, conv_transpose_operator),
    ):
        with pytest.raises(
            ValueError, match=r"cannot hold; use kernel.astype\('int64'"
        ):
            build(kernel, 2, **options)
        wide = np.asarray(kernel).astype("int64")
        C, A = build(wide, 2, **options), operate(kernel, 2, **options)
        assert (C @ [1, 1]).tolist() == (A @ [1, 1]).tolist()


def test_wrapped_convolution_is_a_product_of_spectra():
    rng = np.random.default_rng(6)
    kernel, x = rng.normal(size=(3, 4)), rng.normal(size=(5, 6))
    y = conv_matrix(kernel, x.shape, padding="same", boundary="wrap") @ x.ravel()
    # "same" looks one row up and one column left of the output: roll it there.
    spread = np.roll(np.pad(kernel, ((0, 2), (0, 2))), (-1, -1), axis=(0, 1))
    spectrum = np.fft.fft2(x) * np.fft.fft2(spread).conj()
    assert y == pytest.approx(np.fft.ifft2(spectrum).real.ravel())


def test_wrapping_changes_nothing_where_nothing_is_padded():
    zero = conv_matrix(LOPSIDED, (4, 5))
    assert (zero != conv_matrix(LOPSIDED, (4, 5), boundary="wrap")).nnz == 0


@pytest.mark.parametrize("build", [conv_transpose_matrix, conv_transpose_operator])
def test_what_a_wrapped_transpose_would_crop_is_added_on_the_other_side(build):
    T = build([1, 10, 100], (3,), padding="same", boundary="wrap")
    # The stamps of 1, 2, 3 lie at -1, 0 and 1; what is outside comes back.
    expected = [10 + 2 + 300, 100 + 20 + 3, 1 + 200 + 30]
    assert (T @ np.array([1, 2, 3])).tolist() == expected
    zero = build([1, 10, 100], (3,), padding="same")
    assert (zero @ np.array([1, 2, 3])).tolist() == [10 + 2, 100 + 20 + 3, 200 + 30]
    plain = build([1, 10, 100], (3,))  # strides 1, nothing cropped
    assert (plain @ np.array([1, 2, 3])).tolist() == [1, 12, 123, 230, 300]


def test_full_transposed_leads_back_from_full():
    # "full" sends 4x3 to 6x5; its transpose sends 6x5 to 4x3, and at strides 1
    # is "valid" with the kernel flipped.
    T = conv_transpose_matrix(LOPSIDED, (6, 5), padding="full")
    assert T.shape == (12, 30)
    flipped = conv_matrix(LOPSIDED[::-1, ::-1], (6, 5))
    assert T.toarray().tolist() == flipped.toarray().tolist()


@pytest.mark.parametrize("shape", [(9,), (6, 7), (4, 5, 6)])
def test_one_channel_equals_scipy_s_correlation(shape):
    rng = np.random.default_rng(0)
    kernel, x = rng.normal(size=(3, 2, 3)[: len(shape)]), rng.normal(size=shape)
    y = conv_matrix(kernel, shape) @ x.ravel()
    assert y == pytest.approx(correlate(x, kernel, mode="valid").ravel())


def test_first_layer_of_the_seed():
    C = conv_matrix(np.ones((3, 3, 1, 16)), (28, 28, 1), padding="same")
    assert C.shape == (12544, 784)
    assert (C.shape[0] * C.shape[1], C.nnz) == (9_834_496, 107_584)


@pytest.mark.parametrize(
    "dtype", [bool, np.int8, np.int64, np.uint16, "f4", "f8", ">f8", "c8", "c16"]
)
def test_the_kernel_s_dtype_is_kept(dtype):
    C = conv_matrix(np.ones((3, 3), dtype), (5, 5))
    assert isinstance(C, csr_array)
    assert C.dtype == np.dtype(dtype).newbyteorder("=")
    assert C.indices.dtype == C.indptr.dtype == np.int32
    assert (C @ np.ones(25, "f8")).tolist() == [9.0] * 9


def test_float16_is_refused():
    with pytest.raises(ValueError, match=r"float16 .*astype\('float32'\)"):
        conv_matrix(np.ones((3, 3), np.float16), (5, 5))


def test_the_half_precision_of_machine_learning_is_refused():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    for dtype in (ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn):
        with pytest.raises(ValueError, match=r"float\w+ .*astype\('float32'\)"):
            conv_matrix(np.ones(2, dtype), 3)


def test_arguments_are_sequences_or_numbers():
    assert conv_matrix([1, 2], 5, strides=np.array(2)).shape == (2, 5)
    # Without a second window or a second tap, any number will do.
    assert conv_matrix([1, 2], 5, strides=10**30).toarray().tolist() == [
        [1, 2, 0, 0, 0]
    ]
    assert conv_matrix([3], 2, dilation_rate=10**30).toarray().tolist() == [
        [3, 0],
        [0, 3],
    ]
    with pytest.raises(ValueError, match="strides {1, 2} must"):
        conv_matrix(np.ones((2, 2)), (5, 5), strides={1, 2})


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint64])
def test_a_shape_of_any_whole_dtype_counts_without_overflow(dtype):
    kernel = np.ones((3, 3, 1, 6))
    C = conv_matrix(kernel, np.array([10, 10, 3], dtype), groups=dtype(3))
    assert C.shape == (8 * 8 * 6, 10 * 10 * 3)
    assert (C != conv_matrix(kernel, (10, 10, 3), groups=3)).nnz == 0
    T = conv_transpose_matrix(kernel, np.array([8, 8, 6], dtype), groups=dtype(3))
    assert (T != C.T).nnz == 0


def test_columns_ascend_and_are_stored_once():
    for boundary in ("zero", "wrap"):
        C = conv_matrix(
            np.ones((3, 2, 2, 3)), (4, 3, 2), padding="full", boundary=boundary
        )
        copy = csr_array((C.data, C.indices, C.indptr), shape=C.shape)
        assert C.has_canonical_format and copy.has_canonical_format


def test_transposing_copies_nothing():
    T = conv_transpose_matrix(np.ones((3, 3)), (5, 5), strides=2)
    assert isinstance(T, csc_array)
    C = conv_matrix(np.ones((3, 3)), (11, 11), strides=2)
    assert np.shares_memory(C.T.data, C.data) and np.shares_memory(
        C.T.indices, C.indices
    )
    assert (T != C.T).nnz == 0


def test_indices_are_int64_only_where_int32_would_overflow():
    # 3e9 inputs, of which three windows of three are read.
    C = conv_matrix([1, 2, 4], 3 * 10**9, strides=10**9)
    assert C.indices.dtype == C.indptr.dtype == np.int64
    assert C.shape == (3, 3 * 10**9)
    assert C.indices.reshape(3, 3).tolist() == [
        [start, start + 1, start + 2] for start in (0, 10**9, 2 * 10**9)
    ]
    most = np.iinfo(np.int32).max
    assert conv_matrix([1], most, strides=most).indices.dtype == np.int32
    assert conv_matrix([1], most + 1, strides=most).indices.dtype == np.int64
    wrapped = conv_matrix(
        [1, 2], 3 * 10**9, strides=2 * 10**9, padding=1, boundary="wrap"
    )
    assert wrapped.indices.tolist() == [0, 3 * 10**9 - 1, 2 * 10**9 - 1, 2 * 10**9]


@pytest.mark.parametrize(
    ("size", "shape"),
    [((3, 3), (1100, 1100)), ((7,), (1_500_000,)), ((3, 3), (2, 900_000))],
)
def test_building_needs_little_more_memory_than_the_matrix(size, shape):
    kernel = np.ones(size)
    tracemalloc.start()
    C = conv_matrix(kernel, shape, padding="same")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert C.nnz > 10**7
    assert peak < 1.15 * (C.data.nbytes + C.indices.nbytes + C.indptr.nbytes)


def test_a_matrix_is_freed_at_once():
    gc.disable()
    try:
        C = conv_matrix(np.ones((3, 3)), (5, 5), padding="same")
        parts = [weakref.ref(part) for part in (C, C.data, C.indices, C.indptr)]
        del C
        assert [part() for part in parts] == [None] * 4
    finally:
        gc.enable()


def test_a_depthwise_kernel_is_a_grouped_one():
    # Each channel alone, its two filters side by side.
    rng = np.random.default_rng(7)
    kernel, x = rng.normal(size=(3, 2, 3, 2)), rng.normal(size=(5, 6, 3))
    C = conv_matrix(kernel.reshape(3, 2, 1, 6), x.shape, groups=3)
    y = (C @ x.ravel()).reshape(3, 5, 3, 2)
    for c in range(3):
        for m in range(2):
            alone = correlate(x[..., c], kernel[..., c, m], mode="valid")
            assert y[..., c, m] == pytest.approx(alone)


def test_the_signature_is_the_promised_one():
    assert str(inspect.signature(conv_matrix)) == (
        "(kernel, input_shape, *, strides=1, padding='valid', dilation_rate=1, "
        "groups=1, boundary='zero')"
    )
    assert str(inspect.signature(conv_transpose_matrix)) == (
        "(kernel, input_shape, *, strides=1, padding='valid', output_padding=None, "
        "dilation_rate=1, groups=1, boundary='zero')"
    )


def test_grouped_kernel_is_block_diagonal_in_the_channels():
    rng = np.random.default_rng(1)
    kernel, x = rng.normal(size=(3, 3, 2, 6)), rng.normal(size=(5, 4, 4))
    y = (conv_matrix(kernel, x.shape, groups=2) @ x.ravel()).reshape(3, 2, 6)
    for g in range(2):
        part = conv_matrix(kernel[..., 3 * g : 3 * g + 3], (5, 4, 2))
        alone = (part @ x[..., 2 * g : 2 * g + 2].ravel()).reshape(3, 2, 3)
        assert y[..., 3 * g : 3 * g + 3] == pytest.approx(alone)


def test_explicit_crops_cut_the_uncropped_stamps():
    rng = np.random.default_rng(3)
    kernel, x = rng.normal(size=(4, 3, 2, 3)), rng.normal(size=(5, 4, 3))
    whole = conv_transpose_matrix(kernel, x.shape, strides=(2, 1)) @ x.ravel()
    whole = whole.reshape(12, 6, 2)
    T = conv_transpose_matrix(kernel, x.shape, strides=(2, 1), padding=((1, 2), (0, 1)))
    assert T @ x.ravel() == pytest.approx(whole[1:-2, :-1].ravel())


@pytest.mark.parametrize(
    ("strides", "padding", "rate"),
    list(itertools.product([1, (2, 3)], ["valid", "same", 1], [1, 2])),
)
def test_dot_test(strides, padding, rate):
    rng = np.random.default_rng(4)
    arguments = dict(strides=strides, padding=padding, dilation_rate=rate, groups=2)
    kernel = rng.normal(size=(3, 2, 2, 6))
    C = conv_matrix(kernel, (7, 8, 4), **arguments)
    small = conv_output_shape(
        (7, 8), (3, 2), strides=strides, padding=padding, dilation_rate=rate
    )
    x, y = rng.normal(size=C.shape[1]), rng.normal(size=C.shape[0])
    assert (C @ x) @ y == pytest.approx(x @ (C.T @ y), rel=1e-12)
    # The transposed layer's matrix is that transpose, where it ends on 7 x 8.
    geometry = dict(strides=strides, padding=padding, dilation_rate=rate)
    leading_back = []
    for choice in [None] if strides == 1 else itertools.product(range(2), range(3)):
        chosen = dict(geometry, output_padding=choice)
        try:
            out = conv_transpose_output_shape(small, (3, 2), **chosen)
        except ValueError:
            continue
        if out == (7, 8):
            leading_back.append(
                conv_transpose_matrix(kernel, (*small, 6), groups=2, **chosen)
            )
    assert len(leading_back) == 1
    assert (leading_back[0] != C.T).nnz == 0


def test_transposed_is_the_gradient_of_the_convolution():
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(5)
    kernel, x = rng.normal(size=(3, 3, 2, 4)), rng.normal(size=(1, 7, 6, 2))
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.conv2d(x, kernel, strides=2, padding="SAME")
    upstream = rng.normal(size=y.shape)
    gradient = tape.gradient(y, x, output_gradients=tf.constant(upstream))
    C = conv_matrix(kernel, (7, 6, 2), strides=2, padding="same")
    assert C.T @ upstream.ravel() == pytest.approx(np.ravel(gradient))


@pytest.mark.parametrize(
    ("kernel", "shape", "arguments", "message"),
    [
        ((3, 3), (8,), {}, r"kernel of shape \(3, 3\) does not fit .* \(8,\)"),
        ((3, 3, 1, 4), (8, 8), {}, "does not fit the input shape"),
        ((), (), {}, "does not fit the input shape"),
        ((3,) * 6, (8,) * 5, {}, "does not fit the input shape"),
        ((3,) * 4, (8,) * 4, {}, "does not fit the input shape"),
        ((3, 3, 2, 4), (8, 8, 3), {}, "the input has 3 channels, but .* reads 2"),
        ((3, 3, 2, 3), (8, 8, 4), dict(groups=2), "groups 2 does not fit"),
        ((3, 3, 2, 4), (8, 8, 4), dict(groups=2.0), "groups 2.0 must be a whole"),
        ((3, 3, 2, 4), (8, 8, 4), dict(groups=0), "groups 0 must be a whole number"),
        ((9, 9), (8, 8), {}, "kernel of size 9"),
        ((3, 3), (8, 8), dict(padding="half"), "padding 'half' is not known"),
        ((3, 3), (8, 8), dict(boundary="reflect"), "boundary 'reflect' is not known"),
        ((3, 3), (8, 8), dict(boundary=np.ones(2)), "boundary array.* is not known"),
        ((3, 3), (8, 0), {}, r"input_shape \(8, 0\) must be"),
        ((3, 3), (8, (8,)), {}, r"input_shape \(8, \(8,\)\) must be"),
        ((3, 3), np.ma.masked_equal([8, 9], 9), {}, "input_shape has 1 masked value"),
        ((3, 3, 3, 4), (8, 8, 3.0), {}, r"input_shape \(8, 8, 3.0\) must be"),
        ((3, 3, 1, 4), (8, 8, True), {}, r"input_shape \(8, 8, True\) must be"),
    ],
)
def test_bad_input_is_named(kernel, shape, arguments, message):
    with pytest.raises(ValueError, match=message):
        conv_matrix(np.ones(kernel), shape, **arguments)


@pytest.mark.parametrize("kernel", [["a", "b"], [], np.ones((3, 0, 2)), [None]])
def test_a_kernel_without_numbers_is_named(kernel):
    with pytest.raises(ValueError, match="has no numbers to convolve with"):
        conv_matrix(kernel, (5,) if np.ndim(kernel) == 1 else (5, 0))


@pytest.mark.parametrize(
    "build",
    [conv_matrix, conv_operator, conv_transpose_matrix, conv_transpose_operator],
)
def test_what_a_kernel_would_lose_is_refused(build):
    with pytest.raises(ValueError, match=r"kernel has 1 masked value; .*filled\(0\)"):
        build(np.ma.masked_equal([1, 2, 3], 2), 8)
    with pytest.raises(ValueError, match="kernel has rows of unequal length"):
        build([[1, 2], [3]], (8, 8))
    with pytest.raises(ValueError, match=r"kernel is sparse; give kernel.toarray\(\)"):
        build(csr_array(np.eye(3)), (8, 8))
    with pytest.raises(ValueError, match=r"input_shape \(8, 8, 1.0\) must be made of"):
        build(np.ones((3, 3, 1, 1)), (8, 8, 1.0))


@pytest.mark.parametrize(
    "shape", [(10**6, 10**6), (2**31, 2**31), (10**10, 10**10), (2**63,), (2**62,)]
)
def test_what_has_no_place_in_memory_is_pointed_to_the_operator(shape):
    kernel = np.ones((3,) * len(shape))
    operators = {
        conv_matrix: conv_operator,
        conv_transpose_matrix: conv_transpose_operator,
    }
    for build in (conv_matrix, conv_transpose_matrix):
        with pytest.raises(
            MemoryError, match=r"sides of (\d+) and (\d+) does not .*; conv_operator"
        ) as told:
            build(kernel, shape)
        sides = [int(side) for side in re.findall(r"\d{9,}", str(told.value))]
        assert sorted(sides) == sorted(operators[build](kernel, shape).shape)
    for operate in (conv_operator, conv_transpose_operator):
        assert prod(shape) in operate(kernel, shape).shape


def test_one_axis_may_be_a_number():
    assert conv_matrix([1, 2], 5).shape == (4, 5)


def test_transposed_kernel_with_swapped_channels_is_named():
    with pytest.raises(ValueError, match="ends in 2; .* c_out / groups, c_in"):
        conv_transpose_matrix(np.ones((3, 3, 5, 2)), (4, 4, 5))


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (0, "groups 0 must be a whole number"),
        (1.5, "groups 1.5 must be a whole number"),
        (3, "has 4 channels in 3 groups"),
    ],
)
def test_bad_groups_of_the_transposed_one_are_named(groups, message):
    with pytest.raises(ValueError, match=message):
        conv_transpose_matrix(np.ones((3, 3, 2, 4)), (4, 4, 4), groups=groups)
