"""Convolution and transposed convolution as explicit sparse matrices.

A convolution is linear: each output is a weighted sum of inputs. Flatten both
images (row-major, channels last) and the weights fill a matrix ``C`` with
``y = C @ x``. Deep-learning "convolution" is cross-correlation: the kernel is
not flipped, here as in Keras.
"""

from math import prod

import numpy as np
from scipy.sparse import csr_array, get_index_dtype

from .geometry import conv_output_shape, conv_padding, conv_transpose_output_shape

__all__ = ["conv_matrix", "conv_transpose_matrix"]


def conv_matrix(
    kernel, input_shape, *, strides=1, padding="valid", dilation_rate=1, groups=1
):
    """Return the matrix of a convolution.

    Parameters
    ----------
    kernel : array_like
        Either as many axes as `input_shape`, one channel in and out: ``(k,)``,
        ``(kh, kw)`` or ``(kd, kh, kw)``; or one more, in Keras's layout:
        ``(..., c_in / groups, c_out)``. A depthwise kernel ``(kh, kw, c, m)``
        is the grouped kernel ``(kh, kw, 1, c * m)`` with ``groups=c``. Zeros
        are stored like any other weight, so the structure follows from the
        geometry alone. Small integer dtypes overflow in ``C @ x`` as they do
        in NumPy.
    input_shape : int or sequence of int
        Shape of one input without batch: ``(h, w)``, or ``(h, w, c_in)`` where
        the kernel has channels; likewise in one and three dimensions.
    strides, dilation_rate : int or sequence of int, default 1
        One number, or one per spatial axis.
    padding : {"valid", "same"}, int, or sequence of pairs, default "valid"
        As in `conv_output_shape`; ``"same"`` is Keras's.
    groups : int, default 1
        Number of blocks that the channels are split into; output block ``g``
        sees only input block ``g``.

    Returns
    -------
    scipy.sparse.csr_array
        Shape ``(prod(out) * c_out, prod(in) * c_in)``, dtype of the kernel.
        Row ``(y * w_out + x) * c_out + c`` belongs to output ``[y, x, c]``,
        column ``(y * w + x) * c_in + c`` to input ``[y, x, c]``. A layer's
        bias ``b`` is added outside: ``C @ x + np.tile(b, prod(out))``.

    Raises
    ------
    ValueError
        If the kernel holds no numbers, its rank does not fit that of the
        input, channels and groups do not agree, or the geometry is impossible.

    See Also
    --------
    conv_transpose_matrix : The transpose, for ``Conv2DTranspose`` kernels.

    Examples
    --------
    >>> import numpy as np
    >>> C = conv_matrix([[1, 2, 0], [0, 1, 3], [0, 0, 1]], (4, 4))
    >>> C.shape, C.nnz
    ((4, 16), 36)
    >>> C @ np.arange(1, 17)
    array([43, 51, 75, 83])
    """
    kernel, spatial, channels = _read(kernel, input_shape, groups)
    size, (in_per_group, filters) = kernel.shape[:-2], kernel.shape[-2:]
    if channels != in_per_group * groups or filters % groups:
        raise ValueError(
            f"groups {groups} does not fit: the input has {channels} channels and "
            f"the kernel, of shape {kernel.shape}, reads {in_per_group} per group "
            f"and writes {filters}; channels must be {in_per_group} * groups and "
            "filters a multiple of groups"
        )
    geometry = dict(strides=strides, padding=padding, dilation_rate=dilation_rate)
    out = conv_output_shape(spatial, size, **geometry)
    pixel, inside = _windows(spatial, size, out, **geometry)

    # Four axes: output position, filter, kernel tap, channel within the group.
    first = np.arange(filters) // (filters // groups) * in_per_group
    column = (pixel * channels)[:, None, :, None] + (
        first[:, None, None] + np.arange(in_per_group)
    )
    weight = kernel.reshape(-1, in_per_group, filters).transpose(2, 0, 1)
    stored = np.broadcast_to(inside[:, None, :, None], column.shape)
    per_row = np.repeat(inside.sum(axis=1) * in_per_group, filters)
    row_starts = np.concatenate([[0], np.cumsum(per_row)])
    shape = (prod(out) * filters, prod(spatial) * channels)
    index_dtype = get_index_dtype(maxval=max(*shape, row_starts[-1]))
    return csr_array(
        (
            np.broadcast_to(weight, column.shape)[stored],
            column[stored].astype(index_dtype),
            row_starts.astype(index_dtype),
        ),
        shape=shape,
    )


