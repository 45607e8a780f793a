"""The glossary holds the words of the book, of its code and of the post it grew from."""

import inspect
import re
from functools import cache

import nbformat
import pytest
from keras import layers

import convae_lib
from tools.markdown import replaced
from tools.notebooks import ROOT, notebooks
from tools.prose import PAGES, described, markdown

GLOSSARY = ROOT / "pages" / "glossary.md"
HANGUL = re.compile(r"[\uac00-\ud7a3]")

# The post's Korean words for what this book is about, as the post writes them.
KOREAN = (
    "이미지",
    "1차원 vector",
    "공간상의 정보",
    "원본 vector",
    "특징 vector",
    "가중치",
    "가중치 묶기",
    "반대 연산",
)
# Its other words that are not the book's own: an entry tells them.
UNUSUAL = """연산|훈련|depth|Dense layer|maxpooling layer|sparse marix|Transposed Convolution
transpose convolution""".replace("\n", "|").split("|")

# Where a word may stand that the book does not use: a warning, a title.
WARNED = {
    "deconvolution": {"03_the_transpose.ipynb": 1, "convolutional.py": 1},
    "deconv": {"03_the_transpose.ipynb": 1, "convolutional.py": 1},
}

QUIET = r"^#[^\n]*|```\{exercise\}.*?```"
LAYERS = "Conv1D Conv2D Conv2DTranspose DepthwiseConv2D Dense MaxPooling2D".split()


@cache
def entries():
    """Return the terms and the text of each entry, in their order."""
    found = []

    def read(token, source):
        if token.type == "directive" and token.meta["name"] == "glossary":
            for entry in token.content.strip().split("\n\n"):
                lines = entry.splitlines()
                terms = [line for line in lines if not line.startswith(" ")]
                text = " ".join(line.strip() for line in lines[len(terms) :])
                found.append(([term.strip("`") for term in terms], text))
        return source

    replaced(markdown(GLOSSARY), read)
    return found


@cache
def labels_of_chapters():
    text = "\n".join(map(markdown, notebooks()))
    return re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE)


def terms():
    return [term for names, _ in entries() for term in names]


def refused():
    """Return the words that the book does not use, of all entries."""
    found = [re.search(r"Not: ([^.]+)\.", text) for _, text in entries()]
    return [word for match in found if match for word in match[1].split(", ")]


def test_entries_stand_in_the_order_of_their_english_words():
    first = [names[0].lower() for names, _ in entries()]
    assert len(first) > 100 and first == sorted(first)


def test_no_term_has_two_entries():
    every = [term.lower() for term in terms()]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("names, text", entries(), ids=lambda x: x and x[0])
def test_an_entry_has_korean_a_sentence_and_a_section_that_exists(names, text):
    assert not HANGUL.search(names[0]) and any(map(HANGUL.search, names))
    labels = re.findall(r"See \{ref\}`([\w-]+)`", text)
    code = re.findall(r"See \{py:(?:func|class)\}`convae_lib\.([\w.]+)`", text)
    assert len(labels) + len(code) == 1
    assert text.index(". See ") < 320, "one sentence, or two"
    for label in labels:
        assert labels_of_chapters().count(label) == 1, label
    for name in code:
        module, _, name = f"convae_lib.{name}".rpartition(".")
        assert name in inspect.importlib.import_module(module).__all__


def test_the_words_of_the_post_are_there():
    assert set(KOREAN) <= set(terms())
    explained = " ".join(text for _, text in entries())
    assert [word for word in UNUSUAL if word not in explained] == []


def test_arguments_that_the_library_shares_with_keras_have_entries():
    theirs = set()
    for name in LAYERS:
        theirs |= {*inspect.signature(getattr(layers, name)).parameters} - {
            "name",
            "kwargs",
        }
    public = [getattr(convae_lib, name) for name in convae_lib.__all__]
    ours = [
        name
        for one in public
        if callable(one)
        for name in inspect.signature(one).parameters
    ]
    shared = {name for name in ours if name in theirs and ours.count(name) > 1}
    assert {"strides", "kernel_size", "output_padding"} < shared
    assert shared <= set(terms())


@cache
def written():
    """Return all that the book says and how it names things, by file."""
    texts = {path.name: path.read_text() for path in PAGES if path.suffix == ".md"}
    for path in notebooks():
        cells = nbformat.read(path, as_version=4).cells
        said = [f"{c.source}\n{described(c, 'caption', 'alt')}" for c in cells]
        texts[path.name] = "\n\n".join(said)
    for path in ROOT.glob("convae_lib/**/*.py*"):
        if path.suffix in (".py", ".pyi"):
            texts[path.name] = texts.get(path.name, "") + path.read_text()
    return {name: " ".join(text.split()) for name, text in texts.items()}


def uses(word, text):
    """Count a word, or the beginning of one, in prose and in names of code."""
    return len(re.findall(rf"(?<![^\W_]){re.escape(word)}", text, re.IGNORECASE))


def test_a_word_is_found_in_prose_and_in_names():
    assert uses("deconv", "Deconvolution, two deconvs, deconv_matrix, my_deconv") == 4
    assert uses("latent", "by a talent, relatent") == 0


@pytest.mark.parametrize("word", refused())
def test_a_word_that_the_book_does_not_use_is_nowhere(word):
    found = {name: uses(word, text) for name, text in written().items()}
    own = sum(uses(word, other) for other in refused())  # "deconv", "deconvolution"
    assert found.pop("glossary.md") == own
    assert {name: n for name, n in found.items() if n} == WARNED.get(word, {})


def test_the_book_does_warn():
    assert WARNED.keys() <= set(refused())


def test_chapters_link_to_the_glossary():
    assert "\n".join(map(markdown, notebooks())).count("{term}`") > 60


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_chapter_links_a_few_words_once_each(path):
    linked = []
    for cell in nbformat.read(path, as_version=4).cells:
        quiet = re.findall(QUIET, cell.source, re.MULTILINE | re.DOTALL)
        quiet = "\n".join([*quiet, described(cell, "caption", "alt")])
        assert "{term}" not in quiet, "not in headings, exercises and captions"
        if cell.cell_type == "markdown":
            roles = re.findall(r"\{term\}`(?:[^`]*?<)?([^`>]+)>?`", cell.source)
            linked += [role.lower() for role in roles]
    assert len(linked) <= 12
    assert len(set(linked)) == len(linked)
    assert {*linked} <= {term.lower() for term in terms()}
