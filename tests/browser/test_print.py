"""On paper: light, titles with their numbers, solutions at the end."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser.book import chapters
from tests.browser.conftest import DARK, LIGHT
from tools.pdf import article, book, document

NAMES = "[...document.querySelectorAll('.bd-article [id]')].map(({ id }) => id)"


def printed(page):
    """Return the text of a page as it comes out of a printer, without white space."""
    pdf = PdfReader(BytesIO(page.pdf(format="A4")))
    return re.sub(r"\s+", " ", " ".join(part.extract_text() for part in pdf.pages))


def test_a_chapter_has_its_number_and_its_solutions_at_the_end(visit):
    with visit(chapters()[1]) as (page, _):
        text = printed(page)
        assert "2. Convolution is a sparse matrix" in text[:300]
        exercises = [found.start() for found in re.finditer(r"Exercise 2\.\d \(", text)]
        solutions = [found.start() for found in re.finditer(r"Solution to", text)]
        assert len(exercises) >= 4 and len(solutions) >= 4
        assert text.index("Further reading") < solutions[0]
        titles = page.locator("h1:visible")
        assert titles.count() == 1


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_paper_is_light_and_the_screen_stays_as_it_was(visit, theme):
    with visit(chapters()[0], theme) as (page, _):
        root = "document.documentElement.dataset.theme"
        before = page.evaluate(NAMES)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(root) == "light"
        drawn = page.evaluate("""() => [...document.querySelectorAll(".cell_output img")]
          .filter((image) => image.checkVisibility())
          .map((image) => !image.src.includes("-dark") && image.naturalWidth > 0)""")
        assert drawn and all(drawn)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(root) == theme
        assert page.evaluate(NAMES) == before


def test_the_book_as_one_pdf_has_contents_that_are_right(chromium, site):
    files = ["intro.html", "chapters/C_sizes_and_frameworks.html"]
    pdf = PdfReader(BytesIO(book(chromium, site, files)))
    texts = [" ".join(page.extract_text().split()) for page in pdf.pages]
    listed = re.findall(
        r"(?<= )(C\. Sizes and frameworks|Summary|Exercises) (\d+)", texts[1]
    )
    assert len(listed) == 3
    for title, number in listed:
        assert title in texts[int(number) - 1]
    for item in pdf.outline[0], *pdf.outline[1]:
        assert item.title in texts[pdf.get_destination_page_number(item)]
    links = [
        link.get_object() for page in pdf.pages for link in page.get("/Annots", [])
    ]
    addresses = [link["/A"]["/URI"] for link in links if "/URI" in link.get("/A", {})]
    assert not [address for address in addresses if not address.startswith("http")]


def test_the_first_page_has_its_own_look_in_the_pdf(site):
    files = ["intro.html", "chapters/C_sizes_and_frameworks.html"]
    text = document(site, {file: article(site, file) for file in files})
    assert "_static/front.css" in text.partition("</head>")[0]