def conv_transpose_matrix(
    kernel,
    input_shape,
    *,
    strides=1,
    padding="valid",
    output_padding=None,
    dilation_rate=1,
    groups=1,
):
    """Return the matrix of a transposed convolution.

    It is defined as the transpose of ``conv_matrix(kernel, output_shape, ...)``
    with the same arguments, where `output_shape` is the layer's output. A
    convolution whose filters read ``c_out`` channels and write ``c_in`` has
    just the kernel that ``Conv2DTranspose`` stores, unflipped.

    Parameters
    ----------
    kernel : array_like
        ``(k,)``, ``(kh, kw)``, ``(kd, kh, kw)``, or in the layout of Keras's
        transposed layers: ``(..., c_out / groups, c_in)``.
    input_shape : int or sequence of int
        Shape of one input of the layer, the small side, without batch.
    strides, dilation_rate : int or sequence of int, default 1
        One number, or one per spatial axis.
    padding : {"valid", "same"}, int, or sequence of pairs, default "valid"
        As in `conv_transpose_output_shape`: numbers are crops.
    output_padding : int, sequence of int or None, default None
        Chooses among the possible output sizes, below `strides`.
    groups : int, default 1
        Number of blocks that the channels are split into.

    Returns
    -------
    scipy.sparse.csc_array
        Shape ``(prod(out) * c_out, prod(in) * c_in)``, a view of the
        convolution's CSR matrix: transposing copies nothing.

    Raises
    ------
    ValueError
        As in `conv_matrix`, and where the convolution would not lead back to
        `input_shape`.

    Examples
    --------
    Each input value stamps the kernel once; with strides 2 the stamps overlap
    by one:

    >>> import numpy as np
    >>> T = conv_transpose_matrix([1, 10, 100], (2,), strides=2)
    >>> T @ np.array([1, 2])
    array([  1,  10, 102,  20, 200])
    """
    kernel, spatial, channels = _read(kernel, input_shape, groups)
    size, (out_per_group, filters) = kernel.shape[:-2], kernel.shape[-2:]
    if channels != filters or channels % groups:
        raise ValueError(
            f"the input has {channels} channels in {groups} groups, but the kernel of "
            f"shape {kernel.shape} ends in {filters}; a transposed kernel is laid out "
            "(..., c_out / groups, c_in), and c_in must be a multiple of groups"
        )
    output_shape = conv_transpose_output_shape(
        spatial,
        size,
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        dilation_rate=dilation_rate,
    )
    return conv_matrix(
        kernel,
        (*output_shape, out_per_group * groups),
        strides=strides,
        padding=padding,
        dilation_rate=dilation_rate,
        groups=groups,
    ).T


def _read(kernel, input_shape, groups):
    """Return the kernel with both channel axes, the spatial shape, channels."""
    kernel = np.asarray(kernel)
    shape = tuple(input_shape) if np.ndim(input_shape) else (input_shape,)
    if kernel.dtype.kind not in "biufc" or not kernel.size:
        raise ValueError(
            f"a kernel of shape {kernel.shape} and dtype {kernel.dtype} has no numbers "
            "to convolve with"
        )
    if not isinstance(groups, (int, np.integer)) or groups < 1:
        raise ValueError(f"groups {groups!r} must be a whole number of at least 1")
    if kernel.ndim == len(shape) and 1 <= len(shape) <= 3:
        return kernel[..., None, None], shape, 1
    if kernel.ndim == len(shape) + 1 and 2 <= len(shape) <= 4:
        return kernel, shape[:-1], shape[-1]
    raise ValueError(
        f"a kernel of shape {kernel.shape} does not fit the input shape {shape}; "
        "give one channel, (k,) with (n,), (kh, kw) with (h, w) or (kd, kh, kw) "
        "with (d, h, w), or channels, with two more axes on the kernel and one "
        "more on the input: (kh, kw, c_in / groups, c_out) with (h, w, c_in)"
    )


def _windows(spatial, size, out, *, strides, padding, dilation_rate):
    """Return which pixel each kernel tap reads, and whether it is in the image.

    Both arrays have shape ``(prod(out), prod(size))``. A tap in the padding
    gets a meaningless pixel number.
    """
    axes = len(spatial)
    pads = conv_padding(
        spatial, size, strides=strides, padding=padding, dilation_rate=dilation_rate
    )
    pixel = np.zeros((1, 1), dtype=np.int64)
    inside = np.ones((1, 1), dtype=bool)
    for i, k, o, s, d, (before, _) in zip(
        spatial,
        size,
        out,
        np.broadcast_to(strides, axes),
        np.broadcast_to(dilation_rate, axes),
        pads,
    ):
        position = s * np.arange(o)[:, None] + d * np.arange(k) - before
        within = (position >= 0) & (position < i)
        pixel = _outer(pixel * i, position, np.add)
        inside = _outer(inside, within, np.logical_and)
    return pixel, inside


def _outer(a, b, combine):
    """Combine every row of `a` with every row of `b`, and so the columns."""
    grid = combine(a[:, None, :, None], b[None, :, None, :])
    return grid.reshape(len(a) * len(b), -1)
