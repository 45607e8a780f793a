"""Convolution and transposed convolution as explicit sparse matrices.

A convolution is linear: each output is a weighted sum of inputs. Flatten both
images (row-major, channels last) and the weights fill a matrix ``C`` with
``y = C @ x``. Deep-learning "convolution" is cross-correlation: the kernel is
not flipped, here as in Keras.
"""

from .convolution import describe_convolution, describe_transposed_convolution
from .csr import build_csr

__all__ = ["conv_matrix", "conv_transpose_matrix"]


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
        it. Zeros are stored like any other weight, so the structure depends on
        the geometry alone. Small integer dtypes overflow in ``C @ x`` as they do
        in NumPy.
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
        If the kernel holds no numbers, has masked ones or is of dtype float16,
        its rank does not fit that of the input, channels and groups do not
        agree, the geometry is impossible, or a wrapped window reads a pixel more
        than once and the kernel's dtype cannot hold the sum of its weights.
    MemoryError
        If its entries do not fit into memory; `conv_operator` stores none.

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
    return build_csr(
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
    exactly the kernel that ``Conv2DTranspose`` stores, unflipped.

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
        As in `conv_transpose_output_shape`: what the transpose crops.
    output_padding : int, None, or sequence of both, default None
        Chooses among the possible output sizes: a number of at least 0 and below
        the strides. None follows Keras. One for all axes, or one per spatial axis.
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
    return build_csr(
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
