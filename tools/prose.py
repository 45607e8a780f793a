"""The numbers that the book's pages state, and where they may come from.

In prose decimals, percentages, factors (29×, 29 times) and numbers of four or more
digits need a source. Code, maths, links and citations are no prose. A page without cells of
its own, such as the one with questions, has the numbers of a paragraph from the
sections of chapters that this paragraph links to.

Smaller ones, and words for them, may be free: "two ways". So ``pages/numbers.txt``
lists all numbers of a page in order and marks those that neither code nor output of
their section knows; a test finds any number that changes or changes places.

    python -m tools.prose    write the list: read in its change what you mean to state
"""

import functools
import json
import re
import textwrap
from decimal import Decimal

import nbformat

from convae_lib.checks import write_whole
from tools.markdown import SPANS, replaced
from tools.notebooks import CHAPTERS, ROOT, code_cells

PAGES = [
    *sorted(CHAPTERS.glob("*.ipynb")),
    ROOT / "intro.md",
    ROOT / "README.md",
    *sorted(ROOT.glob("pages/*.md")),
]
PUBLISHED = ROOT / "results" / "published.json"
NUMBERS = ROOT / "pages" / "numbers.txt"

NUMBER = r"(?<![\w.])(?:\d{1,3}(?:,\d{3})++|\d++)(?:\.\d++)?+"
# What may stand between a number and its unit, as in "1.1, 4.2 and 15 %".
_AND_MORE = rf"(?:(?:, {NUMBER})*(?:,?\s(?:and|or|to)\s|–){NUMBER})?"
_STATED = re.compile(
    rf"(?P<digits>{NUMBER})(?:"
    rf"(?={_AND_MORE}\s?(?P<percent>%|per ?cent))|"
    rf"(?={_AND_MORE}(?P<factor>\s?×(?!\s?\d)|\stimes\b(?!\s\d))))?"
)
_PRINTED = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:,\d{3})++|\d++)(?:\.\d*+)?+(?:e[+-]?\d+)?"
)
_URL = re.compile(r"https?://\S+")
_LABEL = re.compile(r"^\((?P<label>[\w-]+)\)=\n", re.MULTILINE)
_LINK = re.compile(r"\{ref\}`(?:[^`]*<)?(?P<label>[\w-]+)>?`")

WORDS = dict(zip(("dozen", "hundred", "thousand", "million"), (12, 100, 1000, 10**6)))
WORDS |= {"half": 2, "halves": 2, "twice": 2, "double": 2, "triple": 3, "quarter": 4}
for _start, _step, _words in (
    (2, 1, "two three four five six seven eight nine ten eleven twelve thirteen"),
    (14, 1, "fourteen fifteen sixteen seventeen eighteen nineteen twenty"),
    (30, 10, "thirty forty fifty sixty seventy eighty ninety"),
    (2, 1, "second third fourth fifth sixth seventh eighth ninth tenth"),
):
    WORDS |= {word: _start + _step * i for i, word in enumerate(_words.split())}
_COUNTED = re.compile(
    rf"\d+(?:[.,]\d+)*|\b(?P<word>{'|'.join(WORDS)})s?\b", re.IGNORECASE
)


def markdown(path):
    """Return the text of a page, or of a notebook's markdown cells and captions."""
    if path.suffix != ".ipynb":
        return path.read_text()
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(
        c.source if c.cell_type == "markdown" else described(c, "caption")
        for c in cells
    )


def described(cell, *kinds):
    """Return what a cell's metadata says of its figure: its caption, what it shows."""
    figure = cell.metadata.get("mystnb", {})
    said = {**figure.get("figure", {}), **figure.get("image", {})}
    return "\n\n".join(said.get(kind, "") for kind in kinds)


def prose(text, span=lambda source: " "):
    """Return a text without code, maths, links and roles.

    Directives keep their argument and content. `span` takes the source of code, maths,
    a link or a role within a line, and returns what is left of it.
    """

    def read(token, source):
        if token.type in SPANS:
            return span(source)
        if token.type == "directive" and token.meta["name"] not in ("eval-rst", "math"):
            return prose(f"{token.meta['argument']}\n\n{token.content}", span)
        return "\n"

    return _URL.sub(" ", replaced(text, read))


def stated(text):
    """Return a match for each number in prose that needs a source."""
    return [
        number
        for number in _STATED.finditer(text)
        if number["percent"]
        or number["factor"]
        or "." in number["digits"]
        or len(number["digits"].replace(",", "")) >= 4
    ]


def is_known(number, values):
    """Whether a value, rounded to the number's digits, is the number."""
    shown = Decimal(number["digits"].replace(",", ""))
    half = Decimal(1).scaleb(shown.as_tuple().exponent) / 2
    scales = (1, 100) if number["percent"] else (1,)
    return any(abs(abs(v) * scale - shown) <= half for v in values for scale in scales)


def unknown(text, values):
    """Return the numbers in prose that no value accounts for, with their sentences."""
    return [
        f"{number[0]!r} in: {sentence(text, number)}"
        for number in stated(text)
        if not is_known(number, values)
    ]


