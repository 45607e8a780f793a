"""The table of kernel layouts against the frameworks themselves.

JAX and Keras always, Flax and ONNX's own reference where they are installed; PyTorch in
test_torch.py.
"""

import jax
import keras
import numpy as np
import pytest

from convae_lib import (
    KERNEL_LAYOUTS,
    conv_matrix,
    conv_operator,
    conv_transpose_matrix,
    convert_kernel,
    dot_test,
)

NEAR = dict(rel=1e-4, abs=1e-4)  # float32


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def theirs(framework, layer):
    """Return a 3x4 kernel from 5 to 2 channels in the table's layout, and what it is."""
    layout = KERNEL_LAYOUTS[framework, layer]
    sizes = dict(h=3, H=3, w=4, W=4, I=5, O=2, M=2)
    return numbers(*(sizes[axis] for axis in layout)), layout


def channels_first(op, x, *arguments, **options):
    """Return what an operation on channels-first images makes of a channels-last one."""
    y = op(np.moveaxis(x, -1, 0)[None], *arguments, **options)
    return np.moveaxis(np.asarray(y)[0], 0, -1)


def test_every_layout_is_compared():
    here = {"keras", "jax", "flax", "onnx"}
    assert {framework for framework, _ in KERNEL_LAYOUTS} == here | {"torch"}
    layers = {"conv", "conv_transpose"}
    assert {k for k in KERNEL_LAYOUTS if k[1] not in layers} == {
        ("keras", "depthwise_conv")
    }


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_keras_s_convolution(padding):
    kernel, layout = theirs("keras", "conv")
    x = numbers(7, 8, 5, seed=1)
    layer = keras.layers.Conv2D(2, (3, 4), 2, padding, use_bias=False)
    layer.build((None, *x.shape))
    layer.kernel.assign(kernel)
    y = keras.ops.convert_to_numpy(layer(x[None]))
    ours = convert_kernel(layer.kernel, layout, "HWIO")  # of a keras.Variable
    C = conv_matrix(ours, x.shape, strides=2, padding=padding)
    assert C @ x.ravel() == pytest.approx(y.ravel(), **NEAR)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_keras_s_transposed_convolution(padding):
    kernel, layout = theirs("keras", "conv_transpose")
    x = numbers(4, 3, 5, seed=1)
    layer = keras.layers.Conv2DTranspose(2, (3, 4), (2, 3), padding, use_bias=False)
    layer.build((None, *x.shape))
    layer.kernel.assign(kernel)
    y = keras.ops.convert_to_numpy(layer(x[None]))
    ours = convert_kernel(layer.kernel, layout, "HWOI")
    T = conv_transpose_matrix(ours, x.shape, strides=(2, 3), padding=padding)
    assert T @ x.ravel() == pytest.approx(y.ravel(), **NEAR)


def test_keras_s_depthwise_convolution():
    kernel, layout = theirs("keras", "depthwise_conv")
    x = numbers(7, 8, 5, seed=1)
    layer = keras.layers.DepthwiseConv2D((3, 4), depth_multiplier=2, use_bias=False)
    layer.build((None, *x.shape))
    layer.kernel.assign(kernel)
    y = keras.ops.convert_to_numpy(layer(x[None]))
    C = conv_matrix(convert_kernel(layer.kernel, layout, "HWIO"), x.shape, groups=5)
    assert C @ x.ravel() == pytest.approx(y.ravel(), **NEAR)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_jax_s_convolution(padding):
    kernel, layout = theirs("jax", "conv")
    x = numbers(7, 8, 5, seed=1)
    y = channels_first(jax.lax.conv, x, kernel, (2, 1), padding.upper())
    ours = convert_kernel(jax.numpy.asarray(kernel), layout, "HWIO")
    C = conv_matrix(ours, x.shape, strides=(2, 1), padding=padding)
    assert C @ x.ravel() == pytest.approx(y.ravel(), **NEAR)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [(1, 1), (2, 3), (5, 4)])
def test_jax_flips_the_transposed_kernel_unless_told(padding, strides):
    kernel, layout = theirs("jax", "conv_transpose")
    x = numbers(4, 3, 5, seed=1)
    y = jax.lax.conv_transpose(x[None], kernel, strides, padding.upper())
    ours = convert_kernel(kernel, layout, "HWOI")
    T = conv_transpose_matrix(ours, x.shape, strides=strides, padding=padding)
    assert T @ x.ravel() == pytest.approx(np.ravel(y), **NEAR)
    told = dict(dimension_numbers=("NHWC", "HWIO", "NHWC"), transpose_kernel=True)
    y = jax.lax.conv_transpose(x[None], ours, strides, padding.upper(), **told)
    assert T @ x.ravel() == pytest.approx(np.ravel(y), **NEAR)


