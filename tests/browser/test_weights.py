"""How heavy a page is: what a browser fetches for it, as it is and gzipped."""

import gzip

import pytest

from tests.browser.book import pages

RAW, GZIPPED = 2_500_000, 1_000_000
FIGURES = (".png", ".svg", ".jpg")


@pytest.mark.parametrize("name", pages())
def test_a_page_is_light(visit, site, name):
    asked = []
    with visit("search.html") as (page, _):  # what is asked for while a page opens
        page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
        page.goto(f"{site.as_uri()}/{name}")
    files = {url for url in asked if url.startswith("file:")}
    assert files
    raw = gzipped = 0
    for url in files:
        path = site / url.removeprefix(f"{site.as_uri()}/").partition("#")[0]
        if path.suffix not in FIGURES:
            content = path.read_bytes()
            raw += len(content)
            gzipped += len(gzip.compress(content, 6))
    assert raw < RAW, f"{name}: {raw / 1e6:.2f} MB"
    assert gzipped < GZIPPED, f"{name}: {gzipped / 1e6:.2f} MB gzipped"


def test_icons_come_from_the_small_font(visit, site):
    asked = []
    with visit("search.html") as (page, _):
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site.as_uri()}/{pages()[1]}")
        page.wait_for_timeout(300)
    fonts = {url.rpartition("/")[2] for url in asked if "font" in url or ".woff" in url}
    assert "icons.woff" in fonts
    assert not [font for font in fonts if font.startswith("fa-")]
    assert not [url for url in asked if "fontawesome" in url or "searchindex" in url]
