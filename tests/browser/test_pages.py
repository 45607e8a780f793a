"""Every page, light and dark, wide and on a phone: nothing fails, nothing is cut."""

import re
from functools import cache
from html import unescape
from urllib.parse import unquote, urldefrag

import pytest

from tests.browser.book import pages
from tests.browser.conftest import DARK, LIGHT, PHONE, WIDE, listen, show

every_page = pytest.mark.parametrize("name", pages())

STATE = """() => {
  const wide = document.documentElement;
  const seen = (element) => element.checkVisibility({ checkVisibilityCSS: true });
  const links = [...document.querySelectorAll("a[href]")].map((link) => link.href);
  return {
    over: wide.scrollWidth - wide.clientWidth,
    links: [...new Set(links)].filter((link) => link.startsWith("file:")),
    ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
    pictures: [...document.images].map((image) => ({
      file: image.src, alt: image.getAttribute("alt"),
      drawn: image.loading === "lazy" || (image.complete && image.naturalWidth > 0),
      decorates: image.closest("a")?.textContent.trim() !== "" && !!image.closest("nav"),
    })),
    nameless: [...document.querySelectorAll(".bd-content a[href]")].filter(
      (link) => !link.textContent.trim() && !link.ariaLabel &&
        ![...link.querySelectorAll("img")].some((image) => image.alt)
    ).map((link) => link.href),
    figures: [...document.querySelectorAll(".cell_output img")].filter(seen)
      .map((image) => image.src),
    raw: [...document.querySelectorAll(".bd-article mjx-merror")].map((e) => e.title),
    lang: wide.lang, title: document.title,
    described: document.querySelector("meta[name=description]")?.content,
  };
}"""


@every_page
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_fails_and_nothing_is_cut(visit, site, name, size):
    with visit(name, LIGHT, size) as (page, complaints):
        for theme in (LIGHT, DARK):
            show(page, theme)
            found = page.evaluate(STATE)
            assert found["over"] <= 0, f"the page is {found['over']} px too wide"
            twins = {file.endswith("-dark.svg") for file in found["figures"]}
            assert twins <= {theme == DARK}
        assert complaints == []
        assert found["raw"] == []
        for picture in found["pictures"]:
            assert picture["drawn"], picture
            if not picture["decorates"]:
                assert len(picture["alt"] or "") > 10, picture
                assert "/" not in picture["alt"], picture
        assert found["nameless"] == []
        assert len(found["ids"]) == len({*found["ids"]})
        broken = [link for link in found["links"] if not leads(site, link)]
        assert broken == []


@cache
def anchors(path):
    text = path.read_text(encoding="utf-8")
    return {*map(unescape, re.findall(r'\s(?:id|name)="([^"]*)"', text))}


def leads(site, link):
    """Say whether a link from a file leads to a file, and to a place in it."""
    address, anchor = urldefrag(link)
    path = site / unquote(address.partition("?")[0]).removeprefix(site.as_uri())[1:]
    if not path.is_file():
        return False
    return not anchor or unquote(anchor) in anchors(path) or setting(anchor)


def setting(anchor):
    """Say whether what follows # is a setting of an element, and no place."""
    return "=" in anchor


@every_page
def test_a_page_says_what_it_is(visit, name):
    with visit(name) as (page, _):
        said = page.evaluate(STATE)
        assert said["lang"] == "en"
        assert 40 <= len(said["described"] or "") <= 200
        assert said["title"].split(" — ")[0]
        assert len({*said["title"].split(" — ")}) == len(said["title"].split(" — "))
        assert page.locator("h1").count() == 1
        assert page.locator("meta[name=viewport]").count() == 1


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
        complaints = []
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
