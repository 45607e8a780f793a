"""The matrices against worked examples, Keras, and their own definition."""

import inspect
import itertools

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import correlate
from scipy.sparse import csc_array, csr_array

from convae_lib import (
    conv_matrix,
    conv_output_shape,
    conv_transpose_matrix,
    conv_transpose_output_shape,
)

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


def test_types_and_dtypes():
    for dtype in (np.int64, np.float32, np.float64, np.complex128):
        C = conv_matrix(np.ones((3, 3), dtype), (5, 5))
        assert isinstance(C, csr_array)
        assert (C.dtype, C.indices.dtype) == (dtype, np.int32)
        assert C.has_canonical_format
    T = conv_transpose_matrix(np.ones((3, 3)), (5, 5), strides=2)
    assert isinstance(T, csc_array)


def test_the_signature_is_the_promised_one():
    assert str(inspect.signature(conv_matrix)) == (
        "(kernel, input_shape, *, strides=1, padding='valid', dilation_rate=1, "
        "groups=1)"
    )
    assert str(inspect.signature(conv_transpose_matrix)) == (
        "(kernel, input_shape, *, strides=1, padding='valid', output_padding=None, "
        "dilation_rate=1, groups=1)"
    )


def test_grouped_kernel_is_block_diagonal_in_the_channels():
    rng = np.random.default_rng(1)
    kernel, x = rng.normal(size=(3, 3, 2, 6)), rng.normal(size=(5, 4, 4))
    y = (conv_matrix(kernel, x.shape, groups=2) @ x.ravel()).reshape(3, 2, 6)
    for g in range(2):
        part = conv_matrix(kernel[..., 3 * g : 3 * g + 3], (5, 4, 2))
        alone = (part @ x[..., 2 * g : 2 * g + 2].ravel()).reshape(3, 2, 3)
        assert y[..., 3 * g : 3 * g + 3] == pytest.approx(alone)


def test_depthwise_as_groups_equals_keras():
    rng = np.random.default_rng(2)
    x, kernel = rng.normal(size=(1, 6, 7, 3)), rng.normal(size=(3, 2, 3, 2))
    keras_y = keras.ops.depthwise_conv(x, kernel, strides=2, padding="same")
    grouped = kernel.reshape(3, 2, 1, 6)
    C = conv_matrix(grouped, x.shape[1:], strides=2, padding="same", groups=3)
    assert C @ x.ravel() == pytest.approx(np.ravel(keras_y), abs=1e-5)


def run_keras(op, x, kernel, **arguments):
    # In float32: TensorFlow's float64 convolution in 3-D shifts "same" windows
    # where the kernel is smaller than the strides.
    x, kernel = x.astype("float32"), kernel.astype("float32")
    y = op(x[None], kernel, data_format="channels_last", **arguments)
    return keras.ops.convert_to_numpy(y)[0]


def keras_refuses_or_gives_nothing(x, kernel, arguments):
    try:
        return run_keras(keras.ops.conv_transpose, x, kernel, **arguments).size == 0
    except Exception:  # each backend has its own
        return True


