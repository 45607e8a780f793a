"""What is stored in the notebooks: executed, whole, in order, from real images."""

import copy

import nbformat
import pytest

from tools.notebooks import (
    IMAGES,
    TRAINED,
    code_cells,
    notebooks,
    seal,
    unstable_cells,
)

PATHS = notebooks()
pytestmark = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def flaws(notebook):
    """Return what is wrong with the stored outputs of a notebook, as a list."""
    cells = code_cells(notebook)
    counts = [cell.execution_count for cell in cells]
    found = []
    if counts != list(range(1, len(cells) + 1)):
        found.append(f"cells are not executed once each from the top: {counts}")
    if notebook.metadata.get("convae_seal") != seal(notebook):
        found.append(CHANGED)
    for cell in cells:
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"a stored error: {output.ename}")
            if output.get("name") == "stderr":
                found.append(f"stored standard error: {output.text[:80]!r}")
            if "STAND-IN" in output.get("text", ""):
                found.append("outputs were made from the stand-in images")
    return found


CHANGED = "code or outputs changed after `make notebooks`"


def read(path):
    return nbformat.read(path, as_version=4)


def sealed(path):
    """Return a notebook sealed as it is, and its flaws: it may be work in progress."""
    notebook = read(path)
    notebook.metadata["convae_seal"] = seal(notebook)
    return notebook, flaws(notebook)


def test_stored_outputs_are_whole(path):
    assert flaws(read(path)) == []


def test_a_removed_output_is_found(path):
    notebook, before = sealed(path)
    spoilt = next(cell for cell in reversed(code_cells(notebook)) if cell.outputs)
    spoilt.outputs = []
    assert CHANGED not in before
    assert CHANGED in flaws(notebook)


def test_edited_code_is_found(path):
    notebook, before = sealed(path)
    code_cells(notebook)[-1].source += "\n"
    assert CHANGED not in before
    assert CHANGED in flaws(notebook)


def test_cells_run_out_of_order_are_found(path):
    notebook = read(path)
    code_cells(notebook)[0].execution_count = 99
    assert any("not executed once each" in flaw for flaw in flaws(notebook))


def test_outputs_of_the_stand_in_are_found(path):
    notebook = read(path)
    cell = code_cells(notebook)[0]
    cell.outputs = [nbformat.v4.new_output("stream", text="STAND-IN images\n")]
    assert "outputs were made from the stand-in images" in flaws(notebook)


def test_an_output_that_changes_with_threads_is_found(path):
    notebook = read(path)
    other = copy.deepcopy(notebook)
    assert unstable_cells(notebook, other) == ""
    cells = zip(code_cells(notebook), code_cells(other))
    compared, changed = next(
        (a, b) for a, b in cells if TRAINED not in a.metadata.get("tags", ())
    )
    changed.outputs = [nbformat.v4.new_output("stream", text="0.30001\n")]
    assert compared.source in unstable_cells(notebook, other)


def test_notebooks_and_cells_are_small_and_tags_are_known(path):
    assert path.stat().st_size < 1_000_000
    for cell in code_cells(read(path)):
        assert len(cell.source.splitlines()) <= 20
        assert set(cell.metadata.get("tags", ())) <= {TRAINED, IMAGES}


def test_every_solution_is_right_and_every_exercise_unanswered(path):
    printed = [
        output.text
        for cell in code_cells(read(path))
        if "check(" in cell.source
        for output in cell.outputs
    ]
    unanswered = [text for text in printed if text.startswith("not answered yet")]
    right = [text for text in printed if "right" in text.split()]
    assert len(printed) == len(unanswered) + len(right)
    assert len(right) >= 3 and len(unanswered) >= 3
