"""The numbers that the book's pages state in prose, and where they may come from.

Decimals, percentages, factors (29×, 29 times) and numbers of four or more digits
count; smaller integers are free. Code, maths, links and citations are no prose.
"""

import json
import re
from decimal import Decimal

import nbformat

from tools.markdown import SPANS, replaced
from tools.notebooks import CHAPTERS, ROOT, code_cells

PAGES = [
    *sorted(CHAPTERS.glob("*.ipynb")),
    ROOT / "intro.md",
    ROOT / "README.md",
    *sorted(ROOT.glob("pages/*.md")),
]
PUBLISHED = ROOT / "results" / "published.json"

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


def markdown(path):
    """Return the text of a page, or of a notebook's markdown cells."""
    if path.suffix != ".ipynb":
        return path.read_text()
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


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
    """Return all values that the page may state."""
    text = markdown(path)
    return {*printed(path), *measured(text), *published(), *pythons(text)}


def printed(path):
    """Return the numbers that a notebook's outputs show as text."""
    if path.suffix != ".ipynb":
        return set()
    texts = []
    for cell in code_cells(nbformat.read(path, as_version=4)):
        for output in cell.outputs:
            data = output.get("data", {})
            if not any(kind.startswith("image/") for kind in data):
                html = re.sub(r"<[^>]*>", " ", data.get("text/html", ""))
                texts += [output.get("text", ""), data.get("text/plain", ""), html]
    numbers = _PRINTED.findall(" ".join(texts))
    return {Decimal(number.replace(",", "")) for number in numbers}


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
