"""``python -m convae_lib.data``: a line that says what is used."""

import os
import re
import subprocess
import sys
import time

import pytest

from convae_lib.data import __main__, load_fashion_mnist
from convae_lib.data.fashion_mnist import debian
from convae_lib.data.fashion_mnist.reading import locate_files
from tests.library.data.examples import KEYS, files_below, needs_shell, write


@needs_shell
@pytest.mark.parametrize("lists", ["full", "empty"])
def test_make_data_takes_the_debian_package(
    tiny, places, tmp_path, fake_apt, capsys, lists
):
    fake_apt(write(tmp_path / "package", tiny, level=1), lists=lists)
    __main__.main()
    assert capsys.readouterr().out == (
        f"Fashion-MNIST fetched (Debian), verified, into {places['cache']}\n"
    )
    assert files_below(tmp_path / "cache") == sorted(tiny)
    assert [path.name for path in places["cache"].parent.iterdir()] == ["fashion-mnist"]
    calls = (tmp_path / "apt.log").read_text().splitlines()
    called = [call.split()[0] for call in calls]
    if lists == "full":
        assert called == ["download"]
    else:
        assert called == ["download", "update", "download"]
        assert all("Dir::Cache=" in call for call in calls[1:])
    assert str(places["cache"]) in load_fashion_mnist().source


@needs_shell
def test_make_data_says_when_nothing_works(tiny, tmp_path, fake_apt, capsys):
    fake_apt(write(tmp_path / "package", tiny), lists="none")
    __main__.main()
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "stand-in images" in out
    assert "cannot be reached" in out and "Unable to locate package" in out
    assert files_below(tmp_path / "cache") == []


@needs_shell
def test_make_data_takes_no_bad_package(tiny, tmp_path, fake_apt, capsys):
    name = "train-labels-idx1-ubyte.gz"
    fake_apt(write(tmp_path / "package", {**tiny, name: b"other"}))
    __main__.main()
    out = capsys.readouterr().out
    assert f"{name} (Debian) is not the official {name}" in out
    assert files_below(tmp_path / "cache") == []


@pytest.mark.alone
@needs_shell
def test_a_slow_apt_is_given_up(tmp_path, fake_apt, monkeypatch):
    fake_apt(tmp_path, lists="slow")
    monkeypatch.setattr(debian, "APT_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="apt-get update took over 0.3 seconds"):
        debian.fetch_debian_package()
    assert time.monotonic() - start < 5


def test_make_data_without_apt(tiny, places, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    __main__.main()
    assert "no apt-get on this machine" in capsys.readouterr().out


def test_make_data_prefers_the_download(tiny, places, tmp_path, serve, capsys):
    serve(write(tmp_path / "host", tiny))
    __main__.main()
    assert f"into {places['cache']}" in capsys.readouterr().out
    assert set(locate_files(places["cache"])) == set(KEYS)


def test_make_data_leaves_a_good_source_and_refuses_a_bad_one(
    tiny, places, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("PATH", str(tmp_path))
    folder = write(places["keras"], tiny)
    __main__.main()
    assert capsys.readouterr().out == (
        f"Fashion-MNIST is at hand, verified, in {folder}\n"
    )
    assert not places["cache"].exists()
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"")
    with pytest.raises(ValueError, match="t10k-labels"):
        __main__.main()


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        ("stand-in", 0, "nothing to fetch"),
        ("other", 1, "error: CONVAE_DATA='other'"),
        ("stand-in /my/folder", 1, "error: '/my/folder': .*CONVAE_DATA_DIR names"),
    ],
)
def test_make_data_as_a_command(value, code, said):
    value, *arguments = value.split()
    done = subprocess.run(
        [sys.executable, "-m", "convae_lib.data", *arguments],
        env={**os.environ, "CONVAE_DATA": value},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code
    assert re.search(said, done.stdout + done.stderr)
    assert "Traceback" not in done.stderr
