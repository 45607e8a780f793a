"""Sizes and pads of a convolution.

The letters are those of `convae_lib.convolution.axis`, where the arithmetic stands.
"""

from .axis import conv_axes

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
    axes = conv_axes(input_shape, kernel_size, strides, padding, dilation_rate)
    return tuple(axis.o for axis in axes)


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
    axes = conv_axes(input_shape, kernel_size, strides, padding, dilation_rate)
    return tuple((axis.before, axis.after) for axis in axes)
