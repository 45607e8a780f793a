"""The README's first picture: garments, and what two networks make of them."""

from io import BytesIO

import numpy as np

from convae_lib import load_fashion_mnist, load_trained, show_reconstructions

NAME = "garments.png"
KINDS = [0, 1, 3, 5, 8, 9]  # that look least alike
ROWS = {
    "published": "published,\n576 numbers",
    "residual_30": "residual,\n30 numbers",
}
"""The networks, and what is written beside their rows."""
GREY = "#808080"  # of the words: read on a white page and on a dark one


def draw(data):
    """Return a figure of six garments above their reconstructions.

    Parameters
    ----------
    data : FashionMNIST
        The first validation image of each of six kinds is drawn.

    Returns
    -------
    matplotlib.figure.Figure
    """
    _, first = np.unique(data.y_valid, return_index=True)
    images = data.x_valid[first[KINDS]]
    rows = [load_trained(name).predict(images, verbose=0) for name in ROWS]
    figure = show_reconstructions(images, rows, names=list(ROWS.values()))
    for axis in figure.axes:
        axis.yaxis.label.set_color(GREY)
    return figure


def files():
    """Return the picture by its place; on the stand-in, which is not README's, in _build."""
    data = load_fashion_mnist()
    png = BytesIO()
    draw(data).savefig(png, dpi=100, transparent=True)
    return {f"{'_build' if data.is_stand_in else '_static'}/{NAME}": png.getvalue()}
