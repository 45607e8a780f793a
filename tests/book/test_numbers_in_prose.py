"""No number in prose is typed by hand: each was printed, measured or published."""

import json
import re
from decimal import Decimal

import nbformat
import pytest

from tools.notebooks import ROOT
from tools.prose import (
    NUMBERS,
    PAGES,
    PUBLISHED,
    WORDS,
    counted,
    is_known,
    listed,
    markdown,
    measured,
    prose,
    published,
    stated,
    told,
    unknown,
)

every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)

SHORT_PAGE = """
# The loss stops at 0.267

Of 60,000 images 28164288 entries are 44.4 % full, 81% or 1.1, 4.2 and 15 per cent,
7–8 %.
It takes 29 times as long (29× at best, 1.5 ×), in 2021, at 2048×2048 pixels.

```{exercise} A title with 0.5
:label: ex-0.11
Inside, 0.75.
```

| size | 0.125 |

Free: 3, 784 and 576; 28×28, 3×3×64, 16 times 9, 5 - 10; Conv2D, chapter 17.
Code: `0.11` and ``a ` 0.11``; maths: $0.11 x$ and $$0.11$$; {cite}`x0.11`;
[a link of 0.11](https://a.b/0.11), ![a picture of 0.11](0.11.png),
https://a.b/0.11, {numref}`fig-0.11`; results/none.json.

```python
0.11  # results/code.json
```

```{math}
0.11
```

```
0.11 0.11
```
"""
STATED = """0.267 60,000 28164288 44.4 81 1.1 4.2 15 7 8 29 29 1.5 2021 2048 2048
0.5 0.75 0.125""".split()


@every_page
def test_every_number_has_a_source(path):
    unfounded = [line for text, values in told(path) for line in unknown(text, values)]
    assert not unfounded, f"{path.name} states\n" + "\n".join(unfounded)


def test_prose_is_what_a_reader_reads():
    found = [number["digits"] for number in stated(prose(SHORT_PAGE))]
    assert found == STATED
    shares = [n["digits"] for n in stated(prose(SHORT_PAGE)) if n["percent"]]
    assert shares == ["44.4", "81", "1.1", "4.2", "15", "7", "8"]
    factors = [n["digits"] for n in stated(prose(SHORT_PAGE)) if n["factor"]]
    assert factors == ["29", "29", "1.5"]


@pytest.mark.parametrize(
    ("text", "value", "known"),
    [
        ("0.267", "0.26731", True),
        ("0.267", "0.2665", True),  # half-way cases count both ways
        ("0.267", "0.2675", True),
        ("0.267", "0.26751", False),
        ("0.267", "-0.267", True),
        ("0.2670", "0.2673", False),
        ("44.4 %", "0.44412", True),
        ("44.4 %", "44.38", True),
        ("44.4", "0.44412", False),
        ("44.4 %", "0.4449", False),
        ("29×", "28.6", True),
        ("29 times", "29.6", False),
        ("60,000", "60000", True),
        ("60,000", "60001", False),
        ("2021", "2021", True),
    ],
)
def test_a_number_equals_a_rounded_value(text, value, known):
    (number,) = stated(text)
    assert is_known(number, [Decimal(value)]) is known


def test_a_results_file_counts_only_if_prose_names_it():
    named = "Measured (`results/conv_matrix.json`)."
    rows = json.loads((ROOT / "results" / "conv_matrix.json").read_text())["build"]
    assert Decimal(str(rows[0]["lists_over_ours"])) in measured(named)
    assert measured(f"```python\n{named}\n```") == set()


def test_published_values_have_a_source_and_are_quoted():
    keys = re.findall(r"^@\w+\{(\w+),", (ROOT / "references.bib").read_text(), re.M)
    entries = json.loads(PUBLISHED.read_text())
    assert all(entry.keys() == {"what", "values", "source"} for entry in entries)
    assert {entry["source"] for entry in entries} <= set(keys)
    text = "\n\n".join(prose(markdown(path)) for path in PAGES)
    dead = {v for v in published() if not any(is_known(n, [v]) for n in stated(text))}
    assert not dead, "no page quotes these"


