"""An autoencoder as a drawing: what every layer hands to the next, with its sizes."""

from math import prod, sqrt

import matplotlib.pyplot as plt
from matplotlib.patches import Polygon

from .colours import GREY, ORANGE, SKY

__all__ = ["show_autoencoder"]

SHORT = {
    "Conv2D": "convolution",
    "Conv2DTranspose": "transposed\nconvolution",
    "Conv2DTiedTranspose": "tied convolution",
    "DepthwiseConv2D": "depthwise convolution",
    "MaxPooling2D": "max pooling",
    "Dense": "dense",
    "DenseTranspose": "tied dense",
    "Flatten": "flatten",
    "Reshape": "reshape",
    "UpSampling2D": "up-sampling",
}
TALLEST = 1.5  # inches of the image's side
SLANT = 0.3  # how far a box goes back, for each unit of its width
GAP = 0.34


def show_autoencoder(model, *, height=2.9):
    """Draw what an autoencoder makes of an image, step by step.

    A box is what a layer gives: as high and as deep as its grid, and thicker the more
    channels it has. A vector is a bar, as high as the side of a square grid of as many
    numbers. The code, where the fewest numbers pass, is orange.

    Parameters
    ----------
    model : keras.Model
        Built: a chain, or a chain of such models. Of steps of one size, which a block
        of a residual network has, the last is drawn.
    height : float, default 2.9
        Height of the figure in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If fewer than three sizes follow each other.

    Examples
    --------
    >>> from convae_lib import dense_autoencoder
    >>> figure = show_autoencoder(dense_autoencoder())
    >>> figure.axes[0].texts[0].get_text()
    '28×28'
    """
    steps = _steps(model)
    if len(steps) < 3:
        raise ValueError(
            f"{model.name} is no autoencoder to draw: its layers give "
            f"{' and '.join(str(shape) for _, shape in steps)}"
        )
    inner = range(1, len(steps) - 1)
    code = min(inner, key=lambda step: prod(steps[step][1]))
    figure, axis = plt.subplots()
    x, image_side, starts, ends = 0.0, max(steps[0][1][:2]), [], []
    for step, (name, shape) in enumerate(steps):
        side, thickness = _box(shape, image_side)
        colour = ORANGE if step == code else SKY if step in inner else GREY
        back = _draw_box(axis, x, side, thickness, len(shape) > 1, colour)
        middle = x + (thickness + back) / 2
        grid, numbers = "×".join(map(str, shape)), f"{prod(shape):,}"
        axis.text(middle, -0.12, grid, ha="center", va="top", fontsize=7)
        if len(shape) > 1:
            axis.text(
                *(middle, -0.32, numbers),
                ha="center",
                va="top",
                fontsize=7,
                color="0.4",
            )
        if step:
            axis.text(
                *(x - GAP / 2, TALLEST * (1 + SLANT) + 0.1, name),
                **dict(rotation=35, ha="left", va="bottom", fontsize=7),
                rotation_mode="anchor",
            )
            axis.annotate(
                "",
                (x - 0.03, 0.2),
                (x - GAP + 0.05, 0.2),
                arrowprops=dict(arrowstyle="->", lw=0.8, color="0.4"),
            )
        if step == code:
            axis.text(
                *(middle, -0.52, "code"),
                **dict(ha="center", va="top", fontsize=9, color=ORANGE),
            )
        starts.append(x)
        ends.append(x + thickness + back)
        x = ends[-1] + GAP
    for first, last, part in (
        (0, code - 1, "encoder"),
        (code, len(steps) - 2, "decoder"),
    ):
        axis.plot([ends[first], starts[last + 1]], [-0.62] * 2, color="0.6", lw=0.8)
        middle = (ends[first] + starts[last + 1]) / 2
        axis.text(
            *(middle, -0.62, part),
            **dict(ha="center", va="center", fontsize=9, backgroundcolor="white"),
        )
    axis.set(xlim=(-0.1, x), ylim=(-0.8, TALLEST * (1 + SLANT) + 0.9), aspect="equal")
    axis.axis("off")
    figure.set_size_inches(height * x / (TALLEST * (1 + SLANT) + 1.7), height)
    figure.subplots_adjust(0, 0, 1, 1)
    return figure


def _steps(model):
    """Return (what made it, its shape) for the input and each new size after it."""
    steps = [("image", tuple(model.inputs[0].shape[1:]))]
    for layer in _chain(model):
        shape = tuple(layer.output.shape[1:])
        if shape != steps[-1][1]:
            kind = type(layer).__name__
            steps.append((SHORT.get(kind, kind), shape))
    return steps


def _chain(model):
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _chain(layer)
        elif type(layer).__name__ != "InputLayer":
            yield layer


def _box(shape, image_side):
    """Return the side and the thickness of the box of one size, in inches."""
    if len(shape) == 1:
        return TALLEST * sqrt(shape[0]) / image_side, 0.08
    channels = shape[2] if len(shape) > 2 else 1
    return TALLEST * max(shape[:2]) / image_side, 0.06 * sqrt(channels)


def _draw_box(axis, x, side, thickness, deep, colour):
    """Draw a box, and return how far it goes back."""
    back = SLANT * side if deep else 0.0
    front = [(x, 0), (x + thickness, 0), (x + thickness, side), (x, side)]
    faces = [front]
    if deep:
        right, top = x + thickness, side
        faces += [
            [
                (x, top),
                (right, top),
                (right + back, top + back),
                (x + back, top + back),
            ],
            [
                (right, 0),
                (right, top),
                (right + back, top + back),
                (right + back, back),
            ],
        ]
    for face, shade in zip(faces, (0.6, 0.35, 0.45)):
        axis.add_patch(
            Polygon(face, facecolor=colour, edgecolor="0.25", lw=0.7, alpha=shade)
        )
    return back
