"""The bounds on the published run: found in the chapter, and able to fail."""

import nbformat
import pytest

from tests.book.published_run import BOUNDS, CHAPTER, beyond, found, said
from tools.notebooks import code_cells, notebooks


@pytest.fixture(scope="module")
def printed():
    """Return the text of each output of the chapter, as it is stored."""
    (path,) = [path for path in notebooks() if CHAPTER in path.stem]
    cells = code_cells(nbformat.read(path, as_version=4))
    return [said(output) for cell in cells for output in cell.outputs]


def test_the_chapter_prints_each_number_once_and_within_its_bounds(printed):
    names = [name for text in printed for name in found(text)]
    assert sorted(names) == sorted(BOUNDS)
    assert [told for text in printed for told in beyond(text)] == []


@pytest.mark.parametrize("name", BOUNDS)
def test_another_number_is_beyond_its_bounds(printed, name):
    _, published, allowed = BOUNDS[name]
    (text,) = [text for text in printed if name in found(text)]
    for wrong in (published + 2 * allowed, published - 2 * allowed, float("nan")):
        value = f"{found(text)[name]:.4f}"
        (told,) = beyond(text.replace(value, f"{wrong:.4f}"))
        assert told.startswith(f"{name} is {wrong:.4f}".rstrip("0"))
