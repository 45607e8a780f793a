"""The drawings of the first page, and the cards that show them."""

import base64
import re
from io import BytesIO

import nbformat
import numpy as np
import yaml
from PIL import Image

from tools.drawings.front import DRAWINGS, NAME, files
from tools.drawings.vignettes import KERNEL, cells, short, sparse_matrix
from tools.notebooks import ROOT

STORED = ROOT / "_static" / NAME
PAGE = (ROOT / "intro.md").read_text()
PNG = re.compile(r'"data:image/png;base64,([^"]*)"')
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
CARD = re.compile(
    r"^`{4}\{grid-item-card\} (?P<title>.+)\n:link: (?P<link>.+)\n:link-type: doc\n"
    r":link-alt: (?P<alt>.+)\n\n:::\{card-header\}\n```\{raw\} html\n"
    r'<svg aria-hidden="true"><use href="#front-(?P<drawing>\w+)"/></svg>\n',
    re.MULTILINE,
)


def lengths(text):
    """Return the numbers of a drawing, less those within its images."""
    return np.array(NUMBER.findall(PNG.sub("", text)), float)


def images(text):
    return [
        np.asarray(Image.open(BytesIO(base64.b64decode(png)))).astype(int)
        for png in PNG.findall(text)
    ]


def test_what_is_drawn_is_stored():
    (drawn,), stored = files().values(), STORED.read_text()
    shapes = [NUMBER.sub("", PNG.sub("", text)) for text in (drawn, stored)]
    assert shapes[0] == shapes[1]
    # Points of the map stand by rank: on another machine two neighbours may change places.
    assert np.abs(lengths(drawn) - lengths(stored)).max() < 1.5
    for new, old in zip(images(drawn), images(stored), strict=True):
        assert new.shape == (28, 28) and np.abs(new - old).max() <= 3


def test_the_page_shows_every_drawing_once():
    there = re.findall(r'<symbol id="front-(\w+)"', STORED.read_text())
    shown = re.findall(r'<use href="#front-(\w+)"/>', PAGE)
    assert sorted(shown) == sorted(there)
    assert {*DRAWINGS} < {*there}


def test_a_drawing_has_no_colour_of_its_own():
    drawn = STORED.read_text()
    assert not re.findall(r"\b(?:fill|stroke|style)=", drawn)
    kinds = {
        kind
        for kinds in re.findall(r'class="([^"]*)"', drawn)
        for kind in kinds.split()
    }
    style = (ROOT / "_static" / "front.css").read_text()
    assert not [kind for kind in kinds if not re.search(rf"\.{kind}\b", style)]


def test_each_chapter_has_a_card_with_its_title_in_the_order_of_the_book():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    files = [
        chapter["file"]
        for part in toc["parts"]
        for chapter in part["chapters"]
        if chapter["file"].startswith("chapters/")
    ]
    found = [card.groupdict() for card in CARD.finditer(PAGE)]
    assert [card["link"] for card in found] == files
    for card in found:
        cells = nbformat.read(ROOT / f"{card['link']}.ipynb", as_version=4).cells
        title = re.search(r"^# (.+)", cells[0].source, re.MULTILINE)[1]
        assert card["title"] == card["alt"] == title


def test_five_questions_are_five():
    (asked,) = re.findall(
        r"^## Five questions\n.*?\n((?:- .+\?\n)+)", PAGE, re.M | re.S
    )
    assert asked.count("\n- ") + 1 == 5


def test_cells_are_a_square_for_each_number_and_a_colour_where_it_is_not_zero():
    drawn = cells(np.array([[2, 0], [-1, 0]]), 10, 20, 5)
    assert drawn.count('class="grid"') == 4
    assert (
        '<rect class="positive" x="10" y="20" width="5" height="5" opacity="1.00"/>'
        in drawn
    )
    assert (
        '<rect class="negative" x="10" y="25" width="5" height="5" opacity="0.62"/>'
        in drawn
    )


def test_the_matrix_repeats_the_weights_of_its_kernel():
    drawn = sparse_matrix()
    for kind, sign in [("positive", 1), ("negative", -1)]:
        weights = np.count_nonzero(np.sign(KERNEL) == sign)
        assert drawn.count(f'class="{kind}"') == weights + 4 * weights


def test_lengths_are_short():
    assert [short(x) for x in (2.0, 0.25, -0.04, -1.5, "M0 0")] == [
        *("2", "0.2", "0", "-1.5", "M0 0")
    ]
