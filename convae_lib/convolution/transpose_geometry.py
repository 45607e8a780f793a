"""Sizes and crops of a transposed convolution.

Each input value stamps a copy of the kernel, ``s`` positions apart; the layer
returns a part of what the stamps cover. The letters are those of
`convae_lib.convolution.axis`, where the arithmetic stands.
"""

from .axis import conv_transpose_axes

__all__ = ["conv_transpose_crops", "conv_transpose_output_shape"]


def conv_transpose_output_shape(
    input_shape,
    kernel_size,
    *,
    strides=1,
    padding="valid",
    output_padding=None,
    dilation_rate=1,
):
    """Return the spatial shape that a transposed convolution gives.

    A convolution sends several sizes to one (27 and 28 to 14 with strides 2);
    its transpose has to choose among them. It follows Keras's rule for
    ``output_padding=None`` and Keras's formula for a number, and checks the
    choice: the convolution must lead back to `input_shape`.

    Parameters
    ----------
    input_shape, kernel_size, strides, dilation_rate
        As in `conv_output_shape`; `input_shape` is the small side.
    padding : {"valid", "same", "full"}, int, or sequence of pairs, default "valid"
        What the convolution adds, its transpose crops. ``"valid"`` crops nothing.
        ``"same"`` follows Keras: without `output_padding`, the output is `strides`
        times as large as the input. ``"full"`` cuts ``d * (k - 1)`` from both
        sides, an int that many from both sides of every axis, and pairs say it
        side by side, as in Dumoulin and Visin and in ONNX.
    output_padding : int, None, or sequence of both, default None
        Chooses among the sizes that the convolution sends to `input_shape`: a
        number of at least 0 and below the strides. None follows Keras. One for
        all axes, or one per spatial axis: ``(None, 1)``.

    Returns
    -------
    tuple of int
        Per axis, with ``r = d * (k - 1) + 1``:

        ============  ==========================  ======================
        padding       ``output_padding=None``     a number
        ============  ==========================  ======================
        ``"valid"``   ``(i-1)*s + max(r, s)``     ``(i-1)*s + r + op``
        ``"same"``    ``i*s``                     ``(i-1)*s + r%2 + op``
        ``"full"``    ``(i-1)*s - r + 2``         ``(i-1)*s - r + 2 + op``
        ``(a, b)``    ``(i-1)*s + r - a - b``     ``(i-1)*s + r - a - b + op``
        ============  ==========================  ======================

    Raises
    ------
    ValueError
        As in `conv_output_shape`; if `output_padding` is not below the
        strides; or if a convolution with the same arguments would not give
        `input_shape` back.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic", 2016, arXiv:1603.07285, chapter 4.

    Examples
    --------
    The decoder of the book, 3 -> 7 -> 14:

    >>> conv_transpose_output_shape((3, 3), 3, strides=2, padding="valid")
    (7, 7)
    >>> conv_transpose_output_shape((7, 7), 3, strides=2, padding="same")
    (14, 14)
    >>> conv_transpose_output_shape((14,), 3, strides=2, padding="same",
    ...                             output_padding=0)
    (27,)

    With an even kernel, ``None`` (here 46 * 8) on one axis and a number on the other:

    >>> conv_transpose_output_shape((46, 62), 16, strides=8, padding="same",
    ...                             output_padding=(None, 1))
    (368, 489)
    """
    axes = conv_transpose_axes(
        input_shape, kernel_size, strides, padding, output_padding, dilation_rate
    )
    return tuple(axis.i for axis in axes)


def conv_transpose_crops(
    input_shape,
    kernel_size,
    *,
    strides=1,
    padding="valid",
    output_padding=None,
    dilation_rate=1,
):
    """Return what a transposed convolution cuts from its uncropped result.

    Every input value stamps a copy of the kernel, ``s`` positions apart;
    together the stamps cover ``(i - 1) * s + d * (k - 1) + 1`` positions. The
    layer returns a part of them.

    Parameters
    ----------
    input_shape, kernel_size, strides, dilation_rate
        As in `conv_output_shape`; `input_shape` is the small side.
    padding, output_padding
        As in `conv_transpose_output_shape`.

    Returns
    -------
    tuple of (int, int)
        A pair ``(before, after)`` per spatial axis. A negative ``after`` means
        that zeros are added at the end instead.

    Raises
    ------
    ValueError
        As in `conv_transpose_output_shape`.

    Examples
    --------
    Keras's "same" with kernel 3 and strides 2 makes 15 and drops the last:

    >>> conv_transpose_crops((7,), 3, strides=2, padding="same")
    ((0, 1),)
    """
    axes = conv_transpose_axes(
        input_shape, kernel_size, strides, padding, output_padding, dilation_rate
    )
    return tuple(axis.crops for axis in axes)
