"""A world for the tests of data in the wild."""

import os
import signal
import socket

import pytest

from tests.library.data.fashion_mnist.world import USERS, World


@pytest.fixture(scope="module")
def imported():
    """Import now what an ordinary user may have no right to read."""
    import encodings.idna  # noqa: F401

    import requests

    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(OSError):
            requests.get(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.01)


@pytest.fixture(params=USERS)
def world(request, imported, tiny, host, monkeypatch, capsys):
    def too_long(*args):
        raise AssertionError("20 seconds have passed, for what takes parts of one")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(20)
    world = World(request.param, tiny, host, monkeypatch, capsys)
    yield world
    signal.alarm(0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    os.chdir("/")
    world.remove()
