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
from scipy.sparse import csr_array

from .convolution import describe_convolution, describe_transposed_convolution

__all__ = ["conv_matrix", "conv_transpose_matrix"]

# Entries copied at a time: large enough that NumPy's call overhead is negligible.
CHUNK_ENTRIES = 2**19


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
    Each entry is written once, so that building a large matrix takes little
    longer than writing as many numbers, and hardly more memory than it has:
    measured in ``results/conv_matrix.json`` (``make bench``).

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
        describe_convolution(
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
        convolution's CSR matrix: transposing copies nothing, and products need
        no more. ``.tocsr()`` sorts the entries anew; for a large matrix that
        takes about three times as long as building it (measured in
        ``results/conv_matrix.json``).

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
        describe_transposed_convolution(
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
    shape = conv.matrix_shape
    axes, pitch = [], conv.channels  # the columns from one position to the next
    for axis in reversed(conv.axes):
        axes.append((_runs(axis, pitch, conv.wrap), axis.s, pitch))
        pitch = pitch * axis.i
    windows = prod(sum(n * len(at) for n, at, _, _ in runs) for runs, _, _ in axes)
    per_group, filters = conv.kernel.shape[-2:]
    count = windows * per_group * filters
    dtype = np.int32 if max(*shape, count) < 2**31 else np.int64
    columns, ends = np.empty(count, dtype), np.empty(shape[0] + 1, dtype)
    weights = np.empty(count, conv.kernel.dtype)
    ends[0] = 0
    # At one position: the channels that each filter reads, and the filters counted.
    group = np.arange(filters) // (filters // conv.groups)  # (filters,)
    channels = group[:, None] * per_group + np.arange(per_group)  # (filters, per_group)
    arrays = columns, weights, ends, channels[:, None], np.arange(1, filters + 1)
    kernel = conv.kernel.reshape(-1, filters).T  # (filters, taps * per_group)
    kernel = kernel.reshape(filters, 1, *conv.size, per_group)
    _fill(axes, arrays, np.zeros(1, np.int64), kernel, 0, 0)
    matrix = csr_array((weights, columns, ends), shape=shape)
    matrix.has_canonical_format = True
    return matrix


def _fill(axes, arrays, pixels, kernel, entry, row):
    """Write the rows of all outputs along `axes`; return the next entry and row.

    `axes` are those that are not settled yet, the last axis first. The taps of the
    settled ones point at the columns `pixels` and have the weights `kernel`, of
    shape (filters, taps, *size left, channels per group).
    """
    columns, weights, ends, channels, ordinal = arrays
    if not axes:  # one output position: a row for each filter
        stop, next_row = entry + kernel.size, row + len(kernel)
        target = columns[entry:stop].reshape(kernel.shape)  # (filters, taps, per_group)
        np.add(channels, pixels[:, None], out=target, casting="same_kind")
        weights[entry:stop].reshape(kernel.shape)[...] = kernel
        ends[row + 1 : next_row + 1] = entry + ordinal * kernel[0].size
        return stop, next_row
    *left, (runs, stride, pitch) = axes
    for n, at, taps, firsts in runs:
        part = kernel[:, :, taps]  # (filters, taps, taps here, *size left, per_group)
        if firsts is not None:
            part = np.add.reduceat(part, firsts, axis=2, dtype=part.dtype)
        part = part.reshape(len(part), -1, *part.shape[3:])
        read = np.add.outer(pixels, at).ravel()  # (taps * taps here,)
        stop, next_row = _fill(left, arrays, read, part, entry, row)
        if n > 1:
            entries, rows = stop - entry, next_row - row
            stop, next_row = entry + n * entries, row + n * rows
            _repeat(columns[entry:stop], n, stride * pitch)
            _repeat(weights[entry:stop], n, 0)
            _repeat(ends[row + 1 : next_row + 1], n, entries)
        entry, row = stop, next_row
    return entry, row


def _runs(axis, pitch, wrap):
    """Return the maximal runs of outputs whose rows have the same pattern.

    Along a run the pattern is shifted by the stride. A run is a tuple of the number
    of its outputs, the columns that the first of them reads, in ascending order, the
    kernel taps in that order, and at which of these taps each column begins; None
    for these where no two taps meet (they do only where the input wraps).
    """
    i, k, s, d, before, _ = axis
    o, taps = axis.o, d * np.arange(k) - before
    # A run ends where some tap comes to an edge of the input, or of a copy of it.
    low, high = (taps[0] // i, (s * (o - 1) + taps[-1]) // i) if wrap else (0, 1)
    edges = -((taps - i * np.arange(low, high + 1)[:, None]) // s)
    starts = sorted({0, *edges[(edges > 0) & (edges < o)].tolist()})
    runs = []
    for start, stop in zip(starts, [*starts[1:], o]):
        positions, firsts = s * start + taps, None
        if wrap:
            positions %= i
            kept = np.argsort(positions, kind="stable")
            positions, firsts = np.unique(positions[kept], return_index=True)
            firsts = firsts if len(firsts) < k else None
        else:
            kept = slice(*positions.searchsorted((0, i)))
            positions = positions[kept]
        runs.append((stop - start, positions * pitch, kept, firsts))
    return runs


def _repeat(array, times, step):
    """Fill `array` with its first part, `times` times over, `step` more each time."""
    parts = array.reshape(times, -1)
    most = max(1, CHUNK_ENTRIES // max(parts.shape[1], 1))
    done = min(times, most, 32)  # by the first call; each later one adds as many again
    if step:
        steps = step * np.arange(1, done, dtype=array.dtype)
        np.add(parts[0], steps[:, None], out=parts[1:done])
    else:
        parts[1:done] = parts[0]
    while done < times:
        more = min(done, most, times - done)
        source, target = parts[:more], parts[done : done + more]
        if step:
            np.add(source, done * step, out=target)
        else:
            np.copyto(target, source)
        done += more
