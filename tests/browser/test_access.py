"""Pages for everyone: axe finds nothing, text stands out, the keyboard gets everywhere."""

import json
from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.book import chapters, pages
from tests.browser.conftest import DARK, LIGHT, PHONE, show

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
GRAVE = {"critical", "serious", "moderate"}
RUN = """async ([around, settings]) => {
  const found = await axe.run(around, { resultTypes: ["violations"], ...settings });
  return JSON.stringify(found.violations.map(({ id, impact, nodes }) =>
    [id, impact, nodes.map((node) => node.html.slice(0, 200))]));
}"""
# Code has thousands of words in a dozen colours, which a test of our own looks at: for axe
# each block of code is one text.
ONE_TEXT = """() => document.querySelectorAll(".highlight pre").forEach((block) => {
  block.textContent = block.textContent;
})"""
CONTRAST_BY_AXE = [
    {"exclude": [["mjx-container"]]},
    {"runOnly": ["color-contrast"]},
]
ALL_ELSE = [
    {"include": [["html"]]},
    {"rules": {"color-contrast": {"enabled": False}}},
]
SCROLLING = [{"include": [["html"]]}, {"runOnly": ["scrollable-region-focusable"]}]

every_page = pytest.mark.parametrize("name", pages())


def findings(page, *runs):
    """Return what axe finds on a page, but for what is minor."""
    found = [one for run in runs for one in json.loads(page.evaluate(RUN, run))]
    return [finding for finding in found if finding[1] in GRAVE]


@every_page
def test_axe_finds_nothing(visit, name):
    """Light and wide by all rules, on a phone by those of scrolling.

    How text stands out in the dark is the next test's, which sees more and is faster.
    """
    with visit(name) as (page, _):
        page.add_script_tag(path=AXE)
        page.evaluate(ONE_TEXT)
        page.wait_for_timeout(100)  # sizes are watched, and tab stops follow
        assert findings(page, ALL_ELSE, CONTRAST_BY_AXE) == []
        page.set_viewport_size(dict(zip(("width", "height"), PHONE)))
        page.wait_for_timeout(200)
        assert findings(page, SCROLLING) == []


CONTRAST = """(least) => {
  const canvas = document.createElement("canvas").getContext("2d", {
    willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const over = (top, below) => {
    const part = top[3] / 255;
    return [0, 1, 2].map((c) => top[c] * part + below[c] * (1 - part)).concat(255);
  };
  const ground = (element) => {
    if (!element) return [255, 255, 255, 255];
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour[3] === 255 ? colour : over(colour, ground(element.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((value) =>
      value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility({ opacityProperty: true,
        visibilityProperty: true })) continue;
    if (element.closest("svg, script, style, noscript, mjx-container, dialog, " +
        "[aria-hidden=true], :disabled, .skip-link, title")) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const [a, b] = [light(over(rgba(style.color), below)), light(below)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 ||
      (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : least)) {
      const key = `${style.color} on ${below.slice(0, 3).map(Math.round)}`;
      found.set(key, `${ratio.toFixed(2)} ${key}: ${text.slice(0, 40)}`);
    }
  }
  return [...found.values()];
}"""


@every_page
def test_every_text_stands_out_from_its_ground(visit, name):
    """Of words and of single characters, which axe leaves out: 4.5 to 1, large ones 3 to 1."""
    with visit(name) as (page, _):
        page.evaluate("""() => {
          document.querySelectorAll("details").forEach((part) => (part.open = true));
          document.querySelectorAll("button.toggle-button").forEach((b) => b.click());
        }""")
        for theme in (LIGHT, DARK):
            show(page, theme)
            page.wait_for_timeout(400)  # solutions fade in, colours change
            assert page.evaluate(CONTRAST, 4.5) == [], theme


STOPS = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]")].filter((element) =>
  element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
  .map((element) => element.tagName.toLowerCase() + "." + element.className)"""


@pytest.mark.parametrize("name", chapters())
def test_formulas_and_outputs_are_no_stops_of_the_tab_key(visit, name):
    with visit(name) as (page, _):
        page.wait_for_timeout(100)
        stops = page.evaluate(STOPS)
        assert not [stop for stop in stops if stop.startswith("mjx")]
        assert page.locator("div.cell_output button.copybtn").count() == 0
        assert page.locator("div.cell_input button.copybtn").count() > 5
        assert len(stops) < 200


def test_copying_is_offered_to_fingers(visit):
    name = chapters()[0]
    with visit(name, size=PHONE, has_touch=True, is_mobile=True) as (page, _):
        button = page.locator("button.copybtn:visible").first
        assert float(button.evaluate("b => getComputedStyle(b).opacity")) >= 0.5


def looks(page, selector):
    box = page.locator(selector).first.bounding_box()
    clip = {**box, "x": box["x"] - 6, "y": box["y"] - 6}
    clip |= {"width": box["width"] + 12, "height": box["height"] + 12}
    return page.screenshot(clip=clip, animations="disabled")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_what_has_the_focus_shows_it(visit, theme):
    """Each of the first stops looks different while it has the focus."""
    with visit(chapters()[0], theme) as (page, _):
        for selector in [
            ".sidebar-toggle.primary-toggle >> visible=true",
            ".btn.dropdown-toggle >> visible=true",
            ".theme-switch-button >> visible=true",
            ".search-button-field >> visible=true",
            ".book-home a",
            "nav.bd-links a >> visible=true",
            ".bd-article summary",
        ]:
            before = looks(page, selector)
            page.keyboard.press("Shift")  # from now on the keyboard is in use
            page.locator(selector).first.focus()
            page.wait_for_timeout(300)
            assert looks(page, selector) != before, selector
            page.evaluate("document.activeElement.blur()")


def test_a_button_says_which_solution_it_unfolds(visit):
    with visit(chapters()[0]) as (page, _):
        labels = [
            button.get_attribute("aria-label")
            for button in page.locator("button.toggle-button").all()
        ]
        assert labels and len({*labels}) == len(labels)
        assert all("Exercise" in label for label in labels)


def test_solutions_unfold_by_keyboard(visit):
    with visit(chapters()[0]) as (page, _):
        button = page.locator("button.toggle-button").first
        for expanded in ("true", "false"):
            button.focus()
            page.keyboard.press("Enter")
            assert button.get_attribute("aria-expanded") == expanded


@pytest.mark.parametrize("name", chapters())
def test_wide_blocks_can_be_scrolled_by_keyboard_and_say_that_they_go_on(visit, name):
    with visit(name, size=PHONE) as (page, _):
        page.wait_for_timeout(200)
        silent = page.evaluate("""() => [...document.querySelectorAll(
          ".bd-content :is(pre, .text_html, .pst-scrollable-table-container)")]
          .filter((block) => block.checkVisibility({ visibilityProperty: true }))
          .filter((block) => block.scrollWidth > block.clientWidth + 1)
          .filter((block) => getComputedStyle(block).overflowX !== "visible")
          .filter((block) => block.tabIndex < 0 ||
            !getComputedStyle(block).backgroundImage.includes("gradient"))
          .map((block) => block.textContent.trim().slice(0, 60))""")
        assert silent == []
