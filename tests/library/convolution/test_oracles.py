"""Random geometries against Keras and JAX: every one drawn meets an oracle.

JAX computes all of them, in float64. Keras computes what TensorFlow accepts on a
CPU, in float32; what it should refuse, it is seen to refuse. On some processors
TensorFlow's convolution in 3-D shifts "same" windows that leave the end of the input
unread: those are left to JAX.
"""

import jax
import keras
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from convae_lib import (
    conv_matrix,
    conv_operator,
    conv_output_shape,
    conv_transpose_matrix,
    conv_transpose_operator,
    conv_transpose_output_shape,
    dot_test,
)

jax.config.update("jax_enable_x64", True)

# As written, not as rewritten: XLA's simplifier aborts the process on some strided
# gradients (5x2 outputs of a 2x3 kernel with strides 2x3, for one), and without it
# the many small programs of these tests compile in half the time.
AS_WRITTEN = {"xla_disable_hlo_passes": "algsimp", "xla_backend_optimization_level": 0}

NAMED = ("valid", "same")
GEOMETRY = ("strides", "padding", "dilation_rate")
FORMATS = {1: "NWC WIO NWC", 2: "NHWC HWIO NHWC", 3: "NDHWC DHWIO NDHWC"}


@st.composite
def layers(draw, for_keras=False):
    """A layer: one to three axes, lopsided, channels in other than channels out."""
    axes = draw(st.integers(1, 3))
    ones = (1,) * axes

    def per_axis(low, high):
        return st.tuples(*[st.integers(low, high)] * axes)

    pairs = st.tuples(*[st.tuples(st.integers(0, 4), st.integers(0, 4))] * axes)
    padding = st.sampled_from(NAMED)
    if not for_keras:
        own = st.one_of(st.just("full"), st.integers(0, 3), pairs)
        padding = st.one_of(padding, own)
    return dict(
        shape=draw(per_axis(2, {1: 9, 2: 7, 3: 5}[axes])),
        size=draw(per_axis(1, 4 if axes < 3 else 3)),
        per_group=draw(st.sampled_from([(1, 2), (2, 1), (3, 2), (2, 3)])),
        groups=1 if for_keras else draw(st.sampled_from([1, 1, 2, 3])),
        strides=draw(st.one_of(st.just(ones), per_axis(1, 3))),
        dilation_rate=draw(st.one_of(st.just(ones), st.just(ones), per_axis(1, 3))),
        padding=draw(padding),
        boundary="zero" if for_keras else draw(st.sampled_from(["zero", "wrap"])),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def numbers(layer):
    """Return a kernel of the drawn layer and the generator that made it."""
    rng = np.random.default_rng(layer["seed"])
    few, many = layer["per_group"]
    return rng, rng.normal(size=(*layer["size"], few, many * layer["groups"]))


def run_jax(x, kernel, layer):
    """Return JAX's convolution of one input."""
    call = jax.jit(lambda x: jax_conv(x, kernel, layer), compiler_options=AS_WRITTEN)
    return np.asarray(call(x[None]))[0]


def jax_conv(x, kernel, layer):
    """Return JAX's convolution of a batch, its padding its own."""
    pads, shape = layer["padding"], x.shape[1:-1]
    spans = [d * (k - 1) + 1 for k, d in zip(layer["size"], layer["dilation_rate"])]
    if pads in ("valid", "same"):
        pads = jax.lax.padtype_to_pads(shape, spans, layer["strides"], pads.upper())
    elif pads == "full":
        pads = [(span - 1, span - 1) for span in spans]
    elif isinstance(pads, int):
        pads = [(pads, pads)] * len(spans)
    if layer["boundary"] == "wrap":
        x = jax.numpy.pad(x, [(0, 0), *pads, (0, 0)], mode="wrap")
        pads = [(0, 0)] * len(spans)
    return jax.lax.conv_general_dilated(
        x,
        kernel,
        layer["strides"],
        pads,
        rhs_dilation=layer["dilation_rate"],
        feature_group_count=layer["groups"],
        dimension_numbers=tuple(FORMATS[len(spans)].split()),
        precision="highest",
    )


def in_keras(op, x, kernel, **arguments):
    x, kernel = x.astype("float32"), kernel.astype("float32")
    y = op(x[None], kernel, data_format="channels_last", **arguments)
    return keras.ops.convert_to_numpy(y)[0]


def test_convolutions_equal_jax(seen):
    @settings(max_examples=350, deadline=None)
    @given(layers())
    def compare(layer):
        rng, kernel = numbers(layer)
        x = rng.normal(size=(*layer["shape"], kernel.shape[-2] * layer["groups"]))
        geometry = {key: layer[key] for key in GEOMETRY}
        options = dict(geometry, groups=layer["groups"], boundary=layer["boundary"])
        try:
            C = conv_matrix(kernel, x.shape, **options)
        except ValueError as error:
            assert "kernel of size" in str(error)
            assert run_jax(x, kernel, layer).size == 0
            seen["no output"] += 1
            return
        y = run_jax(x, kernel, layer)
        out = conv_output_shape(layer["shape"], layer["size"], **geometry)
        assert out == y.shape[:-1]
        assert C @ x.ravel() == pytest.approx(y.ravel(), rel=1e-10, abs=1e-10)
        A = conv_operator(kernel, x.shape, **options)
        assert A @ x.ravel() == pytest.approx(y.ravel(), rel=1e-10, abs=1e-10)
        assert dot_test(C) < 1e-10 and dot_test(A, C.T) < 1e-10
        seen["compared"] += 1

    compare()
    assert seen["compared"] >= 250


def test_transposed_convolutions_equal_the_gradient_in_jax(seen):
    @settings(max_examples=350, deadline=None)
    @given(layers(), st.one_of(st.none(), st.none(), st.none(), st.integers(0, 2)))
    def compare(layer, output_padding):
        rng, kernel = numbers(layer)
        x = rng.normal(size=(*layer["shape"], kernel.shape[-1]))
        choice = {key: layer[key] for key in GEOMETRY} | {
            "output_padding": output_padding
        }
        options = dict(choice, groups=layer["groups"], boundary=layer["boundary"])
        try:
            T = conv_transpose_matrix(kernel, x.shape, **options)
        except ValueError:
            # Everything is cropped, or nothing leads back; never for Keras's defaults.
            assert output_padding is not None or layer["padding"] not in NAMED
            seen["no output"] += 1
            return
        out = conv_transpose_output_shape(layer["shape"], layer["size"], **choice)
        image = (1, *out, kernel.shape[-2] * layer["groups"])
        back = jax.linear_transpose(
            lambda v: jax_conv(v, kernel, layer), jax.ShapeDtypeStruct(image, x.dtype)
        )
        (y,) = jax.jit(back, compiler_options=AS_WRITTEN)(x[None])
        assert T @ x.ravel() == pytest.approx(np.ravel(y), rel=1e-10, abs=1e-10)
        A = conv_transpose_operator(kernel, x.shape, **options)
        assert A @ x.ravel() == pytest.approx(np.ravel(y), rel=1e-10, abs=1e-10)
        assert dot_test(A) < 1e-10 and dot_test(T, A.T) < 1e-10
        seen["compared"] += 1

    compare()
    assert seen["compared"] >= 150


def shifted_by_tensorflow(layer):
    """Whether a 3-D layer is "same" and its last window ends before the input does."""
    i, k, s = (np.array(layer[key]) for key in ("shape", "size", "strides"))
    unread = i - ((-(-i // s) - 1) * s + k)
    return len(i) == 3 and layer["padding"] == "same" and unread.max() > 0


def test_convolutions_equal_keras(seen):
    strided_and_dilated = dict(
        shape=(7, 6),
        size=(2, 3),
        per_group=(2, 1),
        groups=1,
        strides=(2, 1),
        dilation_rate=(1, 2),
        padding="same",
        boundary="zero",
        seed=0,
    )

    @settings(max_examples=200, deadline=None)
    @example(strided_and_dilated)
    @given(layers(for_keras=True))
    def compare(layer):
        rng, kernel = numbers(layer)
        x = rng.normal(size=(*layer["shape"], kernel.shape[-2]))
        geometry = {key: layer[key] for key in GEOMETRY}
        try:
            C = conv_matrix(kernel, x.shape, **geometry)
        except ValueError:
            assert layer["padding"] == "valid"
            reach = np.multiply(layer["dilation_rate"], np.array(layer["size"]) - 1) + 1
            assert np.any(reach > np.array(layer["shape"]))
            seen["no output"] += 1
            return
        if max(layer["strides"]) > 1 and max(layer["dilation_rate"]) > 1:
            with pytest.raises(Exception, match="(?i)dilation|strides"):
                in_keras(keras.ops.conv, x, kernel, **geometry)
            seen["refused by Keras"] += 1
            return
        if shifted_by_tensorflow(layer):
            seen["left to JAX"] += 1
            return
        y = in_keras(keras.ops.conv, x, kernel, **geometry)
        assert C @ x.ravel() == pytest.approx(y.ravel(), abs=1e-4)
        seen["compared"] += 1

    compare()
    assert seen["compared"] >= 80 and seen["refused by Keras"] >= 1


def test_transposed_convolutions_equal_keras(seen):
    @settings(max_examples=200, deadline=None)
    @given(layers(for_keras=True), st.one_of(st.none(), st.none(), st.integers(0, 2)))
    def compare(layer, output_padding):
        assume(max(layer["dilation_rate"]) == 1)  # TensorFlow has no dilated one
        rng, kernel = numbers(layer)
        x = rng.normal(size=(*layer["shape"], kernel.shape[-1]))
        choice = dict(
            strides=layer["strides"],
            padding=layer["padding"],
            output_padding=output_padding,
        )
        try:
            T = conv_transpose_matrix(kernel, x.shape, **choice)
        except ValueError:
            assert output_padding is not None
            if output_padding < min(layer["strides"]):
                assert keras_refuses_or_gives_nothing(x, kernel, choice)
            seen["refused by both"] += 1
            return
        y = in_keras(keras.ops.conv_transpose, x, kernel, **choice)
        out = conv_transpose_output_shape(layer["shape"], layer["size"], **choice)
        assert out == y.shape[:-1]
        assert T @ x.ravel() == pytest.approx(y.ravel(), abs=1e-4)
        seen["compared"] += 1

    compare()
    assert seen["compared"] >= 100


def keras_refuses_or_gives_nothing(x, kernel, choice):
    try:
        return in_keras(keras.ops.conv_transpose, x, kernel, **choice).size == 0
    except Exception:  # each backend has its own
        return True


@settings(max_examples=60, deadline=None)
@given(layers(), st.integers(1, 3))
def test_depthwise_kernels_equal_keras(layer, strides):
    assume(len(layer["shape"]) < 3)  # Keras has no DepthwiseConv3D
    rng = np.random.default_rng(layer["seed"])
    channels, multiplier = layer["per_group"]
    kernel = rng.normal(size=(*layer["size"], channels, multiplier))
    x = rng.normal(size=(*layer["shape"], channels))
    options = dict(strides=strides, padding="same")
    y = in_keras(keras.ops.depthwise_conv, x, kernel, **options)
    grouped = kernel.reshape(*layer["size"], 1, -1)
    C = conv_matrix(grouped, x.shape, groups=channels, **options)
    assert C @ x.ravel() == pytest.approx(y.ravel(), abs=1e-4)


def test_unequal_strides_of_a_depthwise_kernel_equal_jax():
    # TensorFlow has them on the CPU with oneDNN only.
    layer = dict(size=(3, 2), strides=(2, 3), padding="same", dilation_rate=(1, 1))
    layer.update(groups=3, boundary="zero")
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(6, 7, 3)), rng.normal(size=(3, 2, 3, 2))
    grouped = kernel.reshape(3, 2, 1, 6)
    C = conv_matrix(grouped, x.shape, groups=3, strides=(2, 3), padding="same")
    y = run_jax(x, grouped, layer)
    assert C @ x.ravel() == pytest.approx(np.ravel(y), rel=1e-10, abs=1e-10)


def test_transposed_is_the_correlation_with_zeros_between_and_a_flipped_kernel():
    # The other definition: Dumoulin and Visin (arXiv:1603.07285), section 4.5.
    rng = np.random.default_rng(1)
    kernel, x = rng.normal(size=(3, 4, 2, 5)), rng.normal(size=(4, 3, 5))
    y = jax.lax.conv_general_dilated(
        x[None],
        kernel[::-1, ::-1].swapaxes(2, 3),
        (1, 1),
        [(4, 4), (3, 3)],
        lhs_dilation=(3, 2),
        rhs_dilation=(2, 1),
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
        precision="highest",
    )
    T = conv_transpose_matrix(kernel, x.shape, strides=(3, 2), dilation_rate=(2, 1))
    assert T @ x.ravel() == pytest.approx(np.ravel(y), rel=1e-10, abs=1e-10)
