"""A page loads the files of the elements that it has, and no page loads others."""

import re
import subprocess
import sys
import zlib

import pytest

from convae_lib.widgets import elements
from tools.notebooks import ROOT

CONF = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from convae_lib.widgets import elements
elements.STATIC = Path({static!r})
elements.ELEMENTS.clear()
elements.ELEMENTS.update({{"conv-explorer": ("first.js", "look.css", "second.js")}})
extensions = ["tools.site.scripts", "myst_parser"]
myst_enable_extensions = ["colon_fence"]
"""
PAGES = {
    "index.md": "# Start\n\n```{toctree}\ndeep/uses\ndeep/tells\n```\n",
    "deep/uses.md": "# Uses\n\n<conv-explorer>\nA picture.\n</conv-explorer>\n",
    "deep/tells.md": "# Tells\n\nThe tag is `<conv-explorer>`.\n",
}


@pytest.fixture
def book(tmp_path):
    static = tmp_path / "static"
    for name, text in {
        **{f"source/{name}": text for name, text in PAGES.items()},
        "source/conf.py": CONF.format(root=str(ROOT), static=str(static)),
        **{f"static/{name}": f"/* {name} */" for name in ("first.js", "look.css")},
        "static/second.js": "/* second */",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    build(tmp_path)
    return tmp_path


def build(folder):
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "source", "site"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr


def loaded(folder, page):
    """Return what a page loads from the folder of elements, and the sum after `?v=`."""
    text = (folder / "site" / f"{page}.html").read_text()
    tags = re.findall(r"<(?:script|link)[^>]*(?:src|href)=\"[^\"]*widgets/[^>]*>", text)
    found = [re.search(r'"([^"]*/widgets/\S+)\?v=(\w+)"', tag).groups() for tag in tags]
    assert all("defer" in tag for tag in tags if "<script" in tag)
    return dict(found)


def test_only_a_page_with_the_element_loads_its_files_in_order(book):
    names = ["look.css", "first.js", "second.js"]  # styles stand before scripts
    assert [*loaded(book, "deep/uses")] == [f"../_static/widgets/{n}" for n in names]
    for page in ("index", "deep/tells", "genindex", "search"):
        assert loaded(book, page) == {}


def test_a_changed_file_comes_with_its_new_sum(book):
    before = loaded(book, "deep/uses")
    (book / "static/second.js").write_text("/* another */")
    build(book)
    after = loaded(book, "deep/uses")
    assert before.keys() == after.keys()
    changed = [path for path in before if before[path] != after[path]]
    assert changed == ["../_static/widgets/second.js"]
    written = (book / "site/_static/widgets/second.js").read_bytes()
    assert written == b"/* another */"
    assert after[changed[0]] == f"{zlib.crc32(written):08x}"


def test_a_page_that_loses_its_element_loads_nothing(book):
    (book / "source/deep/uses.md").write_text("# Uses\n\nNo more.\n")
    build(book)
    assert loaded(book, "deep/uses") == {}


def test_a_file_can_be_written_when_it_is_needed(monkeypatch):
    monkeypatch.setitem(elements.ELEMENTS, "live-autoencoder", ("made.js",))
    monkeypatch.setitem(elements.WRITTEN, "made.js", "elements.written_in_the_test")
    monkeypatch.setattr(elements, "written_in_the_test", lambda: "1;", raising=False)
    assert elements.source("made.js") == "1;"
    elements.source.cache_clear()


def test_every_file_of_an_element_is_there():
    for files in elements.ELEMENTS.values():
        for name in files:
            assert elements.source(name).strip()
