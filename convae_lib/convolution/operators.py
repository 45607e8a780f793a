"""Convolution and transposed convolution applied without their matrix.

Every filter needs every window of the input. The windows of a few lines of outputs
are copied side by side, few enough to stay in the cache, and meet all filters in a
matrix product. The transpose does the same backwards: a product, and each window
added back to where it was read.
"""

from functools import partial
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.sparse.linalg import LinearOperator

from .convolution import describe_convolution, describe_transposed_convolution

__all__ = ["conv_operator", "conv_transpose_operator"]

CHUNK = 2**19  # bytes copied at a time: half of what a core's cache holds


def conv_operator(
    kernel,
    input_shape,
    *,
    strides=1,
    padding="valid",
    dilation_rate=1,
    groups=1,
    boundary="zero",
):
    """Return a convolution as a linear operator that stores its kernel only.

    Parameters
    ----------
    kernel, input_shape, strides, padding, dilation_rate, groups, boundary
        As in `conv_matrix`.

    Returns
    -------
    scipy.sparse.linalg.LinearOperator
        Of the shape, dtype and order of rows and columns of `conv_matrix`:
        ``A @ x`` for a vector or the columns of a matrix, ``A.H @ y`` for the
        adjoint, ``A.T`` for the transpose. A copy of the kernel is all that it
        holds; it can be pickled.

    Raises
    ------
    ValueError
        As in `conv_matrix`.

    Notes
    -----
    Fast for small kernels and many filters: the windows are multiplied with
    all filters at once. For one channel and a large kernel, transforms
    (``scipy.signal.fftconvolve``) are faster.

    Examples
    --------
    >>> import numpy as np
    >>> A = conv_operator(np.ones((3, 3, 3, 64)), (1000, 1000, 3), padding="same")
    >>> A.shape
    (64000000, 3000000)

    What it is for beyond teaching: any solver of SciPy takes it. Here a blurred
    signal is sharpened again, which no transposed convolution does.

    >>> from scipy.sparse.linalg import lsqr
    >>> x = np.repeat([0.0, 1.0, 0.5, 2.0], 10)
    >>> blur = conv_operator([0.25, 0.5, 0.25], x.shape, padding="same")
    >>> y = blur @ x
    >>> sharp = lsqr(blur, y, atol=1e-12, btol=1e-12)[0]
    >>> bool(np.allclose(sharp, x)), bool(np.allclose(blur.T @ y, x))
    (True, False)
    """
    conv = describe_convolution(
        kernel,
        input_shape,
        strides=strides,
        padding=padding,
        dilation_rate=dilation_rate,
        groups=groups,
        boundary=boundary,
    )
    conv, conjugate = _pair(conv)
    return LinearOperator(
        conv.matrix_shape,
        matvec=partial(_convolve, conv),
        rmatvec=partial(_transpose, conjugate),
        dtype=conv.kernel.dtype,
    )


def conv_transpose_operator(
    kernel,
    input_shape,
    *,
    strides=1,
    padding="valid",
    output_padding=None,
    dilation_rate=1,
    groups=1,
    boundary="zero",
):
    """Return a transposed convolution as a linear operator.

    Parameters
    ----------
    kernel, input_shape, strides, padding, output_padding, dilation_rate, groups, \
boundary
        As in `conv_transpose_matrix`.

    Returns
    -------
    scipy.sparse.linalg.LinearOperator
        Of the shape, dtype and order of rows and columns of
        `conv_transpose_matrix`.

    Raises
    ------
    ValueError
        As in `conv_transpose_matrix`.

    Examples
    --------
    >>> import numpy as np
    >>> T = conv_transpose_operator([1, 10, 100], (2,), strides=2)
    >>> T @ np.array([1, 2])
    array([  1,  10, 102,  20, 200])
    """
    conv = describe_transposed_convolution(
        kernel,
        input_shape,
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        dilation_rate=dilation_rate,
        groups=groups,
        boundary=boundary,
    )
    conv, conjugate = _pair(conv)
    return LinearOperator(
        conv.matrix_shape[::-1],
        matvec=partial(_transpose, conv),
        rmatvec=partial(_convolve, conjugate),
        dtype=conv.kernel.dtype,
    )


def _pair(conv):
    """Return the convolution and its conjugate, with kernels of their own."""
    kernel = conv.kernel.copy()
    return conv._replace(kernel=kernel), conv._replace(kernel=kernel.conj())


# Below, images are (lines, groups, channels of a group, *rest): lines along the first
# spatial axis, one copy of each window along the others. Along the lines the windows
# overlap: a line is copied once, and read by every window that it is in.


