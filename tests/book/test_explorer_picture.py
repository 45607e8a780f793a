"""The picture on the explorer's page for readers without JavaScript."""

import re
from xml.etree import ElementTree

from tools.drawings.explorer import NAME, draw
from tools.notebooks import ROOT


def test_the_stored_picture_is_the_one_that_is_drawn():
    assert (ROOT / "_static" / NAME).read_text() == draw()


def test_it_shows_every_number_and_the_page_describes_it():
    svg = ElementTree.fromstring(draw())
    texts = [node.text for node in svg.iter() if node.tag.endswith("text")]
    assert len(texts) == 16 + 9 + 4 + 36 + 2  # and two signs
    page = (ROOT / "pages" / "explorer.md").read_text()
    (alt,) = re.findall(rf'<img src="\.\./_static/{NAME}" alt="([^"]+)"', page)
    assert "matrix" in alt
