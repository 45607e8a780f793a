"""The elements of the book's pages that readers touch, and the files that make each.

The same list serves the site, which loads the files on the pages that use an element, and
a notebook, which puts them into its output.
"""

from functools import cache
from importlib import import_module
from pathlib import Path

__all__ = ["ELEMENTS", "STATIC", "WRITTEN", "source"]

STATIC = Path(__file__).with_name("static")

ELEMENTS = {
    "conv-explorer": (
        *("fields.css", "grids.css", "shades.css", "explorer.css"),
        *("convolution.js", "matrix.js", "setting.js", "presets.js", "model.js"),
        *("nearest.js", "formula.js", "code.js"),
        *("walk.js", "grid.js", "matrix_picture.js", "stage.js"),
        *("fields.js", "controls.js", "panels.js", "told.js"),
        *("address.js", "explorer.js"),
    ),
    "live-autoencoder": (
        *("autoencoder.css", "live_panels.css", "live_training.css"),
        *("network.js", "training.js", "networks.js", "garments.js"),
        *("live_drawing.js", "live_memory.js", "live_pad.js"),
        *("live_code.js", "live_compare.js", "live_map.js", "live_between.js"),
        *("live_chart.js", "live_training.js", "autoencoder.js"),
    ),
}
"""Files of an element in the order in which they load: scripts and styles."""

WRITTEN = {"networks.js": "weights.networks", "garments.js": "weights.garments"}
"""Files that are written when they are needed, as that of a network's weights is from the
shipped ones: a file's name, and the function that returns its text, as `module.function`
of this room."""


@cache
def source(name):
    """Return the text of a file of an element.

    Parameters
    ----------
    name : str
        A file that `ELEMENTS` lists.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If no element has a file of that name.

    Examples
    --------
    >>> source("explorer.html")
    Traceback (most recent call last):
    ...
    ValueError: no element has a file 'explorer.html', see ELEMENTS
    """
    if not any(name in files for files in ELEMENTS.values()):
        raise ValueError(f"no element has a file {name!r}, see ELEMENTS")
    if name in WRITTEN:
        module, _, function = WRITTEN[name].rpartition(".")
        return getattr(import_module(f"{__package__}.{module}"), function)()
    return (STATIC / name).read_text(encoding="utf-8")
