"""What is stored in the notebooks: executed, whole, in order, from real images."""

import ast
import copy
import difflib
import functools
import importlib.util
from datetime import UTC, date, datetime
from importlib.util import find_spec
from types import SimpleNamespace

import nbformat
import pytest
from nbval.plugin import IPyNbCell, find_comment_markers
from packaging.version import Version

import tools.notebooks
from tests.book.test_requirements import declared
from tests.book.test_requirements import read as required
from tools.notebooks import (
    CELLS,
    CHAPTERS,
    FOLDED,
    IMAGES,
    SLIDE,
    TORCH,
    TRAINED,
    asked,
    code_cells,
    listed,
    made,
    made_in_words,
    notebooks,
    seal,
    tags,
    unstable_cells,
)

PATHS = notebooks()
every_chapter = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)

# Code cells of each chapter: with a tag that switches the comparison off, and all.
# Garments are measured in 03 and A; these outputs are compared on the real images only.
UNCOMPARED = {"01": (11, 45), "02": (0, 40), "03": (2, 34), "04": (8, 54)}
UNCOMPARED |= {"05": (11, 43), "06": (5, 40), "07": (4, 50), "08": (9, 37)}
UNCOMPARED |= {"09": (5, 36), "10": (1, 37)}
UNCOMPARED |= {"A_": (4, 50), "B_": (0, 25), "C_": (1, 40)}
UNCOMPARED |= {"D_": (3, 33)}

stored = functools.cache(tools.notebooks.read)


def read(path):
    """Return a notebook to be spoilt."""
    return copy.deepcopy(stored(path))


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
        if dict(find_comment_markers(cell.source)):
            found.append(f"{COMMENT}: {cell.source.splitlines()[0]!r}")
        found += [f"{HIDDEN}: {line!r}" for line in hidden_failures(cell.source)]
    for cell in notebook.cells:
        known = {SLIDE} if cell.cell_type == "markdown" else KNOWN
        if not {*tags(cell)} <= known:
            found.append(f"{UNKNOWN}: {tags(cell)}")
    return found


KNOWN = {TRAINED, IMAGES, FOLDED, SLIDE}
UNKNOWN = "a tag that is not in CONTRIBUTING.md"
CHANGED = "code, outputs or tags changed after `make notebooks`"
COMMENT = "a comment tells nbval what to compare; only tags may, for they are listed"
HIDDEN = "a cell hides its failure; try one statement and show the error it names"


