"""Kernels on the way between frameworks."""

import numpy as np
import pytest

from convae_lib import (
    KERNEL_LAYOUTS,
    conv_matrix,
    conv_transpose_matrix,
    convert_kernel,
)
from convae_lib.convolution import kernel_layouts


@pytest.mark.parametrize("source", ["HWIO", "OIHW", "HWOI", "IOHW"])
@pytest.mark.parametrize("target", ["HWIO", "OIHW", "HWOI", "IOHW"])
def test_every_number_goes_where_its_letters_say(source, target):
    kernel = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    moved = convert_kernel(kernel, source, target)
    place = dict(zip(source, (1, 2, 3, 4)))
    assert moved[tuple(place[axis] for axis in target)] == kernel[1, 2, 3, 4]
    assert (convert_kernel(moved, target, source) == kernel).all()


def test_one_and_three_dimensions():
    assert convert_kernel(np.ones((3, 2, 4)), "WIO", "OIW").shape == (4, 2, 3)
    kernel = np.ones((5, 4, 3, 2, 1))
    assert convert_kernel(kernel, "DHWIO", "OIDHW").shape == (1, 2, 5, 4, 3)


def test_a_depthwise_kernel_becomes_the_grouped_one():
    rng = np.random.default_rng(0)
    kernel, x = rng.normal(size=(3, 3, 4, 2)), rng.normal(size=(5, 5, 4))
    grouped = convert_kernel(kernel, "HWIM", "HWIO")
    assert (grouped == kernel.reshape(3, 3, 1, 8)).all()
    torch = convert_kernel(kernel, "HWIM", "OIHW")
    assert torch.shape == (8, 1, 3, 3)
    assert (torch[2 * 3 + 1, 0] == kernel[:, :, 3, 1]).all()
    y = (conv_matrix(grouped, x.shape, groups=4) @ x.ravel()).reshape(3, 3, 8)
    assert y[0, 0, 7] == pytest.approx((kernel[:, :, 3, 1] * x[:3, :3, 3]).sum())
    assert convert_kernel(kernel, "HWIM", "MIHW").shape == (2, 4, 3, 3)


@pytest.mark.parametrize("source", ["HWIO", "hWIO", "HwIO", "hwIO"])
@pytest.mark.parametrize("target", ["IOHW", "IOhW", "IOHw", "IOhw"])
def test_an_axis_is_flipped_where_one_letter_is_small(source, target):
    kernel = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    moved = convert_kernel(kernel, source, target)
    steps = [-1 if (axis in source) != (axis in target) else 1 for axis in "HW"]
    expected = kernel[:: steps[0], :: steps[1]].transpose(2, 3, 0, 1)
    assert (moved == expected).all() and np.shares_memory(moved, kernel)
    assert (convert_kernel(moved, target, source) == kernel).all()


def test_a_depthwise_kernel_is_flipped_too():
    kernel = np.arange(2 * 3 * 4 * 2).reshape(2, 3, 4, 2)
    moved = convert_kernel(kernel, "hWIM", "HWIO")
    assert (moved == kernel[::-1].reshape(2, 3, 1, 8)).all()


@pytest.mark.parametrize("spatial", ["W", "DHW"])
def test_depthwise_kernels_of_one_and_three_dimensions(spatial):
    shape = (2, 3, 5)[-len(spatial) :]
    kernel = np.arange(np.prod(shape) * 8).reshape(*shape, 4, 2)
    grouped = convert_kernel(kernel, f"{spatial}IM", f"{spatial}IO")
    assert (grouped == kernel.reshape(*shape, 1, 8)).all()
    moved = convert_kernel(np.moveaxis(kernel, -1, 0), f"M{spatial}I", f"OI{spatial}")
    assert (moved == np.moveaxis(grouped, (-1, -2), (0, 1))).all()


def test_masked_kernels_are_refused():
    with pytest.raises(ValueError, match="kernel has 1 masked value; .* kernel.filled"):
        convert_kernel(np.ma.masked_equal([[[1]], [[2]]], 2), "WIO", "OIW")


def test_onnx_s_transposed_kernel_for_the_matrix():
    # (channels in, channels out, kh, kw), as in ONNX's ConvTranspose.
    kernel = np.arange(1 * 2 * 3 * 3).reshape(1, 2, 3, 3)
    moved = convert_kernel(kernel, KERNEL_LAYOUTS["onnx", "conv_transpose"], "HWOI")
    y = conv_transpose_matrix(moved, (1, 1, 1)) @ [1]
    assert (y.reshape(3, 3, 2) == kernel[0].transpose(1, 2, 0)).all()


@pytest.mark.parametrize(
    ("layouts", "message"),
    [
        (("HWIO", "NCHW"), "layout 'NCHW' is not known"),
        (("HWIO", "HHIO"), "layout 'HHIO' is not known"),
        (("WIO", "OIW"), "layout 'WIO' names 3 axes, but the kernel .* has 4"),
        (
            ("HWIO", "HWIM"),
            "layouts 'HWIO' and 'HWIM' have different axes; a kernel keeps its own, "
            r"save that a depthwise one \(M\) can become a grouped one \(O\)$",
        ),
        (("HWIO", "OIW"), "have different axes"),
        (("HWIO", "hhIO"), "layout 'hhIO' is not known"),
        (("HWIO", "HWio"), "layout 'HWio' is not known"),
        (("HWIO", None), "layout None is not known"),
        ((("keras", "conv"), "HWIO"), "layout .* is not known; .*'hwIO' where it is"),
    ],
)
def test_bad_layouts_are_named(layouts, message):
    with pytest.raises(ValueError, match=message):
        convert_kernel(np.ones((3, 3, 2, 4)), *layouts)


def test_the_table_tells_the_layouts():
    for layout in KERNEL_LAYOUTS.values():
        assert f"``{layout}``" in kernel_layouts.__doc__
