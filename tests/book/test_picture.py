"""The README's first picture, and the command that draws it."""

import pytest

import tools.picture
from tests.book.test_pages import parts
from tools.notebooks import ROOT
from tools.picture import NAME, main

LARGEST = 60_000


@pytest.fixture
def picture(images, monkeypatch, tmp_path):
    """Return what the command writes into a folder, of the images in use."""
    monkeypatch.setattr(tools.picture, "load_fashion_mnist", lambda: images)
    return main([str(tmp_path / "new")])


def test_the_command_writes_a_png_into_the_folder_it_is_given(picture, tmp_path):
    assert picture == tmp_path / "new" / NAME
    png = picture.read_bytes()
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
