"""The book builds without a warning, whole, and asks no other host for anything."""

import html
import importlib
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

import convae_lib
from tests.book.test_glossary import terms
from tests.book.test_licences import LICENCES, PLACES, owner
from tools.notebooks import ROOT, code_cells, made_in_words, notebooks, read

DOCUMENTED = [
    "convae_lib",
    "convae_lib.convolution.kernel_layouts",
    "convae_lib.data",
    "convae_lib.experiments",
    "convae_lib.experiments.cluster",
    "convae_lib.training.checkpoints",
    "convae_lib.training.fit",
    "convae_lib.training.losses",
    "convae_lib.training.optimizers",
    "convae_lib.training.profile",
    "convae_lib.training.workers",
]


def pages():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    files = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [toc["root"], *files]


class Requests(HTMLParser):
    """Collects what a browser loads for a page, which links are not."""

    def __init__(self):
        super().__init__()
        self.loaded = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in {"script", "img", "iframe", "source", "video", "audio"}:
            self.loaded.append(attributes.get("src"))
        if tag == "link" and attributes.get("rel") != "canonical":
            self.loaded.append(attributes.get("href"))


@pytest.mark.parametrize("page", pages())
def test_page_exists_and_loads_nothing_from_elsewhere(site, page):
    text = (site / f"{page}.html").read_text()
    parser = Requests()
    parser.feed(text)
    assert [url for url in parser.loaded if url and re.match(r"(\w+:)?//", url)] == []
    scripts = "".join(re.findall(r"<script\b[^>]*>(.*?)</script>", text, flags=re.S))
    assert not re.search(r"(import|src|from)\W{1,4}https?://", scripts)


@pytest.mark.parametrize("page", [page for page in pages() if "chapters/" in page])
def test_chapter_shows_its_stored_outputs(site, page):
    text = (site / f"{page}.html").read_text()
    assert text.count('class="cell_output') > 10
    assert 'alt="../_images' not in text, "a figure has no alt text"
    assert text.count("<details") + text.count("dropdown") >= 3


def figures():
    """Return the captions and descriptions of the book's figures, by label."""
    found = {}
    for path in notebooks():
        for cell in code_cells(read(path)):
            described = cell.metadata.get("mystnb", {})
            if "figure" in described:
                found[described["figure"]["name"]] = described
    return found


def test_each_figure_is_a_file_with_the_name_of_its_label(site):
    files = {path for path in (site / "figures").iterdir() if path.suffix != ".html"}
    assert {path.stem for path in files} == figures().keys()
    for path in files:
        start = path.read_bytes()[:8]
        assert start == b"\x89PNG\r\n\x1a\n" if path.suffix == ".png" else b"<" in start


def test_the_list_of_figures_shows_each_with_its_number_and_links_to_it(site):
    text = (site / "figures" / "index.html").read_text()
    parser = Requests()
    parser.feed(text)
    names = [Path(url).stem for url in parser.loaded if not url.startswith("../")]
    assert names == [*figures()], "not the figures of the book in their order"
    for name, described in figures().items():
        assert text.count(html.escape(described["image"]["alt"])) == 2, name
        links = rf'href="\.\./(chapters/\w+\.html)#{name}">Fig\. (\w+\.\d+)<'
        ((page, number),) = re.findall(links, text)
        shown = (site / page).read_text()
        assert f'id="{name}"' in shown
        caption = re.search(rf'id="{name}".*?</figcaption>', shown, re.DOTALL)[0]
        assert number in re.sub(r"<[^>]*>", "", caption)


def test_teachers_find_the_list_of_figures(site):
    links = re.findall(
        r'href="([^"]*figures/[^"]*)"', (site / "pages/for_teachers.html").read_text()
    )
    assert links
    for link in links:
        assert (site / "pages" / link).is_file(), link


@pytest.mark.parametrize("page", pages())
def test_the_foot_of_a_chapter_says_when_its_outputs_were_made(site, page):
    text = (site / f"{page}.html").read_text()
    feet = re.findall(r'<p class="made">(.*?)</p>', text)
    notebook = ROOT / f"{page}.ipynb"
    if notebook.is_file():
        assert feet == [made_in_words(read(notebook).metadata["convae_made"])]
    else:
        assert not feet


