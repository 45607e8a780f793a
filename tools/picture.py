"""The README's first picture: garments, and what two networks make of them.

python -m tools.picture           write _static/garments.png
python -m tools.picture FOLDER    write it into a folder of yours

On the stand-in images it goes to _build/ where no folder is named.
"""

import sys
from io import BytesIO
from pathlib import Path

import numpy as np

from convae_lib import load_fashion_mnist, load_trained, show_reconstructions
from convae_lib.checks import write_whole
from tools.notebooks import ROOT

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


def main(arguments):
    """Write the picture; return where it is."""
    if len(arguments) > 1:
        sys.exit(f"name one folder or none, not {' '.join(arguments)}")
    data = load_fashion_mnist()
    usual = "_build" if data.is_stand_in else "_static"
    path = Path(arguments[0] if arguments else ROOT / usual) / NAME
    png = BytesIO()
    draw(data).savefig(png, dpi=100, transparent=True)
    write_whole(path, png.getvalue())
    print(f"{path}: {len(png.getvalue()) / 1000:.0f} kB")
    return path


if __name__ == "__main__":
    main(sys.argv[1:])