def _convolve(conv, x):
    """Return the flat convolution of the flat input `x`."""
    dtype = np.result_type(x, conv.kernel)
    weights = _weights(conv, dtype)
    image = np.reshape(x, (*conv.input_shape, conv.channels))
    windows = _windows(conv, _pad(conv, image, dtype))
    lines, *rest = conv.output_shape
    y = np.empty((lines, prod(rest), *weights.shape[::2]), dtype)
    s, d, span = conv.axes[0].s, conv.axes[0].d, conv.axes[0].reach
    blocks = _blocks(conv, y.itemsize)
    block = np.empty((s * (blocks[0].stop - 1) + span, *windows.shape[1:]), dtype)
    each = block.reshape(len(block), conv.groups, -1, y.shape[1])
    seen = np.moveaxis(sliding_window_view(each, span, axis=0)[::s, ..., ::d], -1, 2)
    for lines in blocks:
        read = windows[s * lines.start : s * (lines.stop - 1) + span]
        block[: len(read)] = read
        out = y[lines].swapaxes(1, 2)
        patches = seen[: len(out)].reshape(-1, *weights.shape[:2], y.shape[1])
        if y.shape[1] == 1:  # one long product instead of many short ones
            patches, out = patches.swapaxes(0, 3).copy(), out.swapaxes(0, 2)
        np.matmul(patches.swapaxes(2, 3), weights, out=out)
    return y.ravel()


def _transpose(conv, y):
    """Return the flat transposed convolution of the flat `y`."""
    dtype = np.result_type(y, conv.kernel)
    weights = _weights(conv, dtype)
    y = np.reshape(y, (conv.output_shape[0], -1, *weights.shape[::2])).swapaxes(1, 2)
    planes = np.zeros(_padded_shape(conv), dtype)
    windows = _windows(conv, planes)
    s, d = conv.axes[0].s, conv.axes[0].d
    shape = (-1, conv.groups, *conv.size, windows.shape[1 + len(conv.size)])
    for lines in _blocks(conv, planes.itemsize):
        part = y[lines]
        if y.shape[2] == 1:
            part = part.swapaxes(0, 2)
        parts = weights @ part.swapaxes(2, 3)
        if y.shape[2] == 1:
            parts = parts.swapaxes(0, 3)
        parts = parts.reshape(*shape, *conv.output_shape[1:])
        for tap, *taps in np.ndindex(conv.size):
            start = s * lines.start + d * tap
            rows = slice(start, start + s * (len(parts) - 1) + 1, s)
            target = windows[(rows, slice(None), *taps)]
            target += parts[(slice(None), slice(None), tap, *taps)]
    return np.moveaxis(_unpad(conv, planes), 1, -1).ravel()


def _weights(conv, dtype):
    """Return the kernel as one matrix a group, (groups, taps * channels, filters)."""
    taps = conv.kernel.reshape(-1, conv.groups, conv.filters // conv.groups)
    return np.ascontiguousarray(taps.swapaxes(0, 1), dtype)


def _windows(conv, planes):
    """Return a view, (lines, groups, *size[1:], channels, *output_shape[1:])."""
    rest = tuple(range(3, planes.ndim))
    axes = conv.axes[1:]
    spans = [axis.reach for axis in axes]
    view = sliding_window_view(planes, spans, axis=rest, writeable=True)
    steps = [axis.s for axis in axes] + [axis.d for axis in axes]
    view = view[(..., *(slice(None, None, step) for step in steps))]
    return view.transpose(0, 1, *range(planes.ndim, view.ndim), 2, *rest)


def _blocks(conv, itemsize):
    """Return the lines of outputs, as many at a time as fit into the cache."""
    lines, *rest = conv.output_shape
    each = conv.channels * prod(conv.size[1:]) * prod(rest) * itemsize
    if not rest or conv.groups > 1 or conv.axes[0].d > 1:
        each *= conv.size[0]  # here every window is copied along the lines as well
    most = max(1, CHUNK // each)
    starts = range(0, lines, most)
    return [slice(start, min(start + most, lines)) for start in starts]


def _padded_shape(conv):
    lines, *rest = [axis.before + axis.i + axis.after for axis in conv.axes]
    return (lines, conv.groups, conv.channels // conv.groups, *rest)


def _pad(conv, image, dtype):
    """Return an image, (*input_shape, channels), with what lies around it."""
    planes = np.moveaxis(image, -1, 1)
    if conv.wrap:
        first, *rest = [(axis.before, axis.after) for axis in conv.axes]
        planes = np.pad(planes, [first, (0, 0), *rest], mode="wrap")
        return planes.reshape(_padded_shape(conv)).astype(dtype, copy=False)
    padded = np.zeros(_padded_shape(conv), dtype)
    padded.reshape(padded.shape[0], -1, *padded.shape[3:])[_inside(conv)] = planes
    return padded


def _unpad(conv, planes):
    """Return the transpose of `_pad`: what lay around is dropped or added back."""
    planes = planes.reshape(planes.shape[0], -1, *planes.shape[3:])
    if not conv.wrap:
        return planes[_inside(conv)]
    for place, (i, *_, before, after) in enumerate(conv.axes):
        # Fill up to whole copies of the input, and add the copies.
        axis = place and place + 1
        pads = [(0, 0)] * planes.ndim
        pads[axis] = (-before % i, -after % i)
        planes = np.pad(planes, pads)
        shape = (*planes.shape[:axis], -1, i, *planes.shape[axis + 1 :])
        planes = planes.reshape(shape).sum(axis, dtype=planes.dtype)
    return planes


def _inside(conv):
    first, *rest = (slice(axis.before, axis.before + axis.i) for axis in conv.axes)
    return (first, slice(None), *rest)
