"""The lists of what is installed agree, and each of them installs the library, too."""

import ast
import re
import sys
import tomllib

import nbformat
import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from convae_lib.commands.command_line import EXTRAS as MISSING
from tools.notebooks import ROOT, code_cells, notebooks

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
OURS = sorted(
    path for name in ("tools", "tests") for path in ROOT.glob(f"{name}/**/*.py")
)
APART = {"bench", "mutants", "torch"}  # extras that the book does without
OPTIONAL = {  # used where it is there
    *("asdex", "pylops", "sparse_convolution"),
    *("flax", "jax", "onnx", "torch"),
}
DISTRIBUTIONS = {  # where its name is not the module's
    "PIL": "pillow",
    "fontTools": "fonttools",
    "markdown_it": "markdown-it-py",
    "py_mini_racer": "mini-racer",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
# What a room, or one within it, needs beyond the library's own dependencies, an extra of pyproject.toml.
NEEDS = {
    "commands": "commands",
    "experiments": "experiments",
    "models": "models",
    "training": "models",
    "training/workers": "workers",
    "scores": "experiments",
    "pictures": "plots",
    "data": "experiments",
    "widgets": "models",
}


def requirements(lines):
    """Return the requirements in lines of a file, by name, without the library."""
    lines = [line.partition("#")[0].strip() for line in lines]
    found = [Requirement(line) for line in lines if line and line != "-e ."]
    return {
        canonicalize_name(one.name): one
        for one in found
        if not one.marker or one.marker.evaluate()
    }


def read(name):
    return requirements((ROOT / name).read_text().splitlines())


def declared(*extras):
    """Return what pyproject.toml asks for, by name, with the extras that extras name."""
    lines = [*PROJECT["dependencies"]]
    for extra in extras:
        lines += EXTRAS[extra]
    found = requirements(lines)
    if own := found.pop("convae-lib", None):
        found |= declared(*own.extras)
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements.lock"])
def test_the_library_is_installed_too(name):
    lines = (ROOT / name).read_text().splitlines()
    assert lines.count("-e .") == 1, f"{name} does not install the library: add '-e .'"


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_lock_lies_within_the_requirements(monkeypatch, python, system):
    machine = default_environment() | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
    }
    monkeypatch.setattr("packaging.markers.default_environment", lambda: machine)
    locked = read("requirements.lock")
    for name, asked in read("requirements.txt").items():
        assert name in locked, f"{name} is not in requirements.lock: make lock"
        (pinned,) = locked[name].specifier
        assert pinned.operator == "=="
        assert asked.specifier.contains(pinned.version, prereleases=True), (
            f"{name}{asked.specifier} is asked for, {pinned} is locked: make lock"
        )


def test_requirements_and_pyproject_agree():
    asked = read("requirements.txt")
    for name, one in declared(*(EXTRAS.keys() - APART)).items():
        assert name in asked, f"requirements.txt lacks {one}"
        assert asked[name].specifier == one.specifier, (
            f"requirements.txt has {asked[name]}, pyproject.toml {one}"
        )


def test_versions_of_python_agree():
    least, above = map(int, re.findall(r"3\.(\d+)", PROJECT["requires-python"]))
    makefile = (ROOT / "Makefile").read_text()
    assert f"(3, {least}) <= sys.version_info < (3, {above})" in makefile
    assert f"--python-version 3.{least} " in makefile
    readme = (ROOT / "README.md").read_text()
    assert f"Python 3.{least} to 3.{above - 1} " in readme
    tried = re.findall(r'"3\.(\d+)"', (ROOT / ".github/workflows/ci.yml").read_text())
    assert [int(minor) for minor in tried] == [*range(least, above)]


def ids(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", sorted(ROOT.glob("convae_lib/**/*.py")), ids=ids)
def test_what_the_library_imports_is_declared(path):
    place = path.relative_to(ROOT / "convae_lib").as_posix()
    rooms = [room for room in NEEDS if place.startswith(f"{room}/")]
    known = declared(*[NEEDS[max(rooms, key=len)]] if rooms else [])
    for name in imported(ast.parse(path.read_text())):
        assert name in known, f"{ids(path)} imports {name}, pyproject.toml lacks it"


@pytest.mark.parametrize("path", OURS + notebooks(), ids=ids)
def test_what_the_book_imports_is_required(path):
    source = path.read_text()
    if path.suffix == ".ipynb":
        cells = code_cells(nbformat.reads(source, as_version=4))
        source = "\n".join(cell.source for cell in cells)
    for name in imported(ast.parse(source)):
        assert name in read("requirements.txt"), (
            f"{ids(path)} imports {name}, requirements.txt lacks it"
        )


def test_what_a_command_misses_comes_with_the_extra_that_it_names():
    for module, extra in MISSING.items():
        assert DISTRIBUTIONS.get(module, module) in declared(extra)


def imported(tree):
    """Return the distributions from elsewhere that a tree of Python needs."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    names = {name.split(".")[0] for name in names} - sys.stdlib_module_names
    known = (
        OPTIONAL | {path.name for path in ROOT.iterdir()} | {path.stem for path in OURS}
    )
    return {DISTRIBUTIONS.get(n, n).replace("_", "-") for n in names - known}
