"""A world for the tests of data in the wild."""

import os
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
    world = World(request.param, tiny, host, monkeypatch, capsys)
    yield world
    os.chdir("/")
    world.remove()
