"""What pages and README tell a reader to type or open: it runs, it is there."""

import doctest
import json
import re
from contextlib import suppress
from functools import cache
from pkgutil import resolve_name

import nbformat
import pytest

import convae_lib
from convae_lib.commands.arguments import read_arguments
from convae_lib.commands.command_line import parsers
from tests.book.environments import Environment
from tests.book.test_requirements import EXTRAS
from tools.colab import library_wheel
from tools.markdown import replaced
from tools.notebooks import ROOT, code_cells, notebooks
from tools.prose import PAGES, PUBLISHED, markdown, prose

TEXTS = [*PAGES, ROOT / "CONTRIBUTING.md"]
every_page = pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
# Names of other libraries, of other versions and of systems that pages mention.
OTHERS = """ConvTranspose2d convmtx2 SAME VALID lr h5 N Scripts bin venv pip
RECORD NAME""".split()
RECORD = re.compile(r"\bRECORD=(r\w+)")


@cache
def parts(path):
    """Return the tokens of a page: code, links and images, in directives, too."""
    found = []

    def read(token, source):
        found.append(token)
        if token.type == "directive":
            replaced(f"{token.meta['argument']}\n\n{token.content}", read)
        if token.type == "link_open" and token.markup != "autolink":
            replaced(source[1:].rpartition("](")[0], read)
        return " "

    replaced(markdown(path), read)
    return found


def code(path, *kinds):
    """Return the code on a page, in lines and in blocks."""
    kinds = kinds or ("code_inline", "fence", "code_block")
    return [token.content for token in parts(path) if token.type in kinds]


def sessions():
    """Return the blocks of Python on pages, by a name."""
    return {
        f"{path.name}-{place}": token.content
        for path in TEXTS
        if path.suffix == ".md"  # chapters quote the code of others
        for place, token in enumerate(parts(path))
        if token.type == "fence" and token.info.startswith("py")
    }


def test_readme_shows_code():
    assert any(name.startswith("README") for name in sessions())


@pytest.mark.parametrize("name", sessions())
def test_python_on_a_page_prints_what_it_shows(name, tmp_path):
    file = tmp_path / name
    file.write_text(sessions()[name])
    failed, tried = doctest.testfile(str(file), module_relative=False)
    assert tried, f"nothing to run in {name}: write '>>> ' before each command"
    assert not failed, f"{name} shows something else than it prints, see above"


@pytest.mark.slow
def test_python_of_readme_runs_where_only_the_wheel_is(tmp_path):
    wheel = tmp_path / f"convae_lib-{convae_lib.__version__}-py3-none-any.whl"
    wheel.write_bytes(library_wheel())
    alone = Environment(tmp_path)
    alone.run("pip", "install", "--quiet", wheel)
    for name, session in sessions().items():
        (alone.elsewhere / name).write_text(session)
        alone.run("python", "-m", "doctest", name, cwd=alone.elsewhere)


@cache
def words_of_the_code():
    """Return all words in code and commands of the repository, and its files' names."""
    files = [ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".gitignore"]
    for place in ("convae_lib/**/*.py", "tools/**/*.py", "results/*.py"):
        files += ROOT.glob(place)
    texts = [path.read_text() for path in files]
    for path in notebooks():
        cells = code_cells(nbformat.read(path, as_version=4))
        texts += [cell.source for cell in cells]
    files = [*ROOT.glob("*/**/*.py"), *ROOT.glob("pages/*.md")]
    names = [str(path.relative_to(ROOT)) for path in files]
    names += [path.name for path in ROOT.glob("*")] + ["__init__.pyi"]
    return {*OTHERS, *re.findall(r"\w+", " ".join([*texts, *names]))}


def is_in_a_package(span):
    """Tell whether this is the full name of something in NumPy, SciPy or Keras."""
    if not re.fullmatch(r"(np|scipy|keras)(\.\w+)+", span):
        return False
    try:
        return bool(resolve_name(re.sub(r"^np\b", "numpy", span)))
    except AttributeError:
        return False


def test_a_name_that_a_package_has_is_told_from_one_it_has_not():
    assert is_in_a_package("np.fft.rfft2")
    assert not is_in_a_package("np.fft.rfft7") and not is_in_a_package("rfft2")


@every_page
def test_names_in_code_exist(path):
    known = words_of_the_code()
    unknown = [
        span
        for span in code(path, "code_inline")
        if not is_in_a_package(span)
        and not known.issuperset(re.findall(r"[A-Za-z_]\w*", span))
    ]
    assert not unknown, f"no code has these names of {path.name}"


def targets():
    makefile = (ROOT / "Makefile").read_text()
    return set(re.search(r"^\.PHONY: (.*)", makefile, re.MULTILINE)[1].split())


@every_page
def test_targets_of_make_exist(path):
    asked = re.findall(r"\bmake ([a-z][\w-]*)", "\n".join(code(path)))
    assert not set(asked) - targets(), "the Makefile has no such target"


def test_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    listed = re.findall(r'@echo "make ([\w-]+)', makefile)
    assert sorted([*listed, "help"]) == sorted(targets())


