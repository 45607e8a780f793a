"""One spatial axis of a convolution, and the arithmetic of its sizes.

Everything here is arithmetic on whole numbers, one spatial axis at a time, in
the letters of Dumoulin and Visin's guide (arXiv:1603.07285): an input of size
``i``, a kernel of size ``k``, strides ``s``, padding ``p`` (here ``before`` and
``after``), dilation rate ``d`` and an output of size ``o``. A transposed
convolution is described by the axes of the convolution that it transposes: it
leads from ``o`` to ``i``.
"""

from typing import NamedTuple

from .arguments import is_name, numbers_per_axis, pads_per_axis, per_axis, plain

__all__ = ["Axis", "conv_axes", "conv_transpose_axes", "reach"]


class Axis(NamedTuple):
    """One spatial axis of a convolution: the numbers that its sizes follow from.

    Parameters
    ----------
    i : int
        Size of the input.
    k : int
        Size of the kernel.
    s : int
        Strides: the step from one window to the next.
    d : int
        Dilation rate: the distance between two neighbouring kernel taps.
    before, after : int
        How many positions are added before and after the input.

    Examples
    --------
    >>> axis = Axis(i=28, k=3, s=2, d=1, before=0, after=1)
    >>> axis.reach, axis.o
    (3, 14)
    """

    i: int
    k: int
    s: int
    d: int
    before: int
    after: int

    @property
    def reach(self):
        """How many positions a window spans."""
        return reach(self.k, self.d)

    @property
    def o(self):
        """Size of the output: how many windows fit into the padded input."""
        return (self.i + self.before + self.after - self.reach) // self.s + 1

    @property
    def crops(self):
        """How far the first and the last window reach beyond the input.

        The transpose crops as much. The second number is negative where the
        windows leave the end of the input unread.
        """
        last = (self.o - 1) * self.s + self.reach
        return self.before, last - self.before - self.i


def reach(k, d):
    """Return how many positions a kernel of size `k` spans at dilation rate `d`."""
    return d * (k - 1) + 1


def conv_axes(input_shape, kernel_size, strides, padding, dilation_rate):
    """Return the axes of a convolution, checked.

    Parameters
    ----------
    input_shape, kernel_size, strides, padding, dilation_rate
        As in `conv_output_shape`.

    Returns
    -------
    tuple of Axis

    Raises
    ------
    ValueError
        As in `conv_output_shape`.
    """
    shape, kernel, steps, rates = numbers_per_axis(
        input_shape, kernel_size, strides, dilation_rate
    )
    pads = pads_per_axis(plain("padding", padding), kernel, rates)
    axes = tuple(map(_axis, shape, kernel, steps, rates, pads))
    for axis in axes:
        if axis.o < 1:
            i, k, _, d, before, after = axis
            raise ValueError(
                f"a kernel of size {k} with dilation_rate {d} reaches over "
                f"{axis.reach} positions, but the input has {i} and padding "
                f"({before}, {after}) makes it {i + before + after}; use a larger "
                "input, more padding or padding='same'"
            )
    return axes


def conv_transpose_axes(
    input_shape, kernel_size, strides, padding, output_padding, dilation_rate
):
    """Return the axes of the convolution that is transposed, checked.

    Parameters
    ----------
    input_shape, kernel_size, strides, dilation_rate
        As in `conv_output_shape`; `input_shape` is the small side.
    padding, output_padding
        As in `conv_transpose_output_shape`.

    Returns
    -------
    tuple of Axis
        The transposed convolution leads from ``o`` to ``i``.

    Raises
    ------
    ValueError
        As in `conv_transpose_output_shape`.
    """
    shape, kernel, steps, rates = numbers_per_axis(
        input_shape, kernel_size, strides, dilation_rate
    )
    extras = per_axis(
        "output_padding", output_padding, len(shape), least=0, optional=True
    )
    padding = plain("padding", padding)
    pads = pads_per_axis(padding, kernel, rates)
    sizes = []
    for o, k, s, d, pad, extra in zip(shape, kernel, steps, rates, pads, extras):
        r = reach(k, d)
        if pad is None:  # "same", as Keras computes it
            crop, default = r - r % 2, s - r % 2
        elif is_name(padding, "valid"):
            crop, default = 0, max(s - r, 0)
        else:
            crop, default = sum(pad), 0
        if extra is not None and extra >= s:
            least = 1 - r % 2 if pad is None else 0
            choices = f"use {least} to {s - 1}, or None" if least < s else "use None"
            raise ValueError(
                f"output_padding {extra} must be smaller than strides {s}: it "
                f"chooses among the sizes that the convolution sends to one; {choices}"
            )
        sizes.append((o - 1) * s + r - crop + (default if extra is None else extra))
    sizes = tuple(sizes)
    if min(sizes) < 1:
        raise ValueError(
            f"padding {padding!r} crops the whole output: its shape would be {sizes}; "
            "crop less or give a larger input_shape"
        )
    axes = tuple(map(_axis, sizes, kernel, steps, rates, pads))
    back = tuple(axis.o for axis in axes)
    if back != shape:
        raise ValueError(
            f"output_padding {output_padding!r} gives the output shape {sizes}, "
            f"but a convolution with kernel size {kernel}, strides {steps}, "
            f"padding {padding!r} and dilation_rate {rates} sends that to {back}, "
            f"not to the input shape {shape}; choose another output_padding or None"
        )
    return axes


def _axis(i, k, s, d, pad):
    """Return an `Axis`; where `pad` is None, with the padding of "same"."""
    if pad is None:  # just enough for ceil(i / s) windows, the odd one at the end
        windows = -(-i // s)
        total = max((windows - 1) * s + reach(k, d) - i, 0)
        pad = total // 2, total - total // 2
    return Axis(i, k, s, d, *pad)
