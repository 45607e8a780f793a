"""The library's own folder: in the user's cache, and nowhere where no home is known."""

import sys
from pathlib import Path

import pytest

from convae_lib.data.fashion_mnist import cache


def test_the_cache_is_in_the_cache_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "user_cache_dir", lambda name: str(tmp_path / name))
    assert cache.cache_folder() == tmp_path / "convae_lib" / "fashion-mnist"


@pytest.mark.skipif(sys.platform != "linux", reason="a habit of Linux")
def test_the_cache_moves_with_xdg_cache_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert tmp_path in cache.cache_folder().parents


@pytest.mark.parametrize("version", ["older", "newer"])
def test_no_home_is_no_cache(monkeypatch, version):
    def user_cache_dir(name):
        if version == "newer":
            raise RuntimeError("could not determine the home directory")
        return f"~/.cache/{name}"

    monkeypatch.setattr(cache, "user_cache_dir", user_cache_dir)
    assert cache.cache_folder() is None
    with pytest.raises(OSError, match="no home is known; set HOME or XDG_CACHE_HOME"):
        cache.keep_files({})
    assert not Path("~").exists()
