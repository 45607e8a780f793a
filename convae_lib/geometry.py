"""Sizes, pads and crops of convolution and transposed convolution.

Everything here is arithmetic on whole numbers, one spatial axis at a time, in
the letters of [1]_: an input of size ``i``, a kernel of size ``k``, strides
``s``, padding ``p``, dilation rate ``d`` and an output of size ``o``. With
dilation the kernel reaches over ``d * (k - 1) + 1`` input positions.

References
----------
.. [1] V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep
   learning", 2016, arXiv:1603.07285.
"""

from operator import index

__all__ = [
    "conv_output_shape",
    "conv_padding",
    "conv_transpose_crops",
    "conv_transpose_output_shape",
]


def conv_output_shape(
    input_shape, kernel_size, *, strides=1, padding="valid", dilation_rate=1
):
    """Return the spatial shape that a convolution gives.

    Parameters
    ----------
    input_shape : int or sequence of int
        Spatial shape of the input, without batch and channels.
    kernel_size : int or sequence of int
        Size of the kernel, one number for all axes or one per axis.
    strides : int or sequence of int, default 1
        Step of the window.
    padding : {"valid", "same"}, int, or sequence of pairs, default "valid"
        ``"valid"`` adds nothing. ``"same"`` follows Keras: just enough zeros
        for ``ceil(i / s)`` outputs, the odd one at the end. An int adds that
        many zeros on both sides of every axis; pairs such as
        ``((top, bottom), (left, right))`` say it side by side.
    dilation_rate : int or sequence of int, default 1
        Distance between two neighbouring kernel taps.

    Returns
    -------
    tuple of int
        ``floor((i + p_before + p_after - d * (k - 1) - 1) / s) + 1`` per axis.

    Raises
    ------
    ValueError
        If an argument does not fit the number of axes or is out of range, or
        if the kernel does not fit into the padded input.

    Examples
    --------
    A 3x3 kernel with strides 2 sends 27 and 28 to the same size:

    >>> conv_output_shape((27, 28), 3, strides=2, padding="same")
    (14, 14)
    """
    shape, kernel, steps, rates = _axes(
        input_shape, kernel_size, strides, dilation_rate
    )
    pads = conv_padding(
        shape, kernel, strides=steps, padding=padding, dilation_rate=rates
    )
    return tuple(
        (i + before + after - _reach(k, d)) // s + 1
        for i, k, s, d, (before, after) in zip(shape, kernel, steps, rates, pads)
    )


