"""The twin of each figure for dark pages: the same lines, ink and grounds turned around.

Figures are vectors with clear grounds (chapters/matplotlibrc). A page shows the figure or
its twin by the theme's switch; `mend` writes both into it. Garments and other pictures of
pixels inside a figure stay as they are: their black is black.
"""

import colorsys
import re
from pathlib import Path

from convae_lib.pictures.colours import BLUE, ORANGE

ON_DARK = {ORANGE: "#f08a3c", BLUE: "#4aa8e0"}
"""The two colours of weights on dark grounds, as the widgets have them."""

PAGE, INK = 0.095, 0.98
"""Lightness of what is white and of what is black on paper, on a dark page."""


def setup(app):
    app.connect("build-finished", write_twins)


def write_twins(app, exception):
    if not exception and app.builder.format == "html":
        for path, (_, name) in app.env.images.items():
            if is_drawn(path):
                text = (Path(app.srcdir) / path).read_text(encoding="utf-8")
                place = Path(app.outdir) / app.builder.imagedir / twin(name)
                place.write_text(darkened(text), encoding="utf-8")


def is_drawn(path):
    """Say whether an image is a notebook's figure, and not a file of the book."""
    return path.endswith(".svg") and "jupyter_execute" in path


def twin(name):
    return f"{name.removesuffix('.svg')}-dark.svg"


def darkened(svg):
    """Return the text of a figure for a dark page.

    Examples
    --------
    >>> darkened('<svg><path style="fill: none; stroke: #000000"/></svg>')
    '<svg style="fill: #fafafa"><path style="fill: none; stroke: #fafafa"/></svg>'
    """
    colours = r"\b((?:fill|stroke)(?:: |=\"))(#[0-9a-f]{6})"
    svg = re.sub(colours, lambda found: found[1] + dark(found[2]), svg)
    # Matplotlib leaves out the fill of what is black.
    return svg.replace("<svg", f'<svg style="fill: {dark("#000000")}"', 1)


def dark(colour):
    """Return what a colour on white paper is on a dark page.

    Greys are turned around. What has a colour keeps it: a tint becomes as dark as it was
    light, and a full colour becomes light enough to be seen.

    Examples
    --------
    >>> dark("#ffffff"), dark("#000000"), dark("#d55e00"), dark("#009e73")
    ('#181818', '#fafafa', '#f08a3c', '#36e2b3')
    """
    for on_paper, on_dark in ON_DARK.items():
        if colour == on_paper.lower():
            return on_dark
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    hue, light, strength = colorsys.rgb_to_hls(*parts)
    if max(parts) - min(parts) < 0.08:
        light = PAGE + (INK - PAGE) * (1 - light)
    else:
        light = PAGE + 0.6 * (1 - light) if light > 0.7 else max(0.55, light)
        strength = min(strength, 0.75)
    parts = colorsys.hls_to_rgb(hue, light, strength)
    return "#" + bytes(round(255 * part) for part in parts).hex()
