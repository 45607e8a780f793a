"""What every chapter keeps to: CONTRIBUTING.md says why."""

import functools
import re

import pytest

from convae_lib.exercises import EXERCISES
from tools.notebooks import code_cells, notebooks, picture, read
from tools.prose import markdown, prose

PATHS = notebooks()
every_chapter = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
stored = functools.cache(read)


SOLUTION = r"```\{solution-start\}.*?```\{solution-end\}\n```|```\{solution\}.*?\n```"
ELEMENT = r"<conv-explorer.*?</conv-explorer>"


def words(path):
    """Count the words that stand open on the page: solutions are folded, and what an
    element holds shows only where there is no JavaScript."""
    text = re.sub(f"{SOLUTION}|{ELEMENT}", "", markdown(path), flags=re.DOTALL)
    return len(re.findall(r"[^\W\d_][\w’'-]*", prose(text)))


def labels(path):
    return re.findall(r"^:label: (ex-\S+)", markdown(path), re.MULTILINE)


@every_chapter
def test_a_chapter_is_read_in_half_an_hour(path):
    assert words(path) <= 3_000


@every_chapter
def test_a_question_and_a_picture_come_first(path):
    cells = stored(path).cells
    first = next(i for i, cell in enumerate(cells) if cell.cell_type == "code")
    assert any("?" in cell.source for cell in cells[:first]), "no question"
    assert first <= 2, "the picture stands too far down"
    shown = [picture(out.get("data", {})) for out in cells[first].outputs]
    assert any(shown), "the first cell draws nothing"


@every_chapter
def test_exercises_are_at_least_four_one_of_them_open(path):
    asked = labels(path)
    assert len(asked) >= 4
    assert any(label.startswith("ex-open-") for label in asked)


def test_check_knows_each_exercise_of_the_book_and_no_other():
    asked = [label for path in PATHS for label in labels(path)]
    assert len(set(asked)) == len(asked)
    closed = {label for label in asked if not label.startswith("ex-open-")}
    assert closed == EXERCISES.keys()


@every_chapter
def test_each_exercise_is_checked_under_it_and_in_its_solution(path):
    sources = [cell.source for cell in code_cells(stored(path))]
    for label in labels(path):
        checks = sum(f'check("{label}", answer' in source for source in sources)
        assert checks == (0 if label.startswith("ex-open-") else 2), label


@every_chapter
def test_chapters_are_named_by_titles_not_by_numbers(path):
    named = re.compile(r"\b[Cc]hapters? \d|\bAppendix [A-D]\b")
    assert named.findall(prose(markdown(path))) == []


@every_chapter
def test_no_line_answers_yes_where_a_number_would_convince(path):
    for cell in code_cells(stored(path)):
        for output in cell.outputs:
            assert not re.search(r": (yes|True)$", output.get("text", ""), re.MULTILINE)


@every_chapter
def test_the_floor_is_subtracted_by_name(path):
    for cell in code_cells(stored(path)):
        assert not re.search(r"binary_crossentropy\(.*\) - ", cell.source)
