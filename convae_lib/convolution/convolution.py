"""What a convolution is before it becomes a matrix or an operator.

Both are made from the same arguments, which are checked here, once.
"""

from math import prod
from operator import index
from typing import NamedTuple

import numpy as np

from ..checks import is_whole, read_array
from .arguments import is_name, per_axis, plain
from .axis import Axis, conv_axes, conv_transpose_axes

__all__ = ["Convolution", "describe_convolution", "describe_transposed_convolution"]


class Convolution(NamedTuple):
    """A convolution with all its arguments written out.

    A transposed convolution is described by the convolution that it transposes.
    """

    kernel: np.ndarray  # (*size, channels / groups, filters)
    axes: tuple[Axis, ...]  # one per spatial axis
    channels: int
    groups: int
    wrap: bool  # what lies outside the input: its other side, or zeros

    @property
    def size(self):
        return self.kernel.shape[:-2]

    @property
    def filters(self):
        return self.kernel.shape[-1]

    @property
    def input_shape(self):
        return tuple(axis.i for axis in self.axes)

    @property
    def output_shape(self):
        return tuple(axis.o for axis in self.axes)

    @property
    def matrix_shape(self):
        outputs, inputs = prod(self.output_shape), prod(self.input_shape)
        return outputs * self.filters, inputs * self.channels


def describe_convolution(
    kernel, input_shape, *, strides, padding, dilation_rate, groups, boundary
):
    """Return the `Convolution` that the arguments of `conv_matrix` describe."""
    kernel, spatial, channels, groups = _split(kernel, input_shape, groups)
    *size, in_per_group, filters = kernel.shape
    if channels != in_per_group * groups or filters % groups:
        if groups == 1:
            raise ValueError(
                f"the input has {channels} channels, but the kernel of shape "
                f"{kernel.shape} reads {in_per_group}; its last two axes are channels "
                "in and out (in per group, with groups)"
            )
        raise ValueError(
            f"groups {groups} does not fit: the input has {channels} channels and "
            f"the kernel, of shape {kernel.shape}, reads {in_per_group} per group "
            f"and writes {filters}; channels must be {in_per_group} * groups and "
            "filters a multiple of groups (a depthwise kernel (..., c, m) is the "
            "grouped (..., 1, c * m): reshape it)"
        )
    wrap = _wraps(boundary)
    axes = conv_axes(spatial, size, strides, padding, dilation_rate)
    return Convolution(kernel, axes, channels, groups, wrap)


def describe_transposed_convolution(
    kernel,
    input_shape,
    *,
    strides,
    padding,
    output_padding,
    dilation_rate,
    groups,
    boundary,
):
    """Return the `Convolution` whose transpose `conv_transpose_matrix` returns."""
    kernel, spatial, channels, groups = _split(kernel, input_shape, groups)
    *size, out_per_group, filters = kernel.shape
    if channels != filters or channels % groups:
        raise ValueError(
            f"the input has {channels} channels in {groups} groups, but the kernel of "
            f"shape {kernel.shape} ends in {filters}; a transposed kernel is laid out "
            "(..., c_out / groups, c_in), and c_in must be a multiple of groups"
        )
    axes = conv_transpose_axes(
        spatial, size, strides, padding, output_padding, dilation_rate
    )
    return Convolution(kernel, axes, out_per_group * groups, groups, _wraps(boundary))


def _wraps(boundary):
    """Tell whether what lies outside the input is its other side."""
    if not is_name(boundary, "zero") and not is_name(boundary, "wrap"):
        raise ValueError(f"boundary {boundary!r} is not known; use 'zero' or 'wrap'")
    return boundary == "wrap"


def _split(kernel, input_shape, groups):
    """Return the kernel with both channel axes, the spatial shape, channels, groups."""
    kernel = read_array("kernel", kernel)
    shape = plain("input_shape", input_shape)
    shape = shape if isinstance(shape, tuple) else (shape,)
    name = kernel.dtype.name
    if name in ("float16", "bfloat16") or "float8" in name:
        raise ValueError(
            f"a kernel of dtype {kernel.dtype} cannot become a SciPy matrix, which has "
            "no such numbers; use kernel.astype('float32')"
        )
    if kernel.dtype.kind not in "biufc" or not kernel.size:
        raise ValueError(
            f"a kernel of shape {kernel.shape} and dtype {kernel.dtype} has no numbers "
            "to convolve with"
        )
    kernel = kernel.astype(kernel.dtype.newbyteorder("="), copy=False)
    if not is_whole(groups) or groups < 1:
        raise ValueError(f"groups {groups!r} must be a whole number of at least 1")
    # Counted in Python's integers, which do not overflow.
    groups, shape = index(groups), per_axis("input_shape", shape, len(shape))
    if kernel.ndim == len(shape) and 1 <= len(shape) <= 3:
        return kernel[..., None, None], shape, 1, groups
    if kernel.ndim == len(shape) + 1 and 2 <= len(shape) <= 4:
        return kernel, shape[:-1], shape[-1], groups
    raise ValueError(
        f"a kernel of shape {kernel.shape} does not fit the input shape {shape}; "
        "give one channel, (k,) with (n,), (kh, kw) with (h, w) or (kd, kh, kw) "
        "with (d, h, w), or channels, with two more axes on the kernel and one "
        "more on the input: (kh, kw, c_in / groups, c_out) with (h, w, c_in)"
    )
