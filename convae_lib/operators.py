"""Convolution and transposed convolution applied without their matrix.

Every filter needs every window of the input. The windows of a few lines of
outputs are copied side by side (small enough to stay in the cache) and meet all
filters in one matrix product. The transpose does the same backwards: a product,
and each window added back to where it was read.
"""

from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.sparse.linalg import LinearOperator

from .arguments import reach
from .convolution import read_convolution, read_transposed_convolution

__all__ = ["conv_operator", "conv_transpose_operator"]

CHUNK = 2**16  # window entries copied at a time: what a core's cache holds


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
        adjoint, ``A.T`` for the transpose.

    Raises
    ------
    ValueError
        As in `conv_matrix`.

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
    conv = read_convolution(
        kernel,
        input_shape,
        strides=strides,
        padding=padding,
        dilation_rate=dilation_rate,
        groups=groups,
        boundary=boundary,
    )
    return LinearOperator(
        _shape(conv),
        matvec=lambda x: _convolve(conv, x),
        rmatvec=lambda y: _transpose(conv, y, conv.kernel.conj()),
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
    conv = read_transposed_convolution(
        kernel,
        input_shape,
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        dilation_rate=dilation_rate,
        groups=groups,
        boundary=boundary,
    )
    conjugate = conv._replace(kernel=conv.kernel.conj())
    return LinearOperator(
        _shape(conv)[::-1],
        matvec=lambda x: _transpose(conv, x, conv.kernel),
        rmatvec=lambda y: _convolve(conjugate, y),
        dtype=conv.kernel.dtype,
    )


def _shape(conv):
    return (
        prod(conv.output_shape) * conv.filters,
        prod(conv.input_shape) * conv.channels,
    )


def _convolve(conv, x):
    """Return the flat convolution of the flat input `x`."""
    dtype = np.result_type(x, conv.kernel)
    planes = np.moveaxis(np.reshape(x, (*conv.input_shape, conv.channels)), -1, 0)
    windows = _windows(conv, _pad(conv, planes, dtype))
    weights = _weights(conv, conv.kernel, dtype)
    y = np.empty((prod(conv.output_shape), *weights.shape[::2]), dtype)
    for lines, outputs in _blocks(conv):
        block = windows[(slice(None), *[slice(None)] * len(conv.size), lines)]
        patches = block.reshape(*weights.shape[:2], -1)
        np.matmul(patches.swapaxes(1, 2), weights, out=y[outputs].swapaxes(0, 1))
    return y.ravel()


def _transpose(conv, y, kernel):
    """Return the flat transposed convolution of the flat `y`, with this kernel."""
    dtype = np.result_type(y, kernel)
    weights = _weights(conv, kernel, dtype)
    y = np.reshape(y, (-1, *weights.shape[::2]))
    planes = np.zeros((conv.channels, *_padded_shape(conv)), dtype)
    windows = _windows(conv, planes)
    for lines, outputs in _blocks(conv):
        patches = weights @ y[outputs].transpose(1, 2, 0)
        patches = patches.reshape(conv.channels, *conv.size, -1, *conv.output_shape[1:])
        for tap in np.ndindex(conv.size):
            windows[(slice(None), *tap, lines)] += patches[(slice(None), *tap)]
    return np.moveaxis(_unpad(conv, planes), 0, -1).ravel()


def _padded_shape(conv):
    return [i + sum(pad) for i, pad in zip(conv.input_shape, conv.pads)]


def _pad(conv, planes, dtype):
    """Return `planes`, (channels, *input_shape), with what lies around them."""
    if conv.wrap:
        pads = [(0, 0), *conv.pads]
        return np.pad(planes.astype(dtype, copy=False), pads, mode="wrap")
    padded = np.zeros((conv.channels, *_padded_shape(conv)), dtype)
    padded[_inside(conv)] = planes
    return padded


def _unpad(conv, planes):
    """Return the transpose of `_pad`: what lay around is dropped or added back."""
    if not conv.wrap:
        return planes[_inside(conv)]
    for axis, (i, (before, after)) in enumerate(zip(conv.input_shape, conv.pads), 1):
        # Fill up to whole copies of the input, and add the copies.
        pads = [(0, 0)] * planes.ndim
        pads[axis] = (-before % i, -after % i)
        planes = np.pad(planes, pads)
        shape = (*planes.shape[:axis], -1, i, *planes.shape[axis + 1 :])
        planes = planes.reshape(shape).sum(axis, dtype=planes.dtype)
    return planes


def _inside(conv):
    pads = zip(conv.input_shape, conv.pads)
    return (slice(None), *(slice(before, before + i) for i, (before, _) in pads))


def _weights(conv, kernel, dtype):
    """Return the kernel as one matrix a group, (groups, channels * taps, filters)."""
    kernel = np.moveaxis(kernel.astype(dtype, copy=False), -2, 0)
    taps = kernel.reshape(-1, conv.groups, conv.filters // conv.groups)
    return np.ascontiguousarray(taps.swapaxes(0, 1))


def _windows(conv, planes):
    """Return a view of the padded input, (channels, *size, *output_shape)."""
    axes = tuple(range(1, planes.ndim))
    spans = [reach(k, d) for k, d in zip(conv.size, conv.dilation_rate)]
    view = sliding_window_view(planes, spans, axis=axes, writeable=True)
    steps = [slice(None, None, step) for step in conv.strides + conv.dilation_rate]
    view = view[(slice(None), *steps)]
    n = len(axes)
    return view.transpose(0, *range(n + 1, 2 * n + 1), *axes)


def _blocks(conv):
    """Yield the lines along the first output axis, and their outputs, by blocks."""
    lines, line = conv.output_shape[0], prod(conv.output_shape[1:])
    most = max(1, CHUNK // (conv.channels * prod(conv.size) * line))
    for start in range(0, lines, most):
        stop = min(start + most, lines)
        yield slice(start, stop), slice(start * line, stop * line)