@pytest.mark.parametrize("module", DOCUMENTED)
def test_the_reference_has_every_public_name(site, module):
    text = (site / "pages/api.html").read_text()
    documented = set(re.findall(r'id="convae_lib(?:\.[a-z_]+)*\.(\w+)"', text))
    missing = {*importlib.import_module(module).__all__} - documented
    assert not missing, f"pages/api.md lacks these names of {module}"


def test_the_reference_has_no_other_name_of_the_face(site):
    text = (site / "pages/api.html").read_text()
    assert {*re.findall(r'id="convae_lib\.(\w+)"', text)} == {*convae_lib.__all__}


def test_every_module_that_the_reference_names_is_documented_whole():
    text = (ROOT / "pages" / "api.md").read_text()
    assert {*re.findall(r"(?:module):: (\S+)", text)} == {*DOCUMENTED}


def test_the_reference_shows_what_names_are(site):
    text = (site / "pages/api.html").read_text()
    text = text[text.index("<article") : text.index("</article>")]
    read = re.sub(r"<[^>]*>", "", re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL))
    assert "`" not in read, "markup that Sphinx did not understand"
    assert "Built-in" not in read, "a constant is documented as its type is"
    for name in ("CLASS_NAMES", "KERNEL_LAYOUTS"):
        (entry,) = re.findall(rf'id="convae_lib.{name}".*?</dd>', text, flags=re.DOTALL)
        assert len(re.sub(r"<[^>]*>", "", entry)) > 60


def test_mathematics_comes_from_the_site_itself(site):
    text = (site / "chapters/01_dense_versus_convolutional.html").read_text()
    sources = re.findall(r'<script[^>]*src="([^"]*mathjax[^"]*)"', text, flags=re.I)
    assert sources
    for source in sources:
        assert (site / "chapters" / source.split("?")[0]).resolve().is_file()


def test_the_index_lists_the_words_of_the_glossary(site):
    text = (site / "genindex.html").read_text()
    links = re.findall(r"<li><a [^>]*>(.*?)</a>", text, flags=re.DOTALL)
    entries = [unescape(re.sub(r"<[^>]*>", "", link)) for link in links]
    assert len(terms()) > 200 and {*terms()} <= {*entries}


def test_figures_and_exercises_of_appendices_bear_their_letter(site):
    for page in sorted((site / "chapters").glob("[A-Z]_*.html")):
        letter = page.name[0]
        text = re.sub(r"<[^>]*>", "", page.read_text())
        numbers = re.findall(r"(?:Fig\.|Exercise)\s(\S+?\d)", text)
        assert {f"{letter}.1", f"{letter}.2"} <= set(numbers)
        assert f'<span class="section-number">{letter}. </span>' in page.read_text()


@pytest.fixture(scope="session")
def files(site):
    """Return the files of `_static` that are not the repository's own."""
    static = site / "_static"
    own = {path.name for path in (ROOT / "_static").iterdir()}
    names = {
        path.relative_to(static).as_posix()
        for path in static.rglob("*")
        if path.is_file()
    }
    ours = ("search/", "widgets/")  # what tools/site writes of ours
    return {name for name in names - own if not name.startswith(ours)}


def test_every_file_of_the_site_has_an_owner_with_a_licence(files):
    unknown = {name for name in files if owner(name) not in LICENCES}
    assert not unknown, "pages/licences.md does not say whose these are"


def test_nothing_is_listed_that_does_not_ship(files):
    gone = {p for p in PLACES if not any(file.startswith(p) for file in files)}
    assert not gone
    assert {owner(name) for name in files} == LICENCES.keys() == {*PLACES.values()}


def test_a_font_has_the_licence_of_a_font(files):
    fonts = [name for name in files if re.search(r"\.(woff2?|ttf|otf|eot)$", name)]
    assert fonts
    for name in fonts:
        assert "OFL-1.1" in LICENCES[owner(name)], name


def test_files_that_state_a_licence_state_this_one(site):
    for file, name, words in [
        ("scripts/bootstrap.js.LICENSE.txt", "Bootstrap", ["MIT"]),
        ("clipboard.min.js", "clipboard.js", ["MIT"]),
        ("scripts/fontawesome.js.LICENSE.txt", "Font Awesome Free", ["MIT"]),
    ]:
        text = (site / "_static" / file).read_text()[:400]
        assert all(word in text and word in LICENCES[name] for word in words)
    stated = (site / "_static/scripts/fontawesome.js.LICENSE.txt").read_text()
    assert "Icons: CC BY 4.0, Fonts: SIL OFL 1.1, Code: MIT" in stated
