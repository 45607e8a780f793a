"""The laws of the house: who may know whom, and one way to write Python."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

import convae_lib
from tools.notebooks import ROOT, code_cells, notebooks

LIBRARY = ROOT / "convae_lib"
MODULES = sorted(LIBRARY.rglob("*.py"))


def run(*command):
    """Run a program of this environment in the repository; return what it said."""
    program, *arguments = command
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_imports_keep_the_contracts_of_pyproject():
    code, said = run("lint-imports", "--no-cache")
    assert code == 0, said


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_python_is_checked_and_formatted(command):
    code, said = run("ruff", *command, "--no-cache", ".")
    assert code == 0, said


def imported(tree):
    """Yield the modules that a tree of Python imports, as they are written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def at_module_level(tree):
    """Return the tree without the bodies of its functions."""
    return ast.Module([x for x in tree.body if not isinstance(x, ast.FunctionDef)], [])


@pytest.mark.parametrize(
    "path", sorted(LIBRARY.glob("scores/*.py")), ids=lambda path: path.stem
)
def test_scores_import_keras_inside_a_function_at_most(path):
    names = imported(at_module_level(ast.parse(path.read_text())))
    assert not [name for name in names if name.startswith("keras")]


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(LIBRARY))
)
def test_only_commands_exit(path):
    tree = ast.parse(path.read_text())
    exits = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
        and getattr(node, "attr", getattr(node, "id", "")) in ("exit", "SystemExit")
    ]
    assert not exits or path.name == "__main__.py"


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_chapters_know_the_face_only(path):
    cells = code_cells(nbformat.read(path, as_version=4))
    tree = ast.parse("\n".join(cell.source for cell in cells))
    names = [name for name in imported(tree) if "convae_lib" in name]
    assert names and set(names) == {"convae_lib"}
    attributes = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "convae_lib"
    }
    assert attributes <= {*convae_lib.__all__}


def test_every_module_says_what_it_is_and_what_it_offers():
    for path in MODULES:
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), path
        if path.name not in ("__init__.py", "__main__.py"):
            assert any("__all__" in ast.unparse(node) for node in tree.body), path


def test_the_copies_that_readme_makes_are_left_alone():
    copies = re.search(r"cp -r chapters (\S+)", (ROOT / "README.md").read_text())[1]
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]
    assert copies in ruff["extend-exclude"]
    assert f"{copies}/" in (ROOT / ".gitignore").read_text().splitlines()
