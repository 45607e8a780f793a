"""Whose work ships: pages/licences.md, read; what it says is what the packages say.

The files of the built site are held against it in test_book.py.
"""

import re
from importlib.metadata import metadata

import pytest

from tools.notebooks import ROOT

PAGE = (ROOT / "pages" / "licences.md").read_text()
BROUGHT = PAGE[PAGE.index("## What the built site") : PAGE.index("## What the slides")]
ROWS = re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", BROUGHT, re.MULTILINE)
LICENCES = dict(row for row in ROWS if row != ("what", "licence"))
PLACES = dict(
    re.findall(r"^(\S+) {2,}(\S.*)$", BROUGHT.partition("```")[2], re.MULTILINE)
)

# The packages that pip installs under other names, or inside of which others lie.
INSIDE = {"Bootstrap", "Font Awesome Free", "MathJax", "the fonts of MathJax"}
INSIDE |= {"clipboard.js"}


def owner(file):
    """Return whose a file of `_static` is, by the longest place that it begins with."""
    fitting = [place for place in PLACES if file.startswith(place)]
    return PLACES[max(fitting, key=len)] if fitting else None


@pytest.mark.parametrize("name", sorted(LICENCES.keys() - INSIDE))
def test_a_package_says_the_same_of_its_licence(name):
    said = metadata(name.lower().replace(" ", "-"))
    classifiers = " ".join(said.get_all("Classifier") or [])
    text = f"{said['License-Expression']} {said['License']} {classifiers}"
    assert LICENCES[name].partition("-")[0] in text
