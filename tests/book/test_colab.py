"""What `make colab` turns the chapters into."""

import ast
import json
import lzma
import re
import subprocess
import sys
import zipfile
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import nbformat
import pytest

import tools.colab
from convae_lib.widgets.elements import STATIC
from tools.colab import (
    EXPLORER,
    citations,
    colab_copy,
    elsewhere,
    first_cell,
    library_wheel,
    plain_markdown,
)
from tools.notebooks import ROOT, notebooks

CITE = {"a2019": ("Ada", "2019", "On"), "b2020": ("Bo and Cy", "2020", "Off")}
FIGURES = {"fig-x": "Figure 3"}


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        ("(sec-x)=\n## A claim", "## A claim"),
        ("as {cite}`a2019` says", "as (Ada, 2019) says"),
        ("{cite:t}`a2019,b2020` say", "Ada (2019), Bo and Cy (2020) say"),
        ("see {ref}`the floor <sec-floor>`.", "see the floor."),
        ("in {numref}`fig-x` we", "in Figure 3 we"),
        (
            "an **{term}`excess`** over {term}`floors <floor>`",
            "an **excess** over floors",
        ),
        ("[chapter 3](03_the_transpose.ipynb)", "*chapter 3*"),
        (
            "[a site](https://example.org/a.html)",
            "[a site](https://example.org/a.html)",
        ),
        ("```{solution-end}\n```", ""),
        (
            "```{solution-start} ex-a\n:class: dropdown\n```",
            "**Solution**, in the next cells.",
        ),
        (
            "```{exercise} Steps\n:label: ex-a\n\nHow many?\n```",
            "> **Exercise: Steps**\n>\n> How many?",
        ),
        ("```{note}\nMind $x$.\n```\nEnd", "> **Note**\n>\n> Mind $x$.\nEnd"),
        (
            "```{solution} ex-open-a\n:class: dropdown\nTry $x$.\n```",
            "> **Solution**\n>\n> Try $x$.",
        ),
        ("```{dropdown} What *changed*\nAll.\n```", "> **What *changed***\n>\n> All."),
        ("```{math}\n:label: e\nx = 1\n```", "$$\nx = 1\n$$"),
        ("```python\nx = {1}\n```", "```python\nx = {1}\n```"),
        (
            ":::{tip} As in {cite:t}`a2019`\nDo.\n:::",
            "> **Tip: As in Ada (2019)**\n>\n> Do.",
        ),
        (
            "````{note}\n```{tip}\n- a\n  ~~~\n  `{x}`\n  ~~~\n```\nb\n````",
            "> **Note**\n>\n> > **Tip**\n> >\n> > - a\n> >   ~~~\n> >   `{x}`\n> >   ~~~\n> b",
        ),
        ("[`a]` {cite}`a2019`](b.md#c)", "*`a]` (Ada, 2019)*"),
        ("[by {cite:t}`a2019`](https://a.b/c.md)", "[by Ada (2019)](https://a.b/c.md)"),
        ("``{cite}`a2019` `` and <https://a.b/c.md>",) * 2,
        ("<div>\n[a](b.md)\n</div>\n\n---\n$$\nx\n$$\n\n[a]",) * 2,
        ("a\n\n    {cite}`a2019`\n\n- ```\n  [a](b.md)\n  ```",) * 2,
    ],
)
def test_plain_markdown(myst, plain):
    assert plain_markdown(myst, CITE, FIGURES) == plain


@pytest.mark.parametrize(
    "left",
    [
        "```{margin}\nx\n```",
        "an {unknown}`role`",
        "a {ref}`without-words`",
        "```{note}\n:::{margin}\n:::\n```",
        "- ```{note}\n  in a list\n  ```",
        "[an {unknown}`role`](https://a.b)",
        "% a comment",
    ],
)
def test_unknown_myst_is_refused(left):
    with pytest.raises(ValueError, match="not plain Markdown yet"):
        plain_markdown(left, CITE, FIGURES)


def test_citations_are_readable():
    cite = citations(ROOT / "references.bib")
    assert cite["dumoulin2016"][:2] == ("Dumoulin and Visin", "2016")
    assert cite["odena2016"][:2] == ("Odena et al.", "2016")
    assert cite["geron2019"][:2] == ("Géron", "2019")
    assert "대소기" in cite["daesogi2021"][0]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_every_chapter_becomes_plain(path):
    notebook = nbformat.read(path, as_version=4)
    copy = colab_copy(notebook, "print()", citations(ROOT / "references.bib"))
    nbformat.validate(copy)
    added = {c.id for c in notebook.cells if c.source.startswith("<conv-explorer")}
    code = [c for c in copy.cells if c.cell_type == "code"]
    kept = [c.source for c in code[1:] if c.id not in added]
    assert kept == [c.source for c in notebook.cells if c.cell_type == "code"]
    assert added <= {c.id for c in code}
    text = "\n".join(c.source for c in copy.cells if c.cell_type == "markdown")
    assert not any(mark in text for mark in ("{cite", "```{", "}`", ")="))


def test_a_copy_has_an_explorer_where_the_book_has_one():
    shown = (
        '<conv-explorer setting="transposed&amp;x=4,5" page="e.html">\n</conv-explorer>'
    )
    cells = [nbformat.v4.new_markdown_cell(shown)]
    copy = colab_copy(nbformat.v4.new_notebook(cells=cells), "first = 0", {})
    found = {}
    source = copy.cells[1].source.replace("\n\nExplorer(", "\n\nlast = Explorer(")
    exec(source, found)
    assert found["last"].setting == "transposed&x=4,5"


@pytest.fixture(scope="module")
def wheel():
    return library_wheel()


def carried_wheel(source):
    return lzma.decompress(b64decode(source.split('"""')[1]))


