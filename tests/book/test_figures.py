"""Figures are vectors, and each can be seen on paper and on a dark page."""

import re
from base64 import b64decode
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from convae_lib import COLOURS
from convae_lib.pictures.matrices import WEIGHTS
from tools.notebooks import code_cells, compact, notebooks, picture, read
from tools.site.dark import dark, darkened

PAPER, NIGHT = "#ffffff", dark("#ffffff")


def drawn(path):
    """Return the text of each figure of a notebook."""
    outputs = [
        out.get("data", {}) for cell in code_cells(read(path)) for out in cell.outputs
    ]
    found = [picture(data) for data in outputs]
    kinds = {kind for kind, _ in filter(None, found)}
    assert kinds == {"image/svg+xml"}, "make notebooks stores figures as vectors"
    return [content.decode() for _, content in filter(None, found)]


def colours(svg):
    return {*re.findall(r"\b(?:fill|stroke)(?:: |=\")(#[0-9a-f]{6})", svg)}


def contrast(one, other):
    """Return the contrast of two colours, as the WCAG define it."""

    def luminance(colour):
        parts = [part / 255 for part in bytes.fromhex(colour[1:])]
        parts = [
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_what_stands_out_on_paper_stands_out_on_a_dark_page(path):
    for svg in drawn(path):
        shown = colours(svg)
        assert {dark(colour) for colour in shown} <= colours(darkened(svg))
        for colour in shown:
            on_paper, at_night = contrast(colour, PAPER), contrast(dark(colour), NIGHT)
            assert at_night > min(3, 0.8 * on_paper), colour


def test_a_figure_is_stored_smaller_and_keeps_its_pixels_and_paths():
    figure, axes = plt.subplots(1, 2)
    axes[0].imshow(np.arange(6).reshape(2, 3), cmap="gray", interpolation="none")
    axes[1].imshow(np.eye(3), interpolation="none")  # has colours
    figure.savefig(file := BytesIO(), format="svg")
    whole = file.getvalue().decode()
    small = compact(whole)
    assert len(small) < len(whole) and compact(small) == small

    def shown(svg):
        pixels = [b64decode(png) for png in re.findall(r"base64,([^\"]*)", svg)]
        images = [Image.open(BytesIO(png)).convert("RGBA").tobytes() for png in pixels]
        return images, [path.split() for path in re.findall(r'\bd="([^"]*)"', svg)]

    assert shown(small) == shown(whole) and len(shown(small)[0]) == 2


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_the_pixels_in_a_figure_stay_as_they_are_and_stay_squares(path):
    for svg in drawn(path):
        pixels = re.findall(r"base64,([^\"]*)", svg)
        assert pixels == re.findall(r"base64,([^\"]*)", darkened(svg))


def test_a_number_can_be_read_in_its_cell_in_both():
    for share in (0.0, 0.5, 1.0):
        red, green, blue, _ = WEIGHTS(share, bytes=True)
        cell = f"#{red:02x}{green:02x}{blue:02x}"
        assert contrast("#333333", cell) > 4.5
        assert contrast(dark("#333333"), dark(cell)) > 4.5


def test_a_line_in_the_colour_of_a_kind_of_network_can_be_seen_on_paper():
    assert all(contrast(colour.lower(), PAPER) > 3 for colour in COLOURS.values())


def test_greys_are_turned_around_and_colours_kept():
    greys = [dark(f"#{level:02x}{level:02x}{level:02x}") for level in range(0, 256, 15)]
    assert greys == sorted(greys, reverse=True)
    for colour in ("#0072b2", "#d55e00", "#009e73", "#cc79a7"):
        before, after = (bytes.fromhex(c[1:]) for c in (colour, dark(colour)))
        assert before.index(max(before)) == after.index(max(after))
        assert sum(after) >= sum(before)
