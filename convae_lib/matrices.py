"""Convolution and transposed convolution as explicit sparse matrices.

A convolution is linear: each output is a weighted sum of inputs. Flatten both
images (row-major, channels last) and the weights fill a matrix ``C`` with
``y = C @ x``. Deep-learning "convolution" is cross-correlation: the kernel is
not flipped, here as in Keras.

The three arrays of a CSR matrix are written in closed form, each entry once.
Away from the border one output's row is the row of its neighbour, a few columns
further on; so is the block of rows of one line of outputs, and of one plane.
The first block of each kind is computed, the others are copies plus an offset.
"""

from math import prod

import numpy as np
from scipy.sparse import csr_array, get_index_dtype

from .convolution import read_convolution, read_transposed_convolution

__all__ = ["conv_matrix", "conv_transpose_matrix"]

CHUNK = 2**16  # entries copied at a time: what a core's cache holds


def conv_matrix(
    kernel,
    input_shape,
    *,
    strides=1,
    padding="valid",
    dilation_rate=1,
    groups=1,
    boundary="zero",
):
    """Return the matrix of a convolution.

    Parameters
    ----------
    kernel : array_like
        Either as many axes as `input_shape`, one channel in and out: ``(k,)``,
        ``(kh, kw)`` or ``(kd, kh, kw)``; or one more, in Keras's layout:
        ``(..., c_in / groups, c_out)``. A depthwise kernel ``(kh, kw, c, m)``
        is the grouped kernel ``(kh, kw, 1, c * m)`` with ``groups=c``: reshape
        it. Zeros are stored like any other weight, so the structure follows
        from the geometry alone. Small integer dtypes overflow in ``C @ x`` as
        they do in NumPy.
    input_shape : int or sequence of int
        Shape of one input without batch: ``(h, w)``, or ``(h, w, c_in)`` where
        the kernel has channels; likewise in one and three dimensions.
    strides, dilation_rate : int or sequence of int, default 1
        One number, or one per spatial axis.
    padding : {"valid", "same", "full"}, int, or sequence of pairs, default "valid"
        As in `conv_output_shape`; ``"same"`` is Keras's.
    groups : int, default 1
        Number of blocks that the channels are split into; output block ``g``
        sees only input block ``g``.
    boundary : {"zero", "wrap"}, default "zero"
        What the padding holds: zeros, or the opposite side of the input, as
        often as it takes. ``"wrap"`` with ``padding="same"`` and strides 1 is
        the circulant matrix; with ``"valid"`` nothing is padded and both are
        the same. Taps that fall on one input add up to one entry.

    Returns
    -------
    scipy.sparse.csr_array
        Shape ``(prod(out) * c_out, prod(in) * c_in)``, dtype of the kernel.
        Row ``(y * w_out + x) * c_out + c`` belongs to output ``[y, x, c]``,
        column ``(y * w + x) * c_in + c`` to input ``[y, x, c]``, and the
        columns of a row ascend. Indices are int32 where rows, columns and
        entries can be counted with it, else int64.

    Raises
    ------
    ValueError
        If the kernel holds no numbers or is of dtype float16, its rank does
        not fit that of the input, channels and groups do not agree, or the
        geometry is impossible.

    See Also
    --------
    conv_transpose_matrix : The transpose, for ``Conv2DTranspose`` kernels.
    conv_operator : The same map without its matrix.

    Notes
    -----
    ``results/conv_matrix.json`` (``make bench``) has what building costs.

    Examples
    --------
    >>> import numpy as np
    >>> C = conv_matrix([[1, 2, 0], [0, 1, 3], [0, 0, 1]], (4, 4))
    >>> C.shape, C.nnz
    ((4, 16), 36)
    >>> C @ np.arange(1, 17)
    array([43, 51, 75, 83])

    A layer adds one bias per filter, outside the matrix:

    >>> x, bias = np.ones((5, 5, 1)), np.array([10, 20])
    >>> C = conv_matrix(np.ones((3, 3, 1, 2)), x.shape)
    >>> (C @ x.ravel() + np.tile(bias, 3 * 3)).reshape(3, 3, 2)[0, 0]
    array([19., 29.])

    A circulant matrix:

    >>> conv_matrix([1, 2, 3], 4, padding="same", boundary="wrap").toarray()
    array([[2, 3, 0, 1],
           [1, 2, 3, 0],
           [0, 1, 2, 3],
           [3, 0, 1, 2]])
    """
    return _csr(
        read_convolution(
            kernel,
            input_shape,
            strides=strides,
            padding=padding,
            dilation_rate=dilation_rate,
            groups=groups,
            boundary=boundary,
        )
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
    boundary="zero",
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
    padding : {"valid", "same", "full"}, int, or sequence of pairs, default "valid"
        As in `conv_transpose_output_shape`: numbers are crops.
    output_padding : int, sequence of int or None, default None
        Chooses among the possible output sizes, below `strides`.
    groups : int, default 1
        Number of blocks that the channels are split into.
    boundary : {"zero", "wrap"}, default "zero"
        With ``"wrap"``, what would be cropped is added on the opposite side.

    Returns
    -------
    scipy.sparse.csc_array
        Shape ``(prod(out) * c_out, prod(in) * c_in)``, a view of the
        convolution's CSR matrix: transposing copies nothing. ``.tocsr()``
        sorts the entries anew, which costs several times the building
        (measured in ``results/conv_matrix.json``); products need it not.

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
    return _csr(
        read_transposed_convolution(
            kernel,
            input_shape,
            strides=strides,
            padding=padding,
            output_padding=output_padding,
            dilation_rate=dilation_rate,
            groups=groups,
            boundary=boundary,
        )
    ).T


def _csr(conv):
    """Return the matrix of a `Convolution`."""
    shape = (
        prod(conv.output_shape) * conv.filters,
        prod(conv.input_shape) * conv.channels,
    )
    per_group = conv.kernel.shape[-2]
    axes = [_runs(conv, axis) for axis in range(len(conv.input_shape))]
    windows = prod(sum(n * len(at) for n, at, _, _ in runs) for runs in axes)
    count = windows * per_group * conv.filters
    dtype = get_index_dtype(maxval=max(*shape, count))
    columns, ends = np.empty(count, dtype), np.empty(shape[0] + 1, dtype)
    weights = np.empty(count, conv.kernel.dtype)
    ends[0] = 0
    # The channels that each filter reads.
    group = np.arange(conv.filters) // (conv.filters // conv.groups)
    channels = group[:, None, None] * per_group + np.arange(per_group)

    def fill(axis, pixels, kernel, entry, row):
        """Write all rows below `axis`; return the next entry and the next row.

        `pixels` are the columns that the taps of the axes above point at, and
        `kernel` (taps, *size below, channels / groups, filters) their weights.
        """
        if axis == len(axes):
            stop = entry + kernel.size
            tile = (conv.filters, len(pixels), per_group)
            target = columns[entry:stop].reshape(tile)
            np.add(channels, pixels[:, None], out=target, casting="same_kind")
            weights[entry:stop].reshape(tile)[...] = kernel.transpose(2, 0, 1)
            steps = np.arange(1, conv.filters + 1) * (len(pixels) * per_group)
            ends[row + 1 : row + 1 + conv.filters] = entry + steps
            return stop, row + conv.filters
        pitch = prod(conv.input_shape[axis + 1 :]) * conv.channels
        for n, positions, taps, firsts in axes[axis]:
            part = kernel[:, taps]
            if len(firsts) < len(taps):
                part = np.add.reduceat(part, firsts, axis=1, dtype=part.dtype)
            part = part.reshape(-1, *part.shape[2:])
            below = np.add.outer(pixels, positions * pitch).ravel()
            stop, next_row = fill(axis + 1, below, part, entry, row)
            entries, rows = stop - entry, next_row - row
            step = conv.strides[axis] * pitch
            _repeat(columns[entry : entry + n * entries], n, step)
            _repeat(weights[entry : entry + n * entries], n, 0)
            _repeat(ends[row + 1 : row + 1 + n * rows], n, entries)
            entry, row = entry + n * entries, row + n * rows
        return entry, row

    fill(0, np.zeros(1, np.int64), conv.kernel[None], 0, 0)
    matrix = csr_array((weights, columns, ends), shape=shape)
    matrix.has_canonical_format = True
    return matrix


def _runs(conv, axis):
    """Return the runs of outputs along `axis` that read alike, a few steps apart.

    A run is how many outputs it has, the input positions that the first of them
    reads, in ascending order, the kernel taps in that order, and at which of
    these taps each position begins (two taps meet only where the input wraps).
    """
    i, o = conv.input_shape[axis], conv.output_shape[axis]
    s, (before, _) = conv.strides[axis], conv.pads[axis]
    taps = conv.dilation_rate[axis] * np.arange(conv.size[axis]) - before
    # A run ends where some tap comes to an edge of the input, or of a copy of it.
    low, high = (taps[0] // i, (s * (o - 1) + taps[-1]) // i) if conv.wrap else (0, 1)
    edges = -((taps - i * np.arange(low, high + 1)[:, None]) // s)
    starts = np.unique(np.append(edges[(edges > 0) & (edges < o)], 0))
    runs = []
    for start, stop in zip(starts, np.append(starts[1:], o)):
        position = s * start + taps
        if conv.wrap:
            position %= i
            kept = np.argsort(position, kind="stable")
        else:
            kept = np.flatnonzero((position >= 0) & (position < i))
        positions, firsts = np.unique(position[kept], return_index=True)
        runs.append((int(stop - start), positions, kept, firsts))
    return runs


def _repeat(array, times, step):
    """Fill `array` with its first part, `times` times over, `step` more each time."""
    size = len(array) // times
    most, done = max(1, CHUNK // max(size, 1)), 1
    while done < times:
        more = min(done, most, times - done)
        source, target = array[: more * size], array[done * size :][: more * size]
        if step:
            np.add(source, done * step, out=target)
        else:
            np.copyto(target, source)
        done += more