def test_the_first_cell_carries_the_code_of_the_library_alone(wheel):
    source = first_cell(nbformat.v4.new_notebook(), wheel)
    names = zipfile.ZipFile(BytesIO(carried_wheel(source))).namelist()
    files = [path for path in (ROOT / "convae_lib").rglob("*") if path.is_file()]
    ours = {str(p.relative_to(ROOT)) for p in files if "__pycache__" not in p.parts}
    ours = {name for name in ours if not name.endswith((".npz", ".js", ".css"))}
    commands = {n for n in ours if "/commands/" in n or n.endswith("__main__.py")}
    assert len(commands) > 10
    assert {name for name in names if "dist-info" not in name} == ours - commands
    assert {"convae_lib/py.typed", "convae_lib/__init__.pyi"} < ours
    assert len(source) < 240_000
    assert "results" not in source


def test_it_carries_the_weights_that_are_loaded_and_no_others(wheel, tmp_path):
    loads = nbformat.v4.new_code_cell(
        'nets = map(load_trained, ["smallest", "dense", f"{kind}_22"])'
    )
    first = first_cell(nbformat.v4.new_notebook(cells=[loads]), wheel)
    packed = tmp_path / "library.whl"
    packed.write_bytes(carried_wheel(first))
    code = (
        "from convae_lib import load_trained, trained_networks as networks;"
        "print([*networks()], load_trained('smallest').count_params())"
    )
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(packed)!r}); {code}",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "['residual_22', 'smallest'] 2700\n"


def test_it_installs_what_colab_lacks_and_only_where_it_is_used(wheel):
    for source, needs in (("write_codes(codes)", True), ("encode(images)", False)):
        cell = nbformat.v4.new_code_cell(source)
        first = first_cell(nbformat.v4.new_notebook(cells=[cell]), wheel)
        wanted = re.findall(r'%pip install .*"(.*)"', first)
        assert bool(wanted) == needs
        assert all(one in (ROOT / "pyproject.toml").read_text() for one in wanted)


def test_it_carries_scripts_for_a_notebook_that_shows_an_explorer(wheel, tmp_path):
    calls = nbformat.v4.new_code_cell("explorer(kernel=[[1, 2]])")
    shows = nbformat.v4.new_markdown_cell('<conv-explorer setting="x=4,5">')
    for cell in (calls, shows):
        first = first_cell(nbformat.v4.new_notebook(cells=[cell]), wheel)
        names = zipfile.ZipFile(BytesIO(carried_wheel(first))).namelist()
        assert {path.name for path in STATIC.iterdir()} <= {
            Path(name).name for name in names
        }
    code = first.partition("import convae_lib")[0] + EXPLORER.format("x=4,5")
    said = subprocess.run(
        [sys.executable, "-"],
        input=f"{code}._repr_html_()",
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr


@pytest.fixture(scope="module")
def copies(wheel, tmp_path_factory):
    """Return what `make colab` writes, by the names of the chapters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tools.colab, "COPIES", tmp_path_factory.mktemp("colab"))
        patch.setattr(tools.colab, "library_wheel", lambda: wheel)
        assert tools.colab.main([]) is None
        with zipfile.ZipFile(tools.colab.COPIES / tools.colab.ARCHIVE) as archive:
            packed = {
                Path(name).name: archive.read(name) for name in archive.namelist()
            }
        paths = [*tools.colab.COPIES.glob("*.ipynb")]
        assert packed == {path.name: path.read_bytes() for path in paths}
        return {
            path.name: nbformat.read(path, as_version=4)
            for path in tools.colab.COPIES.glob("*.ipynb")
        }


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_copy_carries_library_records_and_captions(path, wheel, copies):
    notebook, copy = nbformat.read(path, as_version=4), copies[path.name]
    assert len(copies) == len(notebooks())
    first, *code = [cell.source for cell in copy.cells if cell.cell_type == "code"]
    assert copy.cells[0].source == first and first == first_cell(notebook, wheel)
    read = {
        text.value.rpartition("/")[2]
        for text in ast.walk(ast.parse("\n".join(code)))
        if isinstance(text, ast.Constant) and re.search(r"\.jsonl?$", str(text.value))
    }
    assert set(re.findall(r'^    "([\w.]+)": """$', first, re.MULTILINE)) == read
    captions = [
        cell.metadata["mystnb"]["figure"]["caption"]
        for cell in notebook.cells
        if "mystnb" in cell.metadata
    ]
    text = "\n".join(c.source for c in copy.cells if c.cell_type == "markdown")
    assert re.findall(r"^\*Figure (\d+)\.\* ", text, re.MULTILINE) == [
        str(place + 1) for place in range(len(captions))
    ]
    for place, caption in enumerate(captions, start=1):
        assert f"*Figure {place}.* {caption[:20]}" in text


def test_the_first_cell_carries_the_results_that_are_read(wheel, tmp_path, monkeypatch):
    reads = nbformat.v4.new_code_cell('open("../results/conv_matrix.json")')
    source = first_cell(nbformat.v4.new_notebook(cells=[reads]), wheel)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    monkeypatch.setattr(sys, "path", [*sys.path])
    exec(source.split("import convae_lib")[0], {})
    carried = json.loads(Path("../results/conv_matrix.json").read_text())
    assert carried == json.loads((ROOT / "results/conv_matrix.json").read_text())


def test_a_figure_of_another_chapter_is_named_by_its_title():
    assert elsewhere()["fig-floor-ellipse"] == "a figure of *Closer to the floor*"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("See {numref}`fig-floor-ellipse`.")]
    )
    copy = colab_copy(notebook, "print()", {})
    assert copy.cells[1].source == "See a figure of *Closer to the floor*."