def sentence(text, number):
    """Return the sentence around a match."""
    start = max(text.rfind(end, 0, number.start()) + 1 for end in (". ", "\n\n"))
    stop = re.compile(r"\.\s|\n\n|$").search(text, number.end()).end()
    return " ".join(text[start:stop].split())


def sources(path):
    """Return all values that the page may state anywhere."""
    text = markdown(path)
    return {*printed(path), *measured(text), *published(), *pythons(text)}


def told(path):
    """Return the texts of a page, each with all values that it may state."""
    text, values = markdown(path), sources(path)
    if path.suffix == ".ipynb":
        return [(prose(text), values)]
    return [
        (prose(paragraph), values.union(*linked(paragraph)))
        for paragraph in text.split("\n\n")
    ]


def linked(text):
    """Return the values of each section of a chapter that a text links to."""
    known = labelled()
    return [known.get(label, set()) for label in _LINK.findall(text)]


@functools.cache
def labelled():
    """Return the values of each section of the chapters that has a label, by label."""
    found = {}
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        waiting = []
        for _, text, values in sections(path):
            inside = [*waiting, *_LABEL.findall(text)]
            last = re.search(rf"{_LABEL.pattern}\Z", f"{text.rstrip()}\n", re.MULTILINE)
            waiting = [inside.pop()] if last else []
            found |= dict.fromkeys(inside, values)
    return found


def printed(path):
    """Return the numbers that a notebook's outputs show as text."""
    if path.suffix != ".ipynb":
        return set()
    cells = code_cells(nbformat.read(path, as_version=4))
    return numbers(" ".join(map(output, cells)))


def output(cell):
    """Return the output of a cell as text."""
    texts = []
    for one in cell.outputs:
        data = one.get("data", {})
        if not any(kind.startswith("image/") for kind in data):
            html = re.sub(r"<[^>]*>", " ", data.get("text/html", ""))
            texts += [one.get("text", ""), data.get("text/plain", ""), html]
    return " ".join(texts)


def numbers(text):
    return {Decimal(number.replace(",", "")) for number in _PRINTED.findall(text)}


def measured(text):
    """Return the numbers in the results files that a page names, not in blocks of code."""
    names = set(re.findall(r"results/[\w-]+\.jsonl?\b", prose(text, span=str)))
    return {value for name in names for value in leaves(read(ROOT / name))}


def read(path):
    """Return the records of a results file."""
    text = path.read_text()
    records = text.splitlines() if path.suffix == ".jsonl" else [text]
    return [json.loads(r, parse_float=Decimal, parse_int=Decimal) for r in records]


def leaves(value):
    """Return all numbers in nested records."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for item in inner for leaf in leaves(item)]
    return [value] if isinstance(value, Decimal) else []


def published():
    """Return the values that the cited sources publish."""
    return {v for entry in read(PUBLISHED)[0] for v in leaves(entry["values"])}


def pythons(text):
    """Return the versions that pyproject.toml admits, if a page names a Python."""
    project = (ROOT / "pyproject.toml").read_text()
    ((least, above),) = re.findall(r'python = ">=3\.(\d+),<3\.(\d+)"', project)
    minors = range(int(least), int(above)) if "Python 3." in text else ()
    return {Decimal(f"3.{minor}") for minor in minors}


def sections(path):
    """Return heading, text and values of each section: those in its code and outputs."""
    found = [["", "", set()]]
    page = nbformat.v4.new_markdown_cell(path.read_text())
    cells = (
        nbformat.read(path, as_version=4).cells if path.suffix == ".ipynb" else [page]
    )
    for cell in cells:
        if cell.cell_type == "code":
            found[-1][1] += f"\n{described(cell, 'caption', 'alt')}"
            found[-1][2] |= numbers(f"{cell.source} {output(cell)}")
            continue
        for text in re.split(r"^(?=##? )", cell.source, flags=re.MULTILINE):
            if text.startswith("#"):
                found.append([text.partition("\n")[0].lstrip("# "), "", set()])
            found[-1][1] += f"\n{text}"
    return found


def counted(text):
    """Return each number of a text, in code and maths, too, and each word for one."""
    return list(_COUNTED.finditer(re.sub(r"\]\([^)]*\)|https?://\S+", " ", text)))


def is_free(number, values):
    """Whether a word or a small whole number is none of the values."""
    word = number["word"]
    digits = str(WORDS[word.lower()]) if word else number[0]
    return digits.isdecimal() and len(digits) < 4 and Decimal(digits) not in values


def listed(paths=PAGES):
    """Return the numbers of pages in order, a paragraph a section, as text."""
    pages = []
    for path in paths:
        lines = [path.name]
        for heading, text, values in sections(path):
            found = ["~" * is_free(n, values) + n[0].lower() for n in counted(text)]
            if found:
                lines.append(textwrap.fill(" ".join([f"{heading}:", *found]), 86))
        pages.append("\n".join(lines).replace("\n", "\n  "))
    return "\n\n".join([_HEAD, *pages]) + "\n"


_HEAD = """\
All numbers on the pages, section by section; `python -m tools.prose` writes this list.
A ~ marks the small ones that neither code nor output of their section has."""

if __name__ == "__main__":
    write_whole(NUMBERS, listed())
