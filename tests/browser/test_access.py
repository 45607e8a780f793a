"""Pages for everyone: by finger, and by keyboard, which shows where it is."""

import pytest

from tests.browser.book import chapters
from tests.browser.conftest import DARK, LIGHT, PHONE


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