def hidden_failures(source):
    """Return the lines of a cell at which an error may pass without being shown."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Try):
            names = {n.id for h in node.handlers for n in names_in(h.type)}
            shown = [
                s for h in node.handlers for s in h.body if not isinstance(s, DEAD)
            ]
            everything = names & {"Exception", "BaseException", "AssertionError"}
            if everything or not names or not shown or len(node.body) > 1:
                found.append(node.lineno)
        elif isinstance(node, ast.Name | ast.Attribute):
            if "suppress" in (getattr(node, "id", ""), getattr(node, "attr", "")):
                found.append(node.lineno)
    return [source.splitlines()[line - 1] for line in found]


DEAD = ast.Pass | ast.Continue | ast.Break


def names_in(tree):
    return [node for node in ast.walk(tree or ast.Pass()) if isinstance(node, ast.Name)]


def sealed(path):
    """Return a notebook sealed as it is, and its flaws: it may be work in progress."""
    notebook = read(path)
    notebook.metadata["convae_seal"] = seal(notebook)
    return notebook, flaws(notebook)


@every_chapter
def test_stored_outputs_are_whole(path):
    assert flaws(read(path)) == []


@every_chapter
def test_a_removed_output_is_found(path):
    notebook, before = sealed(path)
    spoilt = next(cell for cell in reversed(code_cells(notebook)) if cell.outputs)
    spoilt.outputs = []
    assert CHANGED not in before
    assert CHANGED in flaws(notebook)


@every_chapter
def test_edited_code_is_found(path):
    notebook, before = sealed(path)
    code_cells(notebook)[-1].source += "\n"
    assert CHANGED not in before
    assert CHANGED in flaws(notebook)


@every_chapter
def test_a_notebook_says_when_and_with_what_its_outputs_were_made(path):
    stored_with = dict(read(path).metadata["convae_made"])
    day = date.fromisoformat(stored_with.pop("date"))
    assert date(2026, 11, 1) <= day <= datetime.now(UTC).date()
    assert Version(stored_with.pop("python")).release[:2] >= (3, 11)
    asked = required("requirements.txt") | {"pytorch": declared("torch")["torch"]}
    assert ("pytorch" in stored_with) is (path == TORCH)
    for name, at in stored_with.items():
        assert asked[name].specifier.contains(at), name


def test_the_date_changes_with_outputs_and_versions_and_never_alone():
    first, later = date(2030, 1, 2), date(2030, 3, 4)
    before, after = read(PATHS[0]), read(PATHS[0])
    before.metadata["convae_made"] = made(before, nbformat.v4.new_notebook(), first)
    assert made(after, before, later)["date"] == "2030-01-02"
    before.metadata["convae_made"]["numpy"] = "1.0"
    assert made(after, before, later)["date"] == "2030-03-04"
    before.metadata["convae_made"] = made(before, nbformat.v4.new_notebook(), first)
    code_cells(after)[1].outputs = [nbformat.v4.new_output("stream", text="new\n")]
    assert made(after, before, later)["date"] == "2030-03-04"


def test_a_reader_reads_the_date_in_words():
    versions = {"python": "3.11", "keras": "3.1", "tensorflow": "2.1", "numpy": "2.0"}
    assert made_in_words({"date": "2026-02-07", **versions}) == (
        "The outputs were made on 7 February 2026 "
        "with Python 3.11, Keras 3.1, TensorFlow 2.1 and NumPy 2.0."
    )


@pytest.mark.parametrize("tag", [TRAINED, IMAGES, "nbval-skip", "raises-exception"])
def test_a_tag_that_came_or_went_is_found(tag):
    notebook, before = sealed(PATHS[0])
    cell = code_cells(notebook)[5]
    cell.metadata["tags"] = [] if tag in tags(cell) else [tag]
    assert CHANGED not in before
    assert CHANGED in flaws(notebook)


@pytest.mark.parametrize(
    ("kind", "tag"), [("code", "silde"), ("markdown", "silde"), ("markdown", FOLDED)]
)
def test_a_tag_that_means_nothing_is_found(kind, tag):
    notebook = read(PATHS[0])
    cell = next(cell for cell in notebook.cells if cell.cell_type == kind)
    cell.metadata["tags"] = [tag]
    assert f"{UNKNOWN}: ['{tag}']" in flaws(notebook)


def test_slides_are_chosen_without_a_new_seal():
    notebook = read(PATHS[0])
    held = seal(notebook), listed({PATHS[0]: notebook})
    for cell in code_cells(notebook):
        others = [tag for tag in tags(cell) if tag != SLIDE]
        cell.metadata["tags"] = others if SLIDE in tags(cell) else [*others, SLIDE]
        cell.metadata["slide"] = "New words."
    assert (seal(notebook), listed({PATHS[0]: notebook})) == held


@every_chapter
def test_cells_run_out_of_order_are_found(path):
    notebook = read(path)
    code_cells(notebook)[0].execution_count = 99
    assert any("not executed once each" in flaw for flaw in flaws(notebook))


@every_chapter
def test_outputs_of_the_stand_in_are_found(path):
    notebook = read(path)
    cell = code_cells(notebook)[0]
    cell.outputs = [nbformat.v4.new_output("stream", text="STAND-IN images\n")]
    assert "outputs were made from the stand-in images" in flaws(notebook)


@every_chapter
def test_an_output_that_changes_with_threads_is_found(path):
    notebook = read(path)
    other = copy.deepcopy(notebook)
    assert unstable_cells(notebook, other) == ""
    cells = zip(code_cells(notebook), code_cells(other))
    compared, changed = next((a, b) for a, b in cells if TRAINED not in tags(a))
    changed.outputs = [nbformat.v4.new_output("stream", text="0.30001\n")]
    assert compared.source in unstable_cells(notebook, other)


@every_chapter
def test_notebooks_and_cells_are_small(path):
    assert path.stat().st_size < 1_000_000
    for cell in code_cells(read(path)):
        assert len(cell.source.splitlines()) <= 20


@every_chapter
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


def test_the_list_has_the_cells_of_today_in_their_order():
    now, held = listed({path: read(path) for path in PATHS}), CELLS.read_text()
    change = difflib.unified_diff(held.splitlines(), now.splitlines(), n=0, lineterm="")
    assert now == held, (
        "cells were moved, removed or tagged; if that is meant, `make notebooks` lists "
        "them anew in chapters/cells.txt:\n" + "\n".join(change)
    )


def swapped(cells):
    cells[3], cells[4] = cells[4], cells[3]


def tagged(cells):
    cells[3].metadata["tags"] = [TRAINED]


@pytest.mark.parametrize(
    "change", [swapped, tagged, list.pop], ids=lambda f: f.__name__
)
def test_a_new_seal_does_not_hide_what_became_of_a_cell(change):
    notebook = read(PATHS[1])
    cells = code_cells(notebook)
    change(cells)
    for count, cell in enumerate(cells, start=1):
        cell.execution_count = count
    notebook.cells = cells
    notebook.metadata["convae_seal"] = seal(notebook)
    assert flaws(notebook) == []
    assert listed({PATHS[1]: notebook}).split("\n\n")[1] not in (
        CELLS.read_text().split("\n\n")
    )


def test_the_share_of_compared_cells_only_rises():
    for path in PATHS:
        cells = code_cells(read(path))
        count = sum(bool({TRAINED, IMAGES} & {*tags(cell)}) for cell in cells)
        held, of = UNCOMPARED[path.stem[:2]]
        assert count <= held and count * of <= held * len(cells), (
            f"{path.stem}: {count} of {len(cells)} cells go uncompared, {held} of {of} "
            "did; compare them, or say why not where you raise this count"
        )


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    f()\nexcept:\n    print(1)",
        "try:\n    f()\nexcept Exception as error:\n    print(error)",
        "try:\n    f()\nexcept (ValueError, AssertionError):\n    print(1)",
        "try:\n    f()\nexcept ValueError:\n    pass",
        "try:\n    a = f()\n    assert a\nexcept ValueError as error:\n    print(error)",
        "try:\n    f()\nfinally:\n    g()",
        "import contextlib\nwith contextlib.suppress(ValueError):\n    f()",
    ],
)
def test_a_cell_that_hides_its_failure_is_found(source):
    assert hidden_failures(source)


@pytest.mark.parametrize("mark", ["IGNORE_OUTPUT", "SKIP", "RAISES_EXCEPTION"])
def test_a_comment_for_nbval_is_found(mark):
    notebook = read(PATHS[1])
    code_cells(notebook)[3].source += f"\n  ## NBVAL_{mark}"
    assert any(COMMENT in flaw for flaw in flaws(notebook))


def test_outputs_are_compared_word_for_word(request):
    option = request.config.option
    assert option.nbval and not option.nbval_lax and not option.nbval_sanitize_with


@pytest.fixture
def hooks():
    """Return the hooks that run with the chapters."""
    spec = importlib.util.spec_from_file_location("hooks", CHAPTERS / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pytorch_s_notebook_is_left_out_where_there_is_no_pytorch(hooks):
    assert hooks.collect_ignore == [] if find_spec("torch") else [TORCH.name]
    makefile = (CHAPTERS.parent / "Makefile").read_text()
    assert f"TORCH_CHAPTER := chapters/{TORCH.name}\n" in makefile
    assert makefile.count("--ignore=$(TORCH_CHAPTER)") == 1


def test_make_notebooks_executes_all_but_pytorch_s():
    assert asked([]) == [path for path in PATHS if path != TORCH] != PATHS
    assert asked([str(TORCH)]) == [TORCH]


def item(**attributes):
    """Return a cell as nbval collects it."""
    return object.__new__(type("Cell", (IPyNbCell,), attributes))


@pytest.mark.parametrize("drawn", [True, False])
def test_only_what_depends_on_drawn_images_goes_uncompared(hooks, monkeypatch, drawn):
    monkeypatch.setattr(hooks, "_images_are_drawn", lambda: drawn)
    cells = [SimpleNamespace(metadata={"tags": t}) for t in ([IMAGES], [TRAINED], [])]
    parent = item(skip_compare=("image/png",))
    items = [item(cell=cell, options={"check": True}, parent=parent) for cell in cells]
    hooks.pytest_collection_modifyitems(items)
    assert [one.options["check"] for one in items] == [not drawn, True, True]
    assert {"image/png", "image/svg+xml"} == {*parent.skip_compare}, "pictures, too"


def test_the_published_run_is_held_to_its_bounds_on_real_images(hooks, monkeypatch):
    text = "training, averaged over the last epoch 0.9000"
    one = item(nodeid=f"04_{hooks.CHAPTER}.ipynb::1", test_outputs=[{"text": text}])
    for drawn in (True, False):
        monkeypatch.setattr(hooks, "_images_are_drawn", lambda drawn=drawn: drawn)
        around = hooks.pytest_runtest_call(one)
        next(around)
        with pytest.raises(StopIteration if drawn else AssertionError):
            next(around)
