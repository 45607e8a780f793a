"""Convolution and transposed convolution applied without their matrix.

Every filter needs every window of the input. The windows of a few lines of outputs
are copied side by side, few enough to stay in the cache, and multiplied with all
filters in one matrix product. The transpose does the same backwards: a product, and
each window is added to where it was read.
"""

from math import prod

import numpy as np
from scipy.sparse import issparse
from scipy.sparse.linalg import LinearOperator

from ..checks import read_array
from .convolution import describe_convolution, describe_transposed_convolution
from .windows import blocks, gather, pad, padded_shape, scatter, unpad, window_view

__all__ = ["conv_operator", "conv_transpose_operator"]


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
    """Return a convolution as a linear operator that stores only its kernel.

    Parameters
    ----------
    kernel, input_shape, groups, boundary
        As in `conv_matrix`.
    strides, padding, dilation_rate
        As in `conv_output_shape`.

    Returns
    -------
    scipy.sparse.linalg.LinearOperator
        Of the shape, dtype and order of rows and columns of `conv_matrix`:
        ``A @ x`` for a vector or the columns of a matrix, ``A.H @ y`` for the
        adjoint, ``A.T`` for the transpose. It holds a copy of the kernel and
        nothing else, and can be pickled.

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

    Any solver of SciPy takes it. Here one sharpens a blurred signal again, which
    no transposed convolution does:

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
    return ConvOperator(conv._replace(kernel=conv.kernel.copy()))


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
    kernel, input_shape, groups, boundary
        As in `conv_transpose_matrix`.
    strides, dilation_rate
        As in `conv_output_shape`.
    padding, output_padding
        As in `conv_transpose_output_shape`.

    Returns
    -------
    scipy.sparse.linalg.LinearOperator
        Of the shape, dtype and order of rows and columns of
        `conv_transpose_matrix`.

    Raises
    ------
    ValueError
        As in `conv_matrix`, and where the convolution would not lead back to
        `input_shape`.

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
    return ConvOperator(conv._replace(kernel=conv.kernel.copy()), backwards=True)


class ConvOperator(LinearOperator):
    """A convolution or, backwards, its transpose, as SciPy applies it."""

    def __init__(self, conv, backwards=False):
        shape = conv.matrix_shape
        super().__init__(conv.kernel.dtype, shape[::-1] if backwards else shape)
        self.conv, self.backwards = conv, backwards

    def dot(self, x):
        # SciPy would drop a mask, and stumble over a tensor that carries a gradient.
        if not isinstance(x, LinearOperator) and not issparse(x) and not np.isscalar(x):
            x = read_array("x", x)
        return super().dot(x)

    def _matvec(self, x):
        x = read_array("x", x)
        apply = _convolve_back if self.backwards else _convolve
        return apply(self.conv, x)

    def _transpose(self):
        return ConvOperator(self.conv, not self.backwards)

    def _adjoint(self):
        conjugate = self.conv._replace(kernel=self.conv.kernel.conj())
        return ConvOperator(conjugate, not self.backwards)


# `_convolve_back` is the mirror of `_convolve`: each number undoes its like, the last
# one first. The words of the shapes are explained in `convae_lib.convolution.windows`.


def _convolve(conv, x):
    """Return the flat convolution of the flat input `x`."""
    dtype = np.result_type(x, conv.kernel)
    weights = _weights(conv, dtype)  # (groups, patch, filters)
    image = np.reshape(x, (*conv.input_shape, conv.channels))  # 1. (lines, *rest, all)
    planes = pad(conv, image, dtype)  # 2. (padded lines, groups, channels, *padded)
    windows = window_view(conv, planes)
    y = np.empty(_output_shape(conv), dtype)
    for lines, patches in gather(conv, windows):  # 3. (lines, groups, patch, rest)
        _multiply(patches, weights, out=y[lines])  # 4. (lines, rest, groups, filters)
    return y.ravel()  # 5.


def _convolve_back(conv, y):
    """Return the flat transposed convolution of the flat `y`."""
    dtype = np.result_type(y, conv.kernel)
    weights = _weights(conv, dtype)  # (groups, patch, filters)
    y = np.reshape(y, _output_shape(conv))  # 5. (lines, rest, groups, filters)
    planes = np.zeros(padded_shape(conv), dtype)
    windows = window_view(conv, planes)
    for lines in blocks(conv, dtype.itemsize):
        patches = _multiply_back(y[lines], weights)  # 4. (lines, groups, patch, rest)
        scatter(conv, windows, lines, patches)  # 3.
    image = unpad(conv, planes)  # 2. (lines, *rest, all channels)
    return image.ravel()  # 1.


def _weights(conv, dtype):
    """Return the kernel as one matrix a group, (groups, patch, filters)."""
    taps = conv.kernel.reshape(-1, conv.groups, conv.filters // conv.groups)
    return np.ascontiguousarray(taps.swapaxes(0, 1), dtype)


def _output_shape(conv):
    """Return (lines, rest, groups, filters), with the filters of a group."""
    lines, *rest = conv.output_shape
    return lines, prod(rest), conv.groups, conv.filters // conv.groups


# Where the rest is one position, the lines take its place: one long product instead of
# many short ones.


def _multiply(patches, weights, out):
    """Write patches times weights, (lines, rest, groups, filters)."""
    out = out.swapaxes(1, 2)  # (lines, groups, rest, filters)
    if out.shape[2] == 1:
        patches, out = patches.swapaxes(0, 3).copy(), out.swapaxes(0, 2)
    np.matmul(patches.swapaxes(2, 3), weights, out=out)


def _multiply_back(y, weights):
    """Return weights times outputs, (lines, groups, patch, rest)."""
    y = y.swapaxes(1, 2)  # (lines, groups, rest, filters)
    if y.shape[2] == 1:
        return (weights @ y.swapaxes(0, 2).swapaxes(2, 3)).swapaxes(0, 3)
    return weights @ y.swapaxes(2, 3)
