"""Where PyTorch agrees and where it does not; runs with the extra `torch`."""

import numpy as np
import pytest

from convae_lib import (
    KERNEL_LAYOUTS,
    conv_matrix,
    conv_output_shape,
    conv_transpose_matrix,
    conv_transpose_operator,
    conv_transpose_output_shape,
    convert_kernel,
    dot_test,
)

torch = pytest.importorskip(
    "torch", reason="PyTorch is an extra: pip install '.[torch]'"
)

CONV = KERNEL_LAYOUTS["torch", "conv"]
TRANSPOSED = KERNEL_LAYOUTS["torch", "conv_transpose"]


def in_torch(op, x, kernel, **options):
    images = torch.tensor(np.moveaxis(x, -1, 0)[None].copy())
    y = op(images, torch.tensor(kernel.copy()), **options)[0]
    return np.moveaxis(y.numpy(), 0, -1)


@pytest.mark.parametrize("stride", [1, 2, (2, 3)])
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("groups", [1, 2])
def test_convolution_and_its_transpose_with_numbers_as_padding(stride, padding, groups):
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(3, 4, 2, 6))
    x = rng.normal(size=(8, 9, 2 * groups))
    y = in_torch(
        torch.nn.functional.conv2d,
        x,
        convert_kernel(kernel, "HWIO", CONV),
        stride=stride,
        padding=padding,
        groups=groups,
    )
    options = dict(strides=stride, padding=padding, groups=groups)
    C = conv_matrix(kernel, x.shape, **options)
    assert C @ x.ravel() == pytest.approx(y.ravel())
    back = in_torch(
        torch.nn.functional.conv_transpose2d,
        y,
        convert_kernel(kernel, "HWOI", TRANSPOSED),
        stride=stride,
        padding=padding,
        groups=groups,
    )
    T = conv_transpose_matrix(kernel, y.shape, output_padding=0, **options)
    assert T @ y.ravel() == pytest.approx(back.ravel())


def test_output_padding_adds_rows_at_the_end():
    rng = np.random.default_rng(1)
    kernel, x = rng.normal(size=(3, 3, 2, 4)), rng.normal(size=(5, 6, 4))
    y = in_torch(
        torch.nn.functional.conv_transpose2d,
        x,
        convert_kernel(kernel, "HWOI", TRANSPOSED),
        stride=2,
        padding=1,
        output_padding=1,
    )
    T = conv_transpose_matrix(kernel, x.shape, strides=2, padding=1, output_padding=1)
    assert T @ x.ravel() == pytest.approx(y.ravel())


def test_the_alignment_differs_from_keras_s_same():
    # 4x4 with strides 2: PyTorch's padding=1 looks one row up and left of Keras's
    # "same", which needs one zero only and puts it at the end.
    kernel, x = np.arange(9.0).reshape(3, 3, 1, 1), np.arange(16.0).reshape(4, 4, 1)
    y = in_torch(
        torch.nn.functional.conv2d,
        x,
        convert_kernel(kernel, "HWIO", CONV),
        stride=2,
        padding=1,
    )
    sides = conv_matrix(kernel, x.shape, strides=2, padding=1)
    same = conv_matrix(kernel, x.shape, strides=2, padding="same")
    assert sides @ x.ravel() == pytest.approx(y.ravel())
    assert not np.isclose(same @ x.ravel(), y.ravel()).any()


def test_sizes_differ_where_the_kernel_is_smaller_than_the_strides():
    x = np.ones((4, 4, 1))
    y = in_torch(
        torch.nn.functional.conv_transpose2d, x, np.ones((1, 1, 1, 1)), stride=3
    )
    assert y.shape[:2] == (10, 10)  # (i - 1) * s + k
    assert conv_transpose_output_shape((4, 4), 1, strides=3) == (12, 12)  # i * s
    exact = conv_transpose_output_shape((4, 4), 1, strides=3, output_padding=0)
    assert exact == (10, 10)
    assert conv_output_shape((10, 10), 1, strides=3) == (4, 4)


def test_the_table_s_layouts_are_those_of_the_layers():
    for layer, module in (
        ("conv", torch.nn.Conv2d(5, 2, (3, 4))),
        ("conv_transpose", torch.nn.ConvTranspose2d(5, 2, (3, 4))),
    ):
        sizes = dict(H=3, W=4, I=5, O=2)
        layout = KERNEL_LAYOUTS["torch", layer]
        assert module.weight.shape == tuple(sizes[axis] for axis in layout)


def test_layers_that_carry_a_gradient():
    layer = torch.nn.ConvTranspose2d(5, 2, (3, 4), (2, 3), bias=False).double()
    x = torch.rand(1, 5, 4, 3, dtype=torch.float64, requires_grad=True)
    y = layer(x)[0].detach().numpy()
    kernel = convert_kernel(layer.weight, TRANSPOSED, "HWOI")
    x = x[0].permute(1, 2, 0)
    build = (conv_transpose_matrix, conv_transpose_operator)
    for T in [f(kernel, x.shape, strides=(2, 3), padding=0) for f in build]:
        assert dot_test(T) < 1e-10
        z = T @ x.detach().numpy().ravel()
        assert z == pytest.approx(np.moveaxis(y, 0, -1).ravel())
    assert T @ x.reshape(-1) == pytest.approx(z)  # the operator reads tensors as well
    flat = torch.arange(3.0, requires_grad=True)
    C = conv_matrix(flat, torch.tensor([8]), padding=torch.tensor([[1, 2]]))
    assert C.shape == (9, 8)
    assert dot_test(torch.eye(3, requires_grad=True)) == 0


@pytest.mark.parametrize(
    ("s", "d", "p", "e"), [(1, 2, 2, 1), (1, 3, 2, 2), (2, 3, 2, 2), (2, 3, 1, 1)]
)
def test_output_padding_up_to_the_dilation_crops_less_at_the_end(s, d, p, e):
    rng = np.random.default_rng(2)
    kernel, x = rng.normal(size=(3, 3, 2, 4)), rng.normal(size=(5, 6, 4))
    y = in_torch(
        torch.nn.functional.conv_transpose2d,
        x,
        convert_kernel(kernel, "HWOI", TRANSPOSED),
        stride=s,
        dilation=d,
        padding=p,
        output_padding=e,
    )
    geometry = dict(strides=s, dilation_rate=d)
    pairs = ((p, p - e),) * 2
    T = conv_transpose_matrix(kernel, x.shape, padding=pairs, **geometry)
    assert T @ x.ravel() == pytest.approx(y.ravel())
    if e >= s:
        with pytest.raises(ValueError, match=f"output_padding {e} must be smaller"):
            conv_transpose_output_shape(
                (5, 6), 3, padding=p, output_padding=e, **geometry
            )
