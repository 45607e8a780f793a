"""Slides: chosen by a tag, short, whole, and in need of no other file or host."""

import functools
import re
import shutil
import subprocess
from html.parser import HTMLParser

import nbformat
import pytest

from tools.notebooks import FOLDED, SLIDE, notebooks, read, tags
from tools.prose import prose, sources, unknown
from tools.slides.__main__ import (
    DECKS,
    MOST_LINES,
    MOST_WORDS,
    deck,
    main,
    slides,
    title_of,
)

PATHS = notebooks()
every_chapter = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
stored = functools.cache(read)


def chosen(path):
    return [cell for cell in stored(path).cells if SLIDE in tags(cell)]


@functools.cache
def shown(path):
    """Return the deck of a chapter."""
    return deck(title_of(stored(path)), slides(stored(path), path.stem))


class Parts(HTMLParser):
    """Counts the elements of a file, and collects what a browser loads for it."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.loaded, self.alts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append(tag)
        if tag == "img":
            self.alts.append(attributes["alt"])
        if tag != "a":
            self.loaded += [attributes[a] for a in ("src", "href") if a in attributes]


def read_by_a_person(path):
    """Return the text of a deck without code, scripts and formulas."""
    text = shown(path)[shown(path).index("<body>") :]
    hidden = r"<(script|style|pre|code|math)\b.*?</\1>"
    text = re.sub(hidden, " ", text, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", text)


@every_chapter
def test_a_lecture_is_eight_to_fourteen_slides_from_its_title_to_its_summary(path):
    cells = chosen(path)
    assert 8 <= len(cells) <= 14
    assert cells[0] is stored(path).cells[0]
    assert "## Summary" in cells[-1].metadata["slide"]


@every_chapter
def test_each_tagged_cell_is_a_slide(path):
    assert Parts(shown(path)).elements.count("section") == len(chosen(path))
    assert shown(path).count("<h1>") == 1
    assert shown(path).count('<p class="made">The outputs were made on') == 1


@every_chapter
def test_a_deck_loads_nothing(path):
    loaded = Parts(shown(path)).loaded
    assert loaded and all(one.startswith("data:image/") for one in loaded)
    styles = "".join(re.findall(r"<style>(.*?)</style>", shown(path), re.DOTALL))
    assert styles and not re.search(r"@import|url\((?!data:)", styles)


@every_chapter
def test_figures_say_what_they_show(path):
    assert all(Parts(shown(path)).alts)


@every_chapter
def test_no_markup_is_left(path):
    text = read_by_a_person(path)
    assert not re.findall(r"[`$]|\{\w+\}|\*\*|^#+ |\]\(", text, re.MULTILINE)


@every_chapter
def test_numbers_on_slides_have_a_source(path):
    for cell in chosen(path):
        text = cell.metadata.get("slide", "")
        unfounded = unknown(prose(text), sources(path))
        assert not unfounded, f"{cell.id} states\n" + "\n".join(unfounded)


@every_chapter
def test_what_is_written_for_a_slide_is_shown(path):
    for cell in stored(path).cells:
        assert "slide" not in cell.metadata or SLIDE in tags(cell), cell.id


def notebook(*cells):
    """Return a notebook whose cells are all slides."""
    made = nbformat.v4.new_notebook(cells=[*cells])
    for cell in made.cells:
        cell.metadata["tags"] = [SLIDE, *tags(cell)]
    return made


def markdown(text, **metadata):
    return nbformat.v4.new_markdown_cell(text, metadata=metadata)


def code(text, *outputs, **metadata):
    return nbformat.v4.new_code_cell(text, outputs=[*outputs], metadata=metadata)


def printed(text):
    return nbformat.v4.new_output("stream", text=text)


def test_formulas_are_drawn_without_a_script():
    (slide,) = slides(
        notebook(markdown("## A\n$C^\\mathsf{T}$ and\n\n$$\\frac{1}{x}$$"))
    )
    assert slide.count("<math") == 2 and "<mfrac>" in slide and "http" not in slide


def test_myst_becomes_words():
    text = "## A\n{ref}`a floor <sec-x>`, {term}`codes <code>`, {cite:t}`xiao2017`, [B](b.ipynb)"
    (slide,) = slides(notebook(markdown(text)))
    assert "a floor, codes, Xiao et al. (2017), <em>B</em>" in slide


def test_a_slide_takes_the_heading_of_its_section_and_the_words_of_its_metadata():
    first, second, third = slides(
        notebook(
            markdown("# Book"),
            markdown("Before.\n\n## Section\n\nAfter.", slide="In short."),
            code("1 + 1", slide="## Own\n\nWords."),
        )
    )
    assert "<h1>Book</h1>" in first
    assert "<h2>Section</h2>" in second and "In short." in second
    assert "Before" not in second and "After" not in second
    assert "<h2>Own</h2>" in third and "Words." in third


def test_code_is_shown_with_its_outputs_and_folded_code_is_not():
    open_cell = code("print(2 < 3)", printed("True & <b>\n"))
    folded = code("print(2 < 3)", printed("True & <b>\n"), tags=[FOLDED])
    for slide, there in zip(slides(notebook(open_cell, folded)), (True, False)):
        assert "True &amp; &lt;b&gt;" in slide
        assert ('class="code"' in slide) is there


def test_a_cell_that_draws_shows_its_figure_alone():
    data = {"image/png": "iVBORw==\n", "text/plain": "<Figure>"}
    described = {"image": {"alt": "A boot"}, "figure": {"caption": "The $x$."}}
    drawn = nbformat.v4.new_output("display_data", data)
    (slide,) = slides(notebook(code("plot()", drawn, mystnb=described)))
    assert 'alt="A boot" src="data:image/png;base64,iVBORw=="' in slide
    assert "<figcaption>The <span" in slide and "plot" not in slide


@pytest.mark.parametrize(
    "cell",
    [markdown("word " * (MOST_WORDS + 1)), code("1\n" * MOST_LINES, printed("2\n"))],
)
def test_what_does_not_fit_is_refused(cell):
    with pytest.raises(ValueError, match="more than"):
        slides(notebook(cell))


@pytest.fixture(scope="module")
def written():
    main()
    return DECKS


def test_the_command_writes_a_deck_a_chapter_and_links_them(written):
    files = {path.name for path in written.glob("*.html")}
    assert files == {"index.html", *(f"{path.stem}.html" for path in PATHS)}
    index = (written / "index.html").read_text()
    assert {*re.findall(r'href="([^"]*)"', index)} == files - {"index.html"}


def test_a_browser_without_a_network_shows_a_slide(written, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("NOT TRIED, there is no Chromium here")
    address = (written / f"{PATHS[0].stem}.html").as_uri() + "#/5"
    run = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
        + ["--enable-logging=stderr", f"--user-data-dir={tmp_path}"]
        + ["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=3000"]
        + [address],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "CONSOLE" not in run.stderr, run.stderr[-3000:]
    (present,) = re.findall(
        r'<section[^>]*class="present".*?</section>', run.stdout, re.S
    )
    assert "<math" in present
