"""The explorer in a notebook: an output that carries all it needs."""

import html
import json

from .elements import ELEMENTS, source

__all__ = ["Explorer", "explorer"]


class Explorer:
    """What a notebook shows of a setting; see `explorer`.

    Attributes
    ----------
    setting : str
        The setting as text, as in the address of the explorer's page.
    """

    def __init__(self, setting):
        self.setting = setting

    def __repr__(self):
        return f"Explorer({self.setting!r})"

    def _repr_html_(self):
        """Return the element with its styles and scripts, which load nothing else."""
        files = ELEMENTS["conv-explorer"]
        styles = "".join(source(file) for file in files if file.endswith(".css"))
        scripts = "".join(source(file) for file in files if file.endswith(".js"))
        setting = html.escape(self.setting, quote=True)
        return (
            f"<style>{styles}</style>\n"
            f'<conv-explorer setting="{setting}"><p>A convolution to touch: this needs '
            "JavaScript, and a notebook that is trusted.</p></conv-explorer>\n"
            '<script>if (!customElements.get("conv-explorer")) {\n'
            f"{scripts}}}</script>"
        )


def explorer(
    kernel=None,
    input_shape=(4, 4),
    *,
    transposed=False,
    strides=1,
    padding="valid",
    output_padding=None,
    dilation_rate=1,
    groups=1,
    boundary="zero",
    flip=False,
    kernel_size=3,
    channels=1,
    filters=1,
    x=None,
    show="values",
):
    """Show a convolution that one can touch, in Jupyter or Colab.

    Input, kernel, output and the sparse matrix stand side by side. Point at a cell, and
    what belongs to it lights; every argument can be changed there. It is the element of
    the book's page "The explorer", and asks no server for anything.

    Parameters
    ----------
    kernel : array_like of shape (kh, kw), optional
        Weights. None takes an example of size `kernel_size`.
    input_shape : int or sequence of two int, default (4, 4)
        Height and width of the input, without channels.
    transposed : bool, default False
        Whether it is `conv_transpose_matrix` that is shown, or `conv_matrix`.
    strides, padding, output_padding, dilation_rate, groups, boundary
        As in `conv_transpose_matrix`. What these refuse is refused in the picture, with
        the same words.
    flip : bool, default False
        Whether the kernel is flipped, as in a convolution in the strict sense.
    kernel_size : int or sequence of two int, default 3
        Used where `kernel` is None.
    channels, filters : int, default 1
        Channels of the input and of the output, where `kernel` is None.
    x : array_like, optional
        The input, whose shape is then `input_shape`. None counts 1, 2, 3 …
    show : {"values", "letters", "counts"}, default "values"
        What cells show: numbers, their names, or how often windows or stamps overlap.

    Returns
    -------
    Explorer
        A notebook shows it. Its `setting` is the text that follows ``#`` in the address of
        the explorer's page.

    Raises
    ------
    ValueError
        If `kernel` or `x` is not two-dimensional.

    Examples
    --------
    >>> explorer(input_shape=(3, 3), transposed=True, strides=2)
    Explorer('transposed&input_shape=3&strides=2')
    >>> explorer([[1, 2], [3, 4]], (5, 7), padding="same").setting
    'input_shape=5,7&kernel_size=2&padding=same&kernel=1,2,3,4'
    """
    if x is not None:
        input_shape, x = _read("x", x)
    if kernel is not None:
        kernel_size, kernel = _read("kernel", kernel)
    parts = [
        ("transposed", transposed, False),
        ("input_shape", _pair(input_shape), "4"),
        ("kernel_size", _pair(kernel_size), "3"),
        ("strides", _pair(strides), "1"),
        ("padding", _padding(padding), "valid"),
        ("dilation_rate", _pair(dilation_rate), "1"),
        ("output_padding", _pair(output_padding), "none"),
        ("boundary", boundary, "zero"),
        ("flip", flip, False),
        ("channels", channels, 1),
        ("filters", filters, 1),
        ("groups", groups, 1),
        ("x", x, None),
        ("kernel", kernel, None),
        ("show", show, "values"),
    ]
    return Explorer(
        "&".join(
            name if value is True else f"{name}={value}"
            for name, value, usual in parts
            if value != usual
        )
    )


def _read(name, values):
    """Return the shape of a table of numbers, and the numbers as text."""
    rows = [list(row) if hasattr(row, "__len__") else None for row in values]
    if not rows or None in rows or len({len(row) for row in rows}) > 1:
        raise ValueError(f"{name} {values!r} must have two axes of numbers: rows")
    if any(hasattr(value, "__len__") for row in rows for value in row):
        raise ValueError(f"{name} has more than two axes; give one channel of it")
    numbers = [json.dumps(float(value)) for row in rows for value in row]
    text = ",".join(number.removesuffix(".0") for number in numbers)
    return (len(rows), len(rows[0])), text


def _pair(values):
    """Return one number or two as text; the address says an equal pair by one."""
    pair = list(values) if hasattr(values, "__len__") else [values]
    pair = ["none" if value is None else str(value) for value in pair]
    return pair[0] if len(set(pair)) == 1 else ",".join(pair)


def _padding(padding):
    """Return padding as text: a name, one number, or one for each side."""
    if isinstance(padding, str) or not hasattr(padding, "__len__"):
        return str(padding)
    return ",".join(str(side) for pair in padding for side in pair)
