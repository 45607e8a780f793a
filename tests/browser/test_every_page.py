"""Every page of the book, wide and on a phone, light and dark: nothing fails, all can read.

A page opens once on each screen, and one test after the other looks at it. Each leaves it as
it was, but for the theme; the last one unfolds what is folded.
"""

import gzip
import re
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag

import axe_playwright_python
import pytest

from tests.browser import asked
from tests.browser.book import chapters, pages
from tests.browser.conftest import DARK, LIGHT, PHONE, WIDE, show

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
GRAVE = {"critical", "serious", "moderate"}
RAW, GZIPPED = 2_500_000, 1_000_000
"""Bytes that a browser fetches for a page, figures apart."""
FIGURES = (".png", ".svg", ".jpg")
A4 = (718, 1000)  # pixels between the margins


def of(names, **screens):
    """Let a test look at pages on screens."""
    some = {f"{on}-{name}": (screens[on], name) for on in screens for name in names}
    return pytest.mark.parametrize("opened", some.values(), ids=some, indirect=True)


everywhere = of(pages(), wide=WIDE, phone=PHONE)
wide = of(pages(), wide=WIDE)
phone = of(pages(), phone=PHONE)
wide_chapters = of(chapters(), wide=WIDE)
chapters_on_a_phone = of(chapters(), phone=PHONE)


@pytest.fixture(scope="module")
def opened(visit, request):
    """A page of the book, opened once for all tests of it, and what is heard of it."""
    size, name = request.param
    with visit(name, size=size) as (page, heard):
        yield page, heard


@wide
def test_a_page_is_light(opened, site):
    """In bytes, of what it asks for before another theme or size asks for more."""
    _, heard = opened
    files = {url.partition("?")[0] for url in heard.asked if url.startswith("file:")}
    assert files
    raw = gzipped = 0
    for url in files:
        path = site / url.removeprefix(f"{site.as_uri()}/").partition("#")[0]
        if path.suffix not in FIGURES:
            bytes_as_is, bytes_gzipped = weigh(path)
            raw, gzipped = raw + bytes_as_is, gzipped + bytes_gzipped
    assert raw < RAW, f"{raw / 1e6:.2f} MB"
    assert gzipped < GZIPPED, f"{gzipped / 1e6:.2f} MB gzipped"


@cache
def weigh(path):
    content = path.read_bytes()
    return len(content), len(gzip.compress(content, 6))


@everywhere
def test_nothing_fails_and_nothing_is_cut(opened, site):
    page, complaints = opened
    for theme in (LIGHT, DARK):
        show(page, theme)
        found = page.evaluate(asked.STATE)
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


@wide
def test_a_page_says_what_it_is(opened):
    page, _ = opened
    said = page.evaluate(asked.STATE)
    assert said["lang"] == "en"
    assert 40 <= len(said["described"] or "") <= 200
    parts = said["title"].split(" — ")
    assert parts[0]
    assert len({*parts}) == len(parts)
    assert page.locator("h1").count() == 1
    assert page.locator("meta[name=viewport]").count() == 1


@wide_chapters
def test_a_formula_keeps_the_bar_at_its_upper_edge(opened):
    page, _ = opened
    page.evaluate("() => window.MathJax?.startup?.promise")
    assert page.evaluate(asked.FORMULAS) == []


@wide_chapters
def test_on_a_wide_screen_tables_and_the_books_own_code_are_whole(opened):
    page, _ = opened
    cut = page.evaluate(asked.TOO_WIDE)
    assert not [line for line in cut if len(line) <= 88]


@wide_chapters
def test_formulas_and_outputs_are_no_stops_of_the_tab_key(opened):
    page, _ = opened
    settle(page)
    stops = page.evaluate(asked.STOPS)
    assert not [stop for stop in stops if stop.startswith("mjx")]
    assert page.locator("div.cell_output button.copybtn").count() == 0
    assert page.locator("div.cell_input button.copybtn").count() > 5
    assert len(stops) < 200


@chapters_on_a_phone
def test_wide_blocks_can_be_scrolled_by_keyboard_and_say_that_they_go_on(opened):
    page, _ = opened
    settle(page)
    assert page.evaluate(asked.SILENT) == []


def settle(page):
    """Wait until sizes were watched, and end what fades or moves."""
    page.evaluate(asked.SETTLE)


def findings(page, run):
    """Return what axe finds on a light page, but for what is minor."""
    show(page, LIGHT)
    settle(page)
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found = page.evaluate(run)
    return [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in GRAVE
    ]


@wide
def test_axe_finds_nothing(opened):
    """How text stands out in the dark is the last test's, which sees more and is faster."""
    page, _ = opened
    assert findings(page, asked.AXE) == []


@phone
def test_what_scrolls_on_a_phone_can_be_reached(opened):
    page, _ = opened
    assert findings(page, asked.AXE_SCROLLING) == []


@wide_chapters
def test_nothing_is_cut_on_paper(opened):
    page, _ = opened
    keep = page.viewport_size
    page.set_viewport_size(dict(zip(("width", "height"), A4)))
    page.emulate_media(media="print")
    try:
        assert page.evaluate(asked.CUT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= A4[0]
    finally:
        page.emulate_media(media="screen")
        page.set_viewport_size(keep)


@wide
def test_every_text_stands_out_from_its_ground(opened):
    """Of words and of single characters, which axe leaves out: 4.5 to 1, large ones 3 to 1."""
    page, _ = opened
    page.evaluate(asked.UNFOLD)
    for theme in (LIGHT, DARK):
        show(page, theme)
        settle(page)
        assert page.evaluate(asked.CONTRAST, 4.5) == [], theme
