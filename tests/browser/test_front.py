"""The first page in a browser: its picture needs no script, and its doors open."""

import pytest

from tests.browser.conftest import DARK, LIGHT, PHONE, WIDE

PAGE = "intro.html"
FRONT = ["front.css"]


def styles(page):
    """Return the files that a page loads as its style."""
    return page.eval_on_selector_all(
        "link[rel=stylesheet]",
        "links => links.map(link => link.href.split('/').pop().split('?')[0])",
    )


def test_no_other_page_loads_its_style(visit):
    for name, there in [(PAGE, FRONT), ("pages/licences.html", [])]:
        with visit(name) as (page, _):
            assert [file for file in styles(page) if file in FRONT] == there


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_drawings_have_the_two_colours_of_a_kernel(visit, theme):
    with visit(PAGE, theme) as (page, _):
        colours = page.eval_on_selector_all(
            ".front-drawing rect:is(.positive, .negative):not(.frame)",
            "found => [...new Set(found.map(one => getComputedStyle(one).fill))].sort()",
        )
    light = ["rgb(0, 114, 178)", "rgb(213, 94, 0)"]
    assert colours == (
        light if theme == LIGHT else ["rgb(240, 138, 60)", "rgb(74, 168, 224)"]
    )


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_picture_stands_without_a_script(visit, size):
    with visit(PAGE, size=size, java_script_enabled=False) as (page, _):
        for box in [page.locator(f".front-{part}") for part in ("image", "code")]:
            drawn = box.first.screenshot()
            assert len({*drawn}) > 100  # bytes of a picture that shows something
        assert page.get_by_alt_text("An image of 4×4 numbers", exact=False).is_visible()
        assert page.get_by_text("784 pixels a garment").is_visible()


@pytest.mark.parametrize("width", [320, 360, 576, 768, 1024, 1200, 1440, 1920])
def test_it_never_scrolls_sideways(visit, width):
    with visit(PAGE, size=(width, 800)) as (page, _):
        over = "document.documentElement.scrollWidth - window.innerWidth"
        assert page.evaluate(over) <= 0


@pytest.mark.parametrize(
    "door, where",
    [
        ("Learn", "chapters/01_dense_versus_convolutional.html"),
        ("Teach", "pages/for_teachers.html"),
        ("Use the matrix", "chapters/02_convolution_is_a_sparse_matrix.html"),
    ],
)
def test_a_door_opens_wherever_it_is_pressed(visit, site, door, where):
    with visit(PAGE) as (page, _):
        card = page.locator(".front-doors .sd-card", has_text=door)
        box = card.bounding_box()
        card.click(position={"x": box["width"] - 8, "y": box["height"] - 8})
        page.wait_for_url(f"{site.as_uri()}/{where}")


def test_a_link_within_a_door_leads_where_it_says(visit, site):
    with visit(PAGE) as (page, _):
        page.locator(".front-doors").get_by_role("link", name="the explorer").click()
        page.wait_for_url(f"{site.as_uri()}/pages/explorer.html*")


def test_the_picture_leads_to_the_live_autoencoder(visit, site):
    with visit(PAGE) as (page, _):
        page.get_by_role("link", name="Draw one yourself").click()
        page.wait_for_url(f"{site.as_uri()}/pages/autoencoder.html*")


def test_a_card_opens_its_chapter(visit, site):
    with visit(PAGE) as (page, _):
        drawing = page.locator(".front-cards svg").nth(4)
        drawing.click(force=True)  # what lies over it is the link of the card
        page.wait_for_url(f"{site.as_uri()}/chapters/05_what_the_code_knows.html")


@pytest.mark.parametrize("name, there", [(PAGE, 0), ("pages/questions.html", 1)])
def test_contents_are_offered_on_a_phone_where_a_page_has_them(visit, name, there):
    with visit(name, size=PHONE) as (page, _):
        assert page.locator("button.secondary-toggle").count() == there