def test_jax_s_pairs_are_zeros_around_and_not_crops():
    kernel, layout = theirs("jax", "conv_transpose")
    x, crops, rate = numbers(4, 3, 5, seed=1), ((1, 0), (2, 1)), (2, 1)
    zeros = [
        (d * (k - 1) - before, d * (k - 1) - after)
        for d, k, (before, after) in zip(rate, (3, 4), crops)
    ]
    y = jax.lax.conv_transpose(x[None], kernel, (2, 3), zeros, rhs_dilation=rate)
    geometry = dict(strides=(2, 3), padding=crops, dilation_rate=rate)
    ours = convert_kernel(kernel, layout, "HWOI")
    T = conv_transpose_matrix(ours, x.shape, **geometry)
    assert T @ x.ravel() == pytest.approx(np.ravel(y), **NEAR)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_flax_s_layers(padding):
    nn = pytest.importorskip("flax.linen", reason="Flax is not installed")

    def run(layer, x, kernel):
        assert (
            layer.init(jax.random.key(0), x)["params"]["kernel"].shape == kernel.shape
        )
        return np.ravel(layer.apply({"params": {"kernel": kernel}}, x))

    x, options = numbers(4, 3, 5, seed=1), dict(padding=padding, strides=(2, 3))
    layers = dict(padding=padding.upper(), strides=(2, 3), use_bias=False)
    kernel, layout = theirs("flax", "conv")
    if padding == "same":
        y = run(nn.Conv(2, (3, 4), **layers), x[None], kernel)
        C = conv_matrix(convert_kernel(kernel, layout, "HWIO"), x.shape, **options)
        assert C @ x.ravel() == pytest.approx(y, **NEAR)
    kernel, layout = theirs("flax", "conv_transpose")
    y = run(nn.ConvTranspose(2, (3, 4), **layers), x[None], kernel)
    ours = convert_kernel(kernel, layout, "HWOI")
    T = conv_transpose_matrix(ours, x.shape, **options)
    assert T @ x.ravel() == pytest.approx(y, **NEAR)
    told = nn.ConvTranspose(2, (3, 4), transpose_kernel=True, **layers)
    assert T @ x.ravel() == pytest.approx(run(told, x[None], ours), **NEAR)


@pytest.mark.parametrize(
    ("node", "options"),
    [
        (dict(pads=[1, 0, 0, 2]), dict(padding=((1, 0), (0, 2)))),
        (dict(auto_pad="SAME_UPPER"), dict(padding="same")),
    ],
)
@pytest.mark.parametrize("layer", ["conv", "conv_transpose"])
def test_onnx_s_reference(layer, node, options):
    onnx = pytest.importorskip("onnx", reason="ONNX is not installed")
    from onnx.reference import ReferenceEvaluator

    transposed = layer == "conv_transpose"
    kernel, layout = theirs("onnx", layer)
    x = numbers(6, 7, 5, seed=1)
    name = "ConvTranspose" if transposed else "Conv"
    made = onnx.helper.make_node(name, ["x", "w"], ["y"], strides=[2, 3], **node)
    values = [
        onnx.helper.make_tensor_value_info(value, onnx.TensorProto.FLOAT, None)
        for value in "xwy"
    ]
    graph = onnx.helper.make_graph([made], "graph", values[:2], values[2:])
    run = ReferenceEvaluator(onnx.helper.make_model(graph)).run
    y = channels_first(lambda x: run(None, {"x": x, "w": kernel})[0], x)
    ours = convert_kernel(kernel, layout, "HWOI" if transposed else "HWIO")
    build = conv_transpose_matrix if transposed else conv_matrix
    M = build(ours, x.shape, strides=(2, 3), **options)
    assert M @ x.ravel() == pytest.approx(y.ravel(), **NEAR)


@pytest.mark.parametrize(
    "tensor", [keras.Variable, keras.ops.convert_to_tensor, jax.numpy.asarray]
)
def test_arguments_may_be_tensors(tensor):
    kernel, x = numbers(3, 4, 5, 2), numbers(7, 8, 5)
    C = conv_matrix(kernel, x.shape)
    shape = tensor(x).shape
    for built in (
        conv_matrix(tensor(kernel), shape),
        conv_matrix(
            tensor(kernel), jax.numpy.array(x.shape), strides=jax.numpy.ones(2, int)
        ),
        conv_matrix(kernel, x.shape, padding=jax.numpy.zeros((2, 2), int)),
    ):
        assert (built != C).nnz == 0
    A = conv_operator(tensor(kernel), shape)
    assert A @ tensor(x.ravel()) == pytest.approx(C @ x.ravel(), **NEAR)
    matrix = tensor(C.toarray())
    assert dot_test(C, keras.ops.convert_to_numpy(matrix).T, rtol=1e-6) < 1e-6
    assert dot_test(matrix, rtol=1e-6) < 1e-6
