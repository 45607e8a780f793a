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
TOP = TALLEST * (1 + SLANT)
HEIGHT = 2.9  # inches of the figure


def show_autoencoder(model):
    """Draw what an autoencoder makes of an image, step by step.

    A box is what a layer gives: as high and as deep as its grid, and thicker the more
    channels it has. A vector is a bar, as high as the side of a square grid of as many
    numbers. The code, where the fewest numbers pass, is orange.

    Parameters
    ----------
    model : keras.Model
        Built: a chain, or a chain of such models. A layer that keeps the size is drawn
        if it has weights and stands in a ``Sequential``; the steps of a block, as a
        residual network has them, are one.

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
    x, starts, ends = 0.0, [], []
    for step, (name, shape) in enumerate(steps):
        side, thickness = _box(shape, image_side=max(steps[0][1][:2]))
        colour = ORANGE if step == code else SKY if step in inner else GREY
        back = _draw_box(axis, x, side, thickness, len(shape) > 1, colour)
        middle = x + (thickness + back) / 2
        below = dict(ha="center", va="top", fontsize=7)
        axis.text(middle, -0.12, "×".join(map(str, shape)), **below)
        if len(shape) > 1:
            axis.text(middle, -0.32, f"{prod(shape):,}", **below, color="0.4")
        if step == code:
            axis.text(middle, -0.52, "code", **below | dict(fontsize=9, color=ORANGE))
        if step:
            _draw_arrow(axis, x - GAP, x, name)
        starts.append(x)
        ends.append(x + thickness + back)
        x = ends[-1] + GAP
    for first, last, part in ((0, code, "encoder"), (code, len(steps) - 1, "decoder")):
        axis.plot([ends[first], starts[last]], [-0.62] * 2, color="0.6", lw=0.8)
        middle = (ends[first] + starts[last]) / 2
        words = dict(ha="center", va="center", fontsize=9, backgroundcolor="white")
        axis.text(middle, -0.62, part, **words)
    axis.set(xlim=(-0.1, x), ylim=(-0.8, TOP + 0.9), aspect="equal")
    axis.axis("off")
    figure.set_size_inches(HEIGHT * x / (TOP + 1.7), HEIGHT)
    figure.subplots_adjust(0, 0, 1, 1)
    return figure


def _steps(model):
    """Return (what made it, its shape) for the input and each step after it."""
    steps = [("image", tuple(model.inputs[0].shape[1:]))]
    for layer, one_by_one in _chain(model):
        shape = tuple(layer.output.shape[1:])
        if shape != steps[-1][1] or (one_by_one and layer.weights):
            kind = type(layer).__name__
            steps.append((SHORT.get(kind, kind), shape))
    return steps


def _chain(model):
    """Yield the layers in order, and whether each is in a Sequential, not in a block."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _chain(layer)
        elif type(layer).__name__ != "InputLayer":
            yield layer, hasattr(model, "add")


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


def _draw_arrow(axis, start, end, name):
    """Draw an arrow from one box to the next, and above it what leads there."""
    arrow = dict(arrowstyle="->", lw=0.8, color="0.4")
    axis.annotate("", (end - 0.03, 0.2), (start + 0.05, 0.2), arrowprops=arrow)
    turned = dict(rotation=35, rotation_mode="anchor", ha="left", va="bottom")
    axis.text((start + end) / 2, TOP + 0.1, name, **turned, fontsize=7)