@every_page
def test_records_that_are_repeated_exist(path):
    rows = "\n".join(file.read_text() for file in ROOT.glob("results/*.jsonl"))
    ids = set(re.findall(r'"id": "(\w+)"', rows))
    for asked in RECORD.findall("\n".join(code(path))):
        assert asked in ids, f"no row in results/ has the id {asked}"


@every_page
def test_files_extras_and_modules_of_commands_exist(path):
    commands = "\n".join(code(path))
    for name in re.findall(r"install.* -r\s+([\w./-]+)", commands):
        assert (ROOT / name).is_file(), name
    for extras in re.findall(r"\.\[([\w,]+)\]", commands):
        assert set(extras.split(",")) <= EXTRAS.keys(), extras
    for module in re.findall(r"python -m ((?:convae_lib|tools)[\w.]*)", commands):
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()


def commands(path):
    """Return the command lines of `convae` on a page."""
    return re.findall(r"^(?:\S+/)?convae (.+)$", "\n".join(code(path, "fence")), re.M)


@every_page
def test_commands_on_a_page_are_understood(path):
    for line in commands(path):
        parser, of_each = parsers()
        with suppress(SystemExit):  # where it asks for help
            assert read_arguments(parser, of_each, line.split())


def test_the_page_of_commands_shows_each():
    shown = {line.split()[0] for line in commands(ROOT / "pages" / "commands.md")}
    assert shown >= {*parsers()[1]}


@every_page
def test_files_that_links_lead_to_exist(path):
    links = [token.attrs.get("href", token.attrs.get("src")) for token in parts(path)]
    for link in filter(None, links):
        if not re.match(r"\w+:", link):
            assert (path.parent / link.partition("#")[0]).exists(), link


def test_teachers_find_each_exercise_under_its_title_and_what_it_trains():
    text = (ROOT / "pages" / "for_teachers.md").read_text()
    row = r"^\| \{ref\}`([^`]*) <(ex-[\w-]+)>` \| (\*open\*: )?\w.{15,} \|$"
    listed = re.findall(row, text, re.MULTILINE)
    asked = [
        (title, label, "*open*: " if label.startswith("ex-open-") else "")
        for path in notebooks()
        for title, label in re.findall(
            r"\{exercise\} (.+)\n:label: (\S+)", markdown(path)
        )
    ]
    missing = {label for _, label, _ in asked} - {label for _, label, _ in listed}
    assert not missing, "for_teachers.md does not say what these train"
    assert sorted(listed) == sorted(asked)


def test_teachers_find_each_chapter_in_the_course():
    text = (ROOT / "pages" / "for_teachers.md").read_text()
    course = text[text.index("## One course") : text.index("## What each exercise")]
    for path in notebooks():
        assert f"(../chapters/{path.name})" in course


def test_readme_states_each_measurement_in_its_place():
    text = " ".join((ROOT / "README.md").read_text().split())
    rows = json.loads((ROOT / "results" / "conv_matrix.json").read_text())["build"]
    (row,) = [r for r in rows if r["layer"] in text and r["dtype"] == "float32"]
    for said in (
        f"of a {row['layer']} layer, {row['entries']:,} entries in {row['dtype']}, is",
        f"built in {row['over_write_limit']:.1f} times the time that writing",
        f"takes {row['coo_int32_over_ours']:.0f} times as long as the build with 32-bit",
        f"and {row['coo_int64_over_ours']:.0f} times with the 64-bit ones",
    ):
        assert said in text


def test_a_question_has_a_short_answer_and_a_link():
    text = (ROOT / "pages" / "questions.md").read_text()
    asked = re.findall(r"^### (.+\?)\n\n(.+)$", text, re.MULTILINE)
    assert len(asked) == text.count("\n### ") >= 35
    assert len({question for question, _ in asked}) == len(asked)
    for question, answer in asked:
        assert re.search(r"\. See (\{ref\}|\{py:func\}|\[)[^.]*", answer), question
        assert len(prose(answer).split()) <= 70, question


def test_each_statement_of_the_post_has_a_verdict():
    text = (ROOT / "pages" / "the_post.md").read_text()
    named = re.findall(r"^- \*\*(.+)\*\* means", text, re.MULTILINE)
    given = re.findall(r"^[*`].+\\\n\*\*(.+?)\.?\*\*", text, re.MULTILINE)
    assert len(named) == 4 and {*given} == {*named}
    assert len(given) == text.count("\\\n") >= 25


def test_the_log_of_the_post_is_the_published_one():
    text = (ROOT / "pages" / "the_post.md").read_text()
    rows = re.findall(r"^\| (\d) \|(.+)\|$", text, re.MULTILINE)
    columns = zip(*(row.replace(" ", "").split("|") for _, row in rows))
    published = json.loads(PUBLISHED.read_text(), parse_float=str)
    log = [e["values"] for e in published if "after each of" in e["what"]]
    assert len(rows) == 5 and [list(column) for column in columns] == log
