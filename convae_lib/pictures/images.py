"""Pictures of images, by themselves and above their reconstructions.

Each function draws with Matplotlib, returns the figure and leaves showing it to
the notebook.
"""

import matplotlib.pyplot as plt
import numpy as np

from ..checks import check_sizes, read_numbers, refuse_not_finite, white_of

__all__ = ["show_images", "show_reconstructions"]


def show_images(images, titles=None, *, columns=10, scale=1.0):
    """Draw images in a grid, grey or in colour.

    Parameters
    ----------
    images : array_like or tensor, shape (n, h, w) or (n, h, w, 3)
        Black is 0, white is 1, and what lies beyond is black or white, too. Truth
        values are black and white. Three channels are red, green and blue.
    titles : sequence of str, optional
        One title per image.
    columns : int, default 10
        Images in a row.
    scale : float, default 1.0
        Width of one image in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `images` is not an array of at least one image, grey or of three channels, a
        pixel is masked, NaN or infinite, or they are grey levels up to 255, say, there
        are not as many titles as images, or `columns` or `scale` is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> len(show_images(np.zeros((3, 28, 28)), ["a", "b", "c"]).axes)
    3
    """
    images = _image_stack("images", images)
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(titles)} titles do not fit {len(images)} images")
    check_sizes(columns=columns)
    if not scale > 0:
        raise ValueError(f"scale {scale!r} must be a positive number of inches")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = scale * (1.0 if titles is None else 1.25)
    figure = plt.figure(figsize=(columns * scale, rows * height))
    for place, image in enumerate(images):
        axis = figure.add_subplot(rows, columns, place + 1)
        _draw_image(axis, image)
        if titles is not None:
            axis.set_title(titles[place], fontsize=8)
    figure.tight_layout(pad=0.3)
    return figure


def show_reconstructions(images, reconstructions, *, names=("reconstruction",)):
    """Draw images in a row, and their reconstructions in rows below.

    Parameters
    ----------
    images : array_like or tensor, shape (n, h, w) or (n, h, w, 3)
        The originals, values as in `show_images`.
    reconstructions : array_like or tensor of that shape, or a sequence of such
        One array, or one per row.
    names : sequence of str, default ("reconstruction",)
        What to write beside each row of reconstructions.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a row has another shape than `images`, there are not as many names as rows,
        or pixels are not as in `show_images`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.zeros((5, 28, 28))
    >>> len(show_reconstructions(x, [x, x], names=["dense", "conv"]).axes)
    15
    """
    images = _image_stack("images", images)
    rows = [read_numbers("reconstructions", row) for row in reconstructions]
    with_channel = (*images.shape, 1)
    if rows and (
        rows[0].ndim in (2, images.ndim - 1)
        or (len(rows), *rows[0].shape) == with_channel
    ):
        rows = [np.stack(rows)]  # one stack of images
    for row in rows:
        if row.shape != images.shape:
            how = "; leave out the last axis, as y[..., 0] does"
            raise ValueError(
                f"reconstructions of shape {row.shape} do not fit images of shape "
                f"{images.shape}{how if row.shape == with_channel else ''}"
            )
        _refuse_grey_levels("reconstructions", row)
    if len(names) != len(rows):
        raise ValueError(f"{len(names)} names do not fit {len(rows)} rows")
    figure, axes = plt.subplots(
        len(rows) + 1,
        len(images),
        figsize=(1.0 * len(images) + 1.2, len(rows) + 1.0),
        squeeze=False,
    )
    for line, row, name in zip(axes, [images, *rows], ["original", *names]):
        for axis, image in zip(line, row):
            _draw_image(axis, image)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    figure.tight_layout(pad=0.3)
    return figure


def _image_stack(name, images):
    images = read_numbers(name, images)
    colour = images.ndim == 4 and images.shape[-1] == 3
    if not (images.ndim == 3 or colour) or not images.size:
        how = ""
        if images.ndim == 2:
            how = f"; give {name}[None] for one image"
        elif images.ndim == 4 and images.shape[-1] == 1:
            how = f"; give {name}[..., 0]"
        raise ValueError(
            f"{name} of shape {images.shape} is no stack of grey images (n, h, w) or of "
            f"colour images (n, h, w, 3){how}"
        )
    _refuse_grey_levels(name, images)
    return images


def _refuse_grey_levels(name, images):
    """Refuse grey levels, whose blackest only is not white, and what has no colour."""
    refuse_not_finite(name, images)
    if white := white_of(name, images):
        raise ValueError(
            f"{name} has values up to {images.max():g}; white is 1: divide grey levels "
            f"by {white}"
        )


def _draw_image(axis, image):
    if image.ndim == 3:
        image = np.clip(image, 0, 1)  # else Matplotlib does, and says so each time
    axis.imshow(image, cmap="gray", vmin=0, vmax=1)
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