def planted(text):
    """Yield texts with another last digit in one number of three or more digits."""
    for number in stated(text):
        if len(number["digits"].replace(",", "").replace(".", "").lstrip("0")) >= 3:
            last = number.end("digits") - 1
            for digit in set("0123456789") - {text[last]}:
                wrong = text[number.start("digits") : last] + digit
                yield wrong, text[: number.start("digits")] + wrong + text[last + 1 :]


def caught(text, values):
    """Return, for each planted digit, whether the number with it is reported."""
    return [
        len(unknown(spoilt, values)) > len(unknown(paragraph, values))
        for paragraph in text.split("\n\n")
        for _, spoilt in planted(paragraph)
    ]


def test_most_wrong_digits_are_reported(seen):
    # Some are not: a value of the page happens to round to the wrong number.
    for path in PAGES:
        if found := [one for pair in told(path) for one in caught(*pair)]:
            seen[path.stem] = f"{sum(found)} of {len(found)}"
            assert sum(found) > 0.75 * len(found), path.name
    assert {"intro", "README"} < seen.keys()


def test_every_digit_planted_on_a_short_page_is_reported():
    values = {Decimal(digits.replace(",", "")) for digits in STATED}
    assert unknown(prose(SHORT_PAGE), values) == []
    found = caught(prose(SHORT_PAGE), values)
    assert len(found) == 9 * 8 and all(found)


@every_page
def test_no_number_changed_or_changed_its_place_unseen(path):
    _, lines = listed([path]).split("\n\n")
    (held,) = [h for h in NUMBERS.read_text().split("\n\n") if h.startswith(path.name)]
    assert lines.splitlines() == held.splitlines(), (
        f"the numbers on {path.name} are not those of pages/numbers.txt; if you mean "
        "them: python -m tools.prose, and read in the change what they are"
    )


def edited(text):
    """Yield texts in which one number or word for one is another, or two are swapped."""
    numbers = list(
        re.finditer(rf"\d+|\b(one|{'|'.join(WORDS)})\b", text, re.IGNORECASE)
    )
    for number in numbers:
        other = "two" if number[0].lower() == "three" else "three"
        before, after = text[: number.start()], text[number.end() :]
        yield before + other + after
        if number[0].isdecimal():
            yield before + str(int(number[0]) + 1) + after
    for a, b in zip(numbers, numbers[1:]):
        if a[0].lower() != b[0].lower() and "one" not in (a[0].lower(), b[0].lower()):
            between = text[a.end() : b.start()]
            yield text[: a.start()] + b[0] + between + a[0] + text[b.end() :]


@every_page
def test_every_edit_of_a_number_is_seen(path, seen):
    told = []
    for paragraph in re.split(r"\n\n", prose(markdown(path), span=str)):
        paragraph = re.sub(r"\]\([^)]*\)", "]", paragraph)  # addresses are no numbers
        was = [number[0].lower() for number in counted(paragraph)]
        for text in edited(paragraph):
            told.append([number[0].lower() for number in counted(text)] != was)
    seen[path.stem] = f"{sum(told)} of {len(told)}"
    assert all(told)


def test_small_numbers_that_no_cell_has_are_marked(tmp_path):
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# A\nTwo of 7 seeds, three epochs, 12,000."),
            nbformat.v4.new_code_cell("epochs = 3"),
            nbformat.v4.new_markdown_cell("## B\nSeven seeds."),
            nbformat.v4.new_code_cell("seeds", outputs=[]),
        ]
    )
    nbformat.write(notebook, tmp_path / "a.ipynb")
    assert listed([tmp_path / "a.ipynb"]).split("\n\n")[1].splitlines() == [
        "a.ipynb",
        "  A: ~two ~7 three 12,000",
        "  B: ~seven",
    ]
