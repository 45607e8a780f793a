"""Fetching the official files: all or none, and given up in time."""

import socket
import time

import pytest

from convae_lib.data import load_fashion_mnist
from convae_lib.data.fashion_mnist import fetch
from tests.library.data.examples import files_below, needs_shell, write


def test_a_download_fills_the_cache(tiny, places, tmp_path, serve):
    serve(write(tmp_path / "host", tiny))
    data = load_fashion_mnist()
    assert data.source == f"official files in {places['cache']}"
    assert files_below(tmp_path / "cache") == sorted(tiny)
    assert [path.name for path in places["cache"].parent.iterdir()] == ["fashion-mnist"]
    fetch.download_official(places["cache"])
    assert files_below(tmp_path / "cache") == sorted(tiny)
    serve(tmp_path / "gone")
    assert not load_fashion_mnist().is_stand_in


def test_a_download_of_something_else_is_an_error(tiny, places, tmp_path, serve):
    name = "t10k-images-idx3-ubyte.gz"
    url = serve(write(tmp_path / "host", {**tiny, name: tiny[name] + b"more"}))
    with pytest.raises(ValueError, match=f"{url} did not give.*{name}"):
        load_fashion_mnist()
    assert files_below(tmp_path / "cache") == []


@pytest.mark.alone
def test_a_silent_host_is_given_up_in_time(places, monkeypatch):
    monkeypatch.setattr(fetch, "CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        start = time.monotonic()
        with pytest.raises(OSError, match=url):
            fetch.download_official(places["cache"], url)
    assert time.monotonic() - start < 3
    assert not places["cache"].exists()


@pytest.mark.alone
def test_a_slow_look_up_of_the_name_is_given_up_in_time(places, monkeypatch):
    def slow(*args, **kwargs):
        time.sleep(2)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(fetch, "CONNECT_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="within 0.3 seconds"):
        fetch.download_official(places["cache"], "http://host.invalid/")
    assert time.monotonic() - start < 1.5


def test_other_files_in_the_cache_are_kept(tiny, places, tmp_path, serve):
    serve(write(tmp_path / "host", tiny))
    places["cache"].mkdir(parents=True)
    (places["cache"] / "notes.txt").write_text("mine")
    with pytest.raises(OSError):
        fetch.download_official(places["cache"])
    assert files_below(tmp_path / "cache") == ["notes.txt"]


@pytest.mark.alone
@needs_shell
def test_a_slow_apt_is_given_up(tiny, places, tmp_path, fake_apt, monkeypatch):
    fake_apt(tmp_path, lists="slow")
    monkeypatch.setattr(fetch, "APT_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="apt-get update took over 0.3 seconds"):
        fetch.fetch_debian_package(places["cache"])
    assert time.monotonic() - start < 5