@st.composite
def geometries(draw):
    """A random layer: one to three axes, rectangular, channels in != out."""
    axes = draw(st.integers(1, 3))
    per_axis = lambda low, high: tuple(
        draw(st.integers(low, high)) for _ in range(axes)
    )
    dilated = draw(st.booleans())
    return dict(
        shape=per_axis(1, 9 - 2 * axes // 3),
        size=per_axis(1, 4),
        channels=draw(st.sampled_from([(1, 2), (2, 1), (3, 2), (2, 3)])),
        strides=1 if dilated else draw(st.integers(1, 3)),
        dilation_rate=per_axis(1, 3) if dilated else 1,
        padding=draw(st.sampled_from(["valid", "same"])),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


@settings(max_examples=150, deadline=None)
@given(geometries())
def test_equals_keras_conv(g):
    rng = np.random.default_rng(g["seed"])
    arguments = {key: g[key] for key in ("strides", "padding", "dilation_rate")}
    kernel = rng.normal(size=(*g["size"], *g["channels"]))
    x = rng.normal(size=(*g["shape"], g["channels"][0]))
    try:
        C = conv_matrix(kernel, x.shape, **arguments)
    except ValueError:
        assert g["padding"] == "valid"
        reach = np.multiply(g["dilation_rate"], np.subtract(g["size"], 1)) + 1
        assert np.any(np.array(g["shape"]) < reach)
        return
    y = run_keras(keras.ops.conv, x, kernel, **arguments)
    assert conv_output_shape(g["shape"], g["size"], **arguments) == y.shape[:-1]
    assert C @ x.ravel() == pytest.approx(y.ravel(), abs=1e-4)


@settings(max_examples=150, deadline=None)
@given(geometries(), st.one_of(st.none(), st.integers(0, 2)))
def test_equals_keras_conv_transpose(g, output_padding):
    assume(g["dilation_rate"] == 1)  # TensorFlow has no dilated one on the CPU
    rng = np.random.default_rng(g["seed"])
    arguments = dict(
        strides=g["strides"], padding=g["padding"], output_padding=output_padding
    )
    few, many = g["channels"]
    kernel = rng.normal(size=(*g["size"], few, many))
    x = rng.normal(size=(*g["shape"], many))
    try:
        T = conv_transpose_matrix(kernel, x.shape, **arguments)
    except ValueError:
        assert output_padding is not None
        if output_padding < g["strides"]:
            assert keras_refuses_or_gives_nothing(x, kernel, arguments)
        return
    y = run_keras(keras.ops.conv_transpose, x, kernel, **arguments)
    out = conv_transpose_output_shape(g["shape"], g["size"], **arguments)
    assert out == y.shape[:-1]
    assert T @ x.ravel() == pytest.approx(y.ravel(), abs=1e-4)


@settings(max_examples=100, deadline=None)
@given(geometries(), st.integers(1, 3))
def test_explicit_padding_is_padding_first(g, strides):
    rng = np.random.default_rng(g["seed"])
    pads = [(int(a), int(b)) for a, b in rng.integers(0, 4, (len(g["shape"]), 2))]
    kernel = rng.normal(size=(*g["size"], *g["channels"]))
    x = rng.normal(size=(*g["shape"], g["channels"][0]))
    padded = np.pad(x, [*pads, (0, 0)])
    arguments = dict(strides=strides, dilation_rate=g["dilation_rate"])
    try:
        C = conv_matrix(kernel, x.shape, padding=pads, **arguments)
    except ValueError:
        with pytest.raises(ValueError):
            conv_matrix(kernel, padded.shape, **arguments)
        return
    whole = conv_matrix(kernel, padded.shape, **arguments)
    assert C @ x.ravel() == pytest.approx(whole @ padded.ravel())


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
        ((3,) * 4, (8,) * 4, {}, "does not fit the input shape"),
        ((3, 3, 2, 4), (8, 8, 3), {}, "groups 1 does not fit: .* 3 channels"),
        ((3, 3, 2, 3), (8, 8, 4), dict(groups=2), "groups 2 does not fit"),
        ((3, 3, 2, 4), (8, 8, 4), dict(groups=2.0), "groups 2.0 must be a whole"),
        ((3, 3, 2, 4), (8, 8, 4), dict(groups=0), "groups 0 must be a whole number"),
        ((9, 9), (8, 8), {}, "kernel of size 9"),
        ((3, 3), (8, 8), dict(padding="full"), "padding 'full' is not known"),
    ],
)
def test_bad_input_is_named(kernel, shape, arguments, message):
    with pytest.raises(ValueError, match=message):
        conv_matrix(np.ones(kernel), shape, **arguments)


@pytest.mark.parametrize("kernel", [["a", "b"], [], np.ones((3, 0, 2)), [None]])
def test_a_kernel_without_numbers_is_named(kernel):
    with pytest.raises(ValueError, match="has no numbers to convolve with"):
        conv_matrix(kernel, (5,) if np.ndim(kernel) == 1 else (5, 0))


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
