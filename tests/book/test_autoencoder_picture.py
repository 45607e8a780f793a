"""The picture on the live autoencoder's page for readers without JavaScript."""

import re
from xml.etree import ElementTree

import pytest

from tools.drawings.autoencoder import NAME, draw
from tools.notebooks import ROOT


def parts(svg, name):
    return [n for n in ElementTree.fromstring(svg).iter() if n.tag.endswith(name)]


def test_the_stored_picture_is_the_one_that_is_drawn():
    # Bars to a pixel: the network's sums end differently on another machine.
    drawn, stored = draw(), (ROOT / "_static" / NAME).read_text()
    bars = [
        [float(bar.get("height")) for bar in parts(svg, "rect")]
        for svg in (drawn, stored)
    ]
    assert len(bars[0]) == 30 and bars[0] == pytest.approx(bars[1], abs=1)


def test_the_page_describes_it_and_it_loads_nothing():
    page = (ROOT / "pages" / "autoencoder.md").read_text()
    (alt,) = re.findall(rf'<img src="\.\./_static/{NAME}" alt="([^"]+)"', page)
    assert "code" in alt and "30 bars" in alt
    images = parts(draw(), "image")
    assert len(images) == 2
    assert all(image.get("href").startswith("data:image/png") for image in images)
