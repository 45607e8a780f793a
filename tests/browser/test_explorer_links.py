"""Links of the book that open the explorer at a setting."""

import re
from html import unescape

from tests.browser.book import pages
from tests.browser.test_explorer import PAGE
from tools.pdf import article

TRANSPOSE = "chapters/03_the_transpose.html"
MANY = {
    *("chapters/02_convolution_is_a_sparse_matrix.html", TRANSPOSE),
    *("chapters/B_the_matrix_at_speed.html", "chapters/C_sizes_and_frameworks.html"),
    *("pages/questions.html", "pages/glossary.html"),
}

SHOWN = """(settings) => settings.map((setting) => {
  const explorer = document.querySelector("conv-explorer");
  explorer.take(convae.readSetting(setting));
  return [convae.writeSetting(explorer.state), explorer.refusal.textContent];
})"""


def links(site, name):
    """Return the settings that the links of a page lead to."""
    text = (site / name).read_text(encoding="utf-8")
    found = re.findall(r'href="[^"#]*\bexplorer\.html#([^"]*=[^"]*)"', text)
    return [unescape(setting) for setting in found]


def test_every_link_opens_a_setting_that_is_possible_and_not_the_first(visit, site):
    found = {name: links(site, name) for name in pages()}
    assert MANY <= {name for name, settings in found.items() if len(settings) > 2}
    settings = sorted({one for several in found.values() for one in several})
    with visit(PAGE) as (page, _):
        page.wait_for_selector(".ce-stage .ce-cell")
        shown = page.evaluate(SHOWN, settings)
    for setting, (written, refused) in zip(settings, shown):
        assert refused == "", setting
        # As the explorer writes it: no name is wrong, and no part is the default.
        assert {*written.split("&")} == {*setting.split("&")}, setting


def test_a_link_from_a_chapter_shows_what_it_says(visit):
    with visit(TRANSPOSE) as (page, complaints):
        page.get_by_role("link", name="7 → 14").click()
        page.wait_for_url(f"**/{PAGE}#*")
        shown = page.locator(".ce-side-output figcaption")
        assert shown.inner_text() == "output 14×14 and what is cut off"
        assert complaints == []


def test_on_paper_a_link_leads_to_the_explorers_page(site):
    assert links(site, TRANSPOSE)
    targets = re.findall(r'href="#(pages--explorer[^"]*)"', article(site, TRANSPOSE))
    assert {*targets} == {"pages--explorer"}
