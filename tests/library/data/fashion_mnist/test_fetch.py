"""Downloading the official files: given up in time, and no more than they have."""

import socket
import time

import pytest

from convae_lib.data.fashion_mnist import fetch
from convae_lib.data.fashion_mnist.official import FILES
from tests.library.data.examples import KEYS, write


def test_a_download_returns_the_files_as_they_are_served(tiny, tmp_path, serve):
    folder = write(tmp_path / "host", tiny)
    url = serve(folder)
    files = fetch.download_official()
    assert list(files) == KEYS
    for key, content in files.items():
        assert content == (folder / FILES[key].name).read_bytes()
    assert fetch.download_official(url) == files


@pytest.mark.alone
def test_a_silent_host_is_given_up_in_time(places, monkeypatch):
    monkeypatch.setattr(fetch, "CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        start = time.monotonic()
        with pytest.raises(OSError, match=url):
            fetch.download_official(url)
    assert time.monotonic() - start < 3


@pytest.mark.alone
def test_a_slow_look_up_of_the_name_is_given_up_in_time(monkeypatch):
    def slow(*args, **kwargs):
        time.sleep(2)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(fetch, "CONNECT_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="within 0.3 seconds"):
        fetch.download_official("http://host.invalid/")
    assert time.monotonic() - start < 1.5


@pytest.mark.alone
@pytest.mark.parametrize("what", ["head", "body"])
def test_a_host_that_trickles_is_given_up_in_time(host, monkeypatch, what):
    def trickle(self):
        if what == "body":
            self.begin(200, {"Content-Length": "1000000"})
        for _ in range(100):
            self.wfile.write(b"X" if what == "body" else b"HTTP/1.1 200 ")
            time.sleep(0.05)

    monkeypatch.setattr(fetch, "TOTAL_SECONDS", 0.4)
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="not all files are served within 0.4"):
        fetch.download_official(host(trickle))
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("length", ["untold", "4 GB", "chunks"])
def test_an_endless_body_is_read_no_further_than_a_file_is_long(
    tiny, host, monkeypatch, length
):
    monkeypatch.setattr(fetch, "TOTAL_SECONDS", 5)
    sent = []

    def endless(self):
        told = {"4 GB": {"Content-Length": str(4 << 30)}}.get(length, {})
        if length == "chunks":
            told = {"Transfer-Encoding": "chunked"}
        self.begin(200, told)
        piece = bytes(2**16)
        if length == "chunks":
            piece = b"10000\r\n" + piece + b"\r\n"
        sent.append(0)
        while sent[-1] < 1 << 27:
            self.wfile.write(piece)
            sent[-1] += len(piece)

    files = fetch.download_official(host(endless))
    for key, content in files.items():
        assert FILES[key].largest < len(content) < FILES[key].largest + 2**17
    assert max(sent) < 2**25  # what the system's own buffers take
