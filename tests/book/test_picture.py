"""The README's first picture, and the command that draws all."""

import pytest

from tests.book.test_pages import parts
from tools.drawings import garments
from tools.drawings.__main__ import main
from tools.drawings.garments import NAME
from tools.notebooks import ROOT

LARGEST = 60_000


def test_the_command_writes_all_into_the_folder_it_is_given(
    images, monkeypatch, tmp_path
):
    monkeypatch.setattr(garments, "load_fashion_mnist", lambda: images)
    paths = main([str(tmp_path / "new")])
    assert {path.parent for path in paths} == {tmp_path / "new"}
    drawn = {path.name for path in paths}
    stored = {path.name for path in (ROOT / "_static").glob("*.[ps][nv]g")}
    assert drawn == stored - {"logo.svg"}
    png = (tmp_path / "new" / NAME).read_bytes()
    assert png.startswith(b"\x89PNG\r\n") and len(png) < LARGEST


def test_a_second_folder_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="one folder or none, not here there"):
        main(["here", "there"])


def test_readme_shows_it_first_and_says_what_is_seen():
    shown = next(p for p in parts(ROOT / "README.md") if p.type == "image")
    path = ROOT / shown.attrs["src"]
    assert path.name == NAME
    assert path.stat().st_size < LARGEST
    assert "garments" in shown.content
