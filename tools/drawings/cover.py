"""The picture that a shared link shows, and the icon of a bookmark on a phone.

A garment that the library draws, the thirty numbers that a network keeps of it, and the
garment drawn again from them. No image of Fashion-MNIST is needed, or shown.
"""

from io import BytesIO
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convae_lib import draw_garments, load_trained
from convae_lib.pictures.colours import BLUE, ORANGE
from tools.notebooks import ROOT

COVER, ICON = "cover.png", "touch-icon.png"
SEED, GARMENT = 3, 9  # an ankle boot
TITLE = "Convolutional autoencoders"
DOTS = 100  # per inch


def cover():
    """Return the figure of 1200 by 630 pixels."""
    images, labels, _ = draw_garments(40, SEED)
    garment = images[labels == GARMENT][0]
    network = load_trained("residual_30")
    encoder, decoder = network.layers
    code = np.asarray(encoder(garment[None]))[0]
    again = np.asarray(decoder(code[None])).reshape(28, 28)
    figure = plt.figure(figsize=(12, 6.3), dpi=DOTS, facecolor="white")
    axis = figure.add_axes([0, 0, 1, 1], xlim=(0, 12), ylim=(0, 6.3))
    axis.axis("off")
    axis.text(6, 5.42, TITLE, size=40, ha="center", va="center", color="#222")
    middle, high = 2.55, 3.3
    left, right = 0.9, 12 - 0.9 - high
    heights = np.linspace(middle - high / 2 + 0.05, middle + high / 2 - 0.05, len(code))
    for rows, near, far in [
        (np.linspace(-1, 1, 9), left + high, 5.1),
        (np.linspace(-1, 1, 9), right, 6.9),
    ]:
        for row in rows:
            for height in heights[:: len(heights) // 10]:
                ends = [middle + row * high / 2, height]
                axis.plot([near, far], ends, color="#999", alpha=0.25, lw=0.7)
    longest = np.abs(code).max()
    for number, height in zip(code, heights[::-1]):
        axis.barh(
            height,
            0.85 * number / longest,
            0.075,
            left=6,
            color=ORANGE if number > 0 else BLUE,
        )
    for place, image in [(left, garment), (right, again)]:
        box = [place, place + high, middle - high / 2, middle + high / 2]
        axis.imshow(image, cmap="gray", vmin=0, vmax=1, extent=box, zorder=3)
    for place, words in [
        (left + high / 2, "784 pixels"),
        (6, "30 numbers"),
        (right + high / 2, "784 pixels"),
    ]:
        axis.text(place, 0.45, words, size=20, ha="center", va="center", color="#444")
    axis.set(xlim=(0, 12), ylim=(0, 6.3), aspect="auto")
    return figure


def icon():
    """Return the figure of the logo, 180 by 180 pixels, on white."""
    logo = ElementTree.parse(ROOT / "_static" / "logo.svg").getroot()
    figure = plt.figure(figsize=(1.8, 1.8), dpi=DOTS, facecolor="white")
    axis = figure.add_axes([0.06, 0.06, 0.88, 0.88], xlim=(0, 96), ylim=(96, 0))
    axis.axis("off")
    for square in logo.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, width, height = (
            float(square.get(k)) for k in ("x", "y", "width", "height")
        )
        face = square.get("fill")
        axis.add_patch(Rectangle((x, y), width, height, fc=face, ec="#888888", lw=3))
    return figure


def files():
    """Return both pictures by their places."""
    found = {}
    for name, draw in [(COVER, cover), (ICON, icon)]:
        draw().savefig(png := BytesIO(), dpi=DOTS)
        found[f"_static/{name}"] = png.getvalue()
    return found
