"""What pages say of themselves, what they load, and what stands where one is missing."""

import re

import pytest

from tests.browser.book import pages
from tests.browser.conftest import Heard, listen


def test_no_two_pages_have_one_title_or_description(site):
    texts = [(site / name).read_text() for name in pages()]
    for pattern in (r"<title>(.*?)</title>", r'name="description" content="(.*?)"'):
        found = [re.search(pattern, text, re.DOTALL)[1] for text in texts]
        assert len({*found}) == len(found) == len(pages())


def test_a_shared_link_shows_a_picture(visit, site):
    for name in (pages()[0], "chapters/03_the_transpose.html"):
        with visit(name, java_script_enabled=False) as (page, _):
            for kind in ("title", "description", "type", "image:alt"):
                meta = page.locator(f'meta[property="og:{kind}"]')
                assert meta.get_attribute("content")
            image = page.locator('meta[property="og:image"]').get_attribute("content")
            icon = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
            for file in (image, icon):
                assert (site / name).parent.joinpath(file).resolve().is_file()


def test_every_page_says_how_old_it_is_and_how_it_was_built(site):
    for name in pages():
        if name not in ("404.html", "figures/index.html"):
            foot = (site / name).read_text().partition("bd-footer-content")[2]
            for word in ("version", "outputs were made", "Jupyter Book", "MIT licence"):
                assert word in foot, name


@pytest.mark.parametrize(
    "place", ["gone.html", "chapters/old_name.html", "pages/even/deeper.html"]
)
def test_a_page_that_is_missing_leads_back_into_the_book(chromium, server, site, place):
    """A server shows 404.html at the address that was asked for."""
    shown = (site / "404.html").read_text()
    page = chromium.new_page()
    try:
        page.route(f"**/{place}", lambda route: route.fulfill(body=shown))
        complaints = Heard()
        listen(page, complaints)
        page.goto(f"{server}/{place}")
        assert page.locator("h1").inner_text() == "This page is not here"
        links = page.locator("main a")
        addresses = links.evaluate_all("links => links.map((link) => link.href)")
        assert f"{server}/{pages()[0]}" in addresses
        assert all(address.startswith(f"{server}/") for address in addresses)
        assert complaints == []
    finally:
        page.close()


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
