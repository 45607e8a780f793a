"""Sizes and pads of a convolution.

Everything here is arithmetic on whole numbers, one spatial axis at a time, in
the letters of Dumoulin and Visin's guide (arXiv:1603.07285): an input of size
``i``, a kernel of size ``k``, strides ``s``, padding ``p``, dilation rate ``d``
and an output of size ``o``. With dilation the kernel reaches over
``d * (k - 1) + 1`` input positions.
"""

from .arguments import is_name, reach, read_axes, read_padding

__all__ = ["conv_output_shape", "conv_padding"]


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
    padding : {"valid", "same", "full"}, int, or sequence of pairs, default "valid"
        ``"valid"`` adds nothing. ``"same"`` follows Keras: just enough for
        ``ceil(i / s)`` outputs, the odd one at the end. ``"full"`` adds
        ``d * (k - 1)`` on both sides: every window that touches the input. An
        int adds that many on both sides of every axis; pairs such as
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
    shape, kernel, steps, rates = read_axes(
        input_shape, kernel_size, strides, dilation_rate
    )
    pads = conv_padding(
        shape, kernel, strides=steps, padding=padding, dilation_rate=rates
    )
    return tuple(
        (i + before + after - reach(k, d)) // s + 1
        for i, k, s, d, (before, after) in zip(shape, kernel, steps, rates, pads)
    )


def conv_padding(
    input_shape, kernel_size, *, strides=1, padding="valid", dilation_rate=1
):
    """Return how many positions a convolution adds before and after each axis.

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
    shape, kernel, steps, rates = read_axes(
        input_shape, kernel_size, strides, dilation_rate
    )
    if is_name(padding, "same"):
        totals = (
            max((-(-i // s) - 1) * s + reach(k, d) - i, 0)
            for i, k, s, d in zip(shape, kernel, steps, rates)
        )
        return tuple((total // 2, total - total // 2) for total in totals)
    pads = read_padding(padding, kernel, rates)
    for i, k, d, (before, after) in zip(shape, kernel, rates, pads):
        if i + before + after < reach(k, d):
            raise ValueError(
                f"a kernel of size {k} with dilation_rate {d} reaches over "
                f"{reach(k, d)} positions, but the input has {i} and padding "
                f"({before}, {after}) makes it {i + before + after}; use a larger "
                "input, more padding or padding='same'"
            )
    return pads