def conv_padding(
    input_shape, kernel_size, *, strides=1, padding="valid", dilation_rate=1
):
    """Return how many zeros a convolution adds before and after each axis.

    Parameters
    ----------
    input_shape, kernel_size, strides, padding, dilation_rate
        As in `conv_output_shape`.

    Returns
    -------
    tuple of (int, int)
        A pair ``(before, after)`` per spatial axis.

    Raises
    ------
    ValueError
        As in `conv_output_shape`.

    Examples
    --------
    An odd total goes to the end (bottom and right), as TensorFlow does it:

    >>> conv_padding((27, 28), 3, strides=2, padding="same")
    ((1, 1), (0, 1))
    """
    shape, kernel, steps, rates = _axes(
        input_shape, kernel_size, strides, dilation_rate
    )
    if padding == "same":
        totals = (
            max((-(-i // s) - 1) * s + _reach(k, d) - i, 0)
            for i, k, s, d in zip(shape, kernel, steps, rates)
        )
        return tuple((total // 2, total - total // 2) for total in totals)
    pads = _explicit_padding(padding, len(shape))
    for i, k, d, (before, after) in zip(shape, kernel, rates, pads):
        if i + before + after < _reach(k, d):
            raise ValueError(
                f"a kernel of size {k} with dilation_rate {d} reaches over "
                f"{_reach(k, d)} positions, but the input has {i} and padding "
                f"({before}, {after}) makes it {i + before + after}; use a larger "
                "input, more padding or padding='same'"
            )
    return pads


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
    its transpose has to choose among them. Keras's rule for
    ``output_padding=None`` and its formula for a number are followed, and the
    choice is checked: the convolution must lead back to `input_shape`.

    Parameters
    ----------
    input_shape, kernel_size, strides, dilation_rate
        As in `conv_output_shape`; `input_shape` is the small side.
    padding : {"valid", "same"}, int, or sequence of pairs, default "valid"
        An int or pairs are cropped from the sides of the uncropped result,
        as in [1]_ and in ONNX.
    output_padding : int, sequence of int or None, default None
        With ``0 <= output_padding < strides``, picks the size.

    Returns
    -------
    tuple of int
        Per axis, with ``r = d * (k - 1) + 1``:

        ============  ==========================  ======================
        padding       ``output_padding=None``     a number
        ============  ==========================  ======================
        ``"valid"``   ``(i-1)*s + max(r, s)``     ``(i-1)*s + r + op``
        ``"same"``    ``i*s``                     ``(i-1)*s + r%2 + op``
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
    .. [1] Dumoulin and Visin, 2016, arXiv:1603.07285, chapter 4.

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
    """
    shape, kernel, steps, rates = _axes(
        input_shape, kernel_size, strides, dilation_rate
    )
    extras = (None,) * len(shape)
    if output_padding is not None:
        extras = _per_axis("output_padding", output_padding, len(shape), least=0)
    for extra, s in zip(extras, steps):
        if extra is not None and extra >= s:
            raise ValueError(
                f"output_padding {extra} must be smaller than strides {s}: it "
                "chooses among the sizes that the convolution sends to one"
            )
    if padding == "same":
        sizes = tuple(
            i * s if extra is None else (i - 1) * s + _reach(k, d) % 2 + extra
            for i, k, s, d, extra in zip(shape, kernel, steps, rates, extras)
        )
    else:
        pads = _explicit_padding(padding, len(shape))
        slack = [
            max(s - _reach(k, d), 0) if padding == "valid" else 0
            for k, s, d in zip(kernel, steps, rates)
        ]
        sizes = tuple(
            (i - 1) * s
            + _reach(k, d)
            - sum(pad)
            + (default if extra is None else extra)
            for i, k, s, d, pad, extra, default in zip(
                shape, kernel, steps, rates, pads, extras, slack
            )
        )
    if min(sizes) < 1:
        raise ValueError(
            f"padding {padding!r} crops the whole output: its shape would be {sizes}"
        )
    back = conv_output_shape(
        sizes, kernel, strides=steps, padding=padding, dilation_rate=rates
    )
    if back != shape:
        raise ValueError(
            f"output_padding {output_padding!r} gives the output shape {sizes}, "
            f"but a convolution with kernel size {kernel}, strides {steps}, "
            f"padding {padding!r} and dilation_rate {rates} sends that to {back}, "
            f"not to the input shape {shape}; choose another output_padding or None"
        )
    return sizes


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
    input_shape, kernel_size, strides, padding, output_padding, dilation_rate
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
    shape, kernel, steps, rates = _axes(
        input_shape, kernel_size, strides, dilation_rate
    )
    sizes = conv_transpose_output_shape(
        shape,
        kernel,
        strides=steps,
        padding=padding,
        output_padding=output_padding,
        dilation_rate=rates,
    )
    pads = conv_padding(
        sizes, kernel, strides=steps, padding=padding, dilation_rate=rates
    )
    return tuple(
        (before, (i - 1) * s + _reach(k, d) - before - o)
        for i, k, s, d, o, (before, _) in zip(shape, kernel, steps, rates, sizes, pads)
    )


def _reach(k, d):
    return d * (k - 1) + 1


def _axes(input_shape, kernel_size, strides, dilation_rate):
    """Return the four arguments as tuples of one length, checked."""
    shape = (input_shape,) if _is_whole(input_shape) else tuple(input_shape)
    if not shape:
        raise ValueError("input_shape () has no axis; give at least one size")
    axes = len(shape)
    return (
        _per_axis("input_shape", shape, axes),
        _per_axis("kernel_size", kernel_size, axes),
        _per_axis("strides", strides, axes),
        _per_axis("dilation_rate", dilation_rate, axes),
    )


def _per_axis(name, value, axes, least=1):
    """Return `value` as one whole number for each axis."""
    several = hasattr(value, "__iter__") and not isinstance(value, str)
    values = tuple(value) if several else (value,) * axes
    if len(values) != axes:
        raise ValueError(
            f"{name} {value!r} has {len(values)} numbers; give one, or {axes}: "
            "one per spatial axis"
        )
    for number in values:
        if not _is_whole(number) or number < least:
            raise ValueError(
                f"{name} {value!r} must be made of whole numbers of at least {least}"
            )
    return tuple(index(number) for number in values)


def _explicit_padding(padding, axes):
    """Return "valid", an int or pairs as one (before, after) for each axis."""
    if isinstance(padding, str):
        if padding != "valid":
            raise ValueError(
                f"padding {padding!r} is not known; use 'valid', 'same', a whole "
                "number or a pair per axis such as ((1, 1), (0, 2))"
            )
        return ((0, 0),) * axes
    try:
        pairs = ((padding, padding),) * axes if _is_whole(padding) else padding
        pads = tuple((before, after) for before, after in pairs)
    except (TypeError, ValueError):
        pads = ()
    if len(pads) != axes or not all(
        _is_whole(side) and side >= 0 for pad in pads for side in pad
    ):
        raise ValueError(
            f"padding {padding!r} does not fit {axes} spatial axes; use 'valid', "
            "'same', a whole number of at least 0, or a (before, after) pair of such "
            f"numbers per axis: {((1, 1),) * axes} is the same as 1"
        )
    return tuple((index(before), index(after)) for before, after in pads)


def _is_whole(value):
    """Tell whether `value` is an integer (bool excluded), NumPy's included."""
    return hasattr(value, "__index__") and not isinstance(value, bool)
