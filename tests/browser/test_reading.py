"""What a reader gets to see on a page: figures, headings, frames, and what leads where."""

import pytest

from tests.browser.book import chapters, pages
from tests.browser.conftest import DARK, LIGHT, PHONE


def test_the_head_of_the_sidebar_is_small_and_leads_home(visit):
    with visit(chapters()[0], size=PHONE) as (page, _):
        page.locator(".primary-toggle >> visible=true").click()
        home = page.locator(".book-home a")
        assert home.bounding_box()["height"] < 80
        assert home.inner_text().strip() == "Convolutional autoencoders"
        home.click()
        page.wait_for_url(f"**/{pages()[0]}*")


def test_headings_weigh_less_the_deeper_they_are(visit):
    with visit(chapters()[0]) as (page, _):
        sizes = []
        for level in ("h1", "h2", "h3"):
            heading = page.locator(f".bd-article {level}").first
            style = (
                "h => [getComputedStyle(h).fontSize, getComputedStyle(h).fontWeight]"
            )
            size, weight = heading.evaluate(style)
            sizes.append((float(size[:-2]), int(weight)))
        (one, _), (two, heavy), (three, light) = sizes
        assert one > two > three and heavy >= light


def test_a_line_holds_no_more_than_eighty_five_characters(visit):
    with visit(chapters()[0], size=(1920, 1000)) as (page, _):
        longest = page.evaluate("""() => {
          const text = document.querySelector(".bd-article section > p");
          const range = document.createRange();
          range.selectNodeContents(text);
          return text.textContent.length / (range.getBoundingClientRect().height /
            parseFloat(getComputedStyle(text).lineHeight));
        }""")
        assert longest < 95


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_figure_has_its_caption_and_lies_on_the_ground_of_the_page(visit, theme):
    with visit(chapters()[0], theme) as (page, _):
        figures = page.locator(".bd-content figure")
        assert figures.count() > 5
        for figure in figures.all():
            assert figure.locator("img:visible").count() == 1
            assert figure.locator("figcaption:visible").inner_text().startswith("Fig.")
            ground = figure.locator("img:visible").evaluate(
                "image => getComputedStyle(image).backgroundColor"
            )
            assert ground == "rgba(0, 0, 0, 0)"


def test_no_picture_stands_on_a_white_card_in_the_dark(visit):
    with visit(pages()[0], DARK) as (page, _):
        grounds = page.locator(".bd-content img:visible").evaluate_all(
            "all => all.map((image) => getComputedStyle(image).backgroundColor)"
        )
        assert {*grounds} == {"rgba(0, 0, 0, 0)"}


def test_a_figure_opens_large(visit):
    with visit(chapters()[0], size=PHONE) as (page, _):
        picture = page.locator("figure a:has(img)").first
        address = picture.get_attribute("href")
        picture.click()
        page.wait_for_url(address)


def test_pictures_have_sizes_and_keep_their_shape(visit):
    for size in ((1300, 900), PHONE):
        for name in pages()[:2]:
            with visit(name, size=size) as (page, _):
                wrong = page.evaluate("""() => [...document.querySelectorAll(
                  ".bd-article img")].filter((image) => {
                  const shape = image.naturalHeight / image.naturalWidth;
                  return !image.getAttribute("width") || !image.getAttribute("height") ||
                    Math.abs(image.height - image.width * shape) > 2;
                }).map((image) => image.src)""")
                assert wrong == []


def test_the_first_stop_of_the_tab_key_skips_to_the_text(visit):
    with visit(chapters()[0]) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent").startswith("Skip")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        inside = "document.activeElement.closest('.bd-article') !== null"
        assert page.evaluate(inside)


def test_without_javascript_text_and_solutions_are_there(visit):
    with visit(chapters()[0], java_script_enabled=False) as (page, _):
        assert page.locator(".bd-article section p").first.is_visible()
        assert page.locator("div.solution p").nth(1).is_visible()


def test_outputs_of_keras_are_one_block_in_the_dark(visit):
    with visit("chapters/04_train_the_keras_model.html", DARK) as (page, _):
        gaps = page.evaluate("""() => [...document.querySelectorAll(
          "div.text_html + div.text_html")].map((block) =>
          block.getBoundingClientRect().top -
          block.previousElementSibling.getBoundingClientRect().bottom)""")
        assert gaps and max(gaps) < 4


def test_references_keep_their_titles_and_link_to_what_they_name(visit):
    with visit("pages/references.html") as (page, _):
        text = page.locator(".bd-article").inner_text()
        for title in (
            "GELUs",
            "17.4 Convolutional AutoEncoder",
            "convmtx2",
            "k-Sparse",
        ):
            assert title in text
        assert page.locator(".citation a[href^=https]").count() > 10
