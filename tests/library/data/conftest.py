"""Small files in place of the official ones, and what may go wrong on their way."""

import hashlib
import os
import socket
import struct
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

from convae_lib.data.fashion_mnist import cache, fetch, loader, sources
from convae_lib.data.fashion_mnist.official import FILES, OfficialFile
from tests.library.data.examples import KEYS, Answering, Quiet


@pytest.fixture
def files(tmp_path):
    """Six grey files of 5 by 6 pixels, and what is in them."""
    levels = np.random.default_rng(1).integers(0, 256, (6, 6, 5), np.uint8)
    paths = [tmp_path / f"{place}.png" for place in range(6)]
    for path, image in zip(paths, levels):
        Image.fromarray(image).save(path)
    return paths, levels / np.float32(255)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Turn every implicit source into a folder of this test; none exists yet."""
    for name in ("CONVAE_DATA", "CONVAE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    system = (tmp_path / "usr" / "share", tmp_path / "usr" / "local")
    monkeypatch.setattr(sources, "SYSTEM_FOLDERS", system)
    monkeypatch.setattr(
        cache, "user_cache_dir", lambda name: str(tmp_path / "cache" / name)
    )
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    monkeypatch.setattr(fetch, "BASE_URL", refused)
    return {
        "system": system[0],
        "local": system[1],
        "cache": tmp_path / "cache" / "convae_lib" / "fashion-mnist",
        "keras": tmp_path / "keras" / "datasets" / "fashion-mnist",
    }


@pytest.fixture
def tiny(places, monkeypatch):
    """Replace the official files by tiny ones; return their contents by name."""
    rng = np.random.default_rng(7)
    contents = {}
    for key, count in zip(KEYS, (12, 12, 4, 4), strict=True):
        shape = (count, 28, 28) if key.endswith("images") else (count,)
        high = 256 if key.endswith("images") else 10
        values = rng.integers(0, high, shape, np.uint8)
        header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
        name = FILES[key].name
        contents[name] = header + values.tobytes()
        sha256 = hashlib.sha256(contents[name]).hexdigest()
        monkeypatch.setitem(FILES, key, OfficialFile(name, sha256, shape))
    for name, size in (("TRAIN_SIZE", 9), ("VALID_SIZE", 3), ("TEST_SIZE", 4)):
        monkeypatch.setattr(loader, name, size)
    return contents


@pytest.fixture
def started(monkeypatch):
    """Return a function that starts a server and makes it the download's host."""
    servers = []

    def start(handler, context=None):
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.daemon_threads, server.block_on_close = True, False
        servers.append(server)
        threading.Thread(
            target=server.serve_forever, kwargs=dict(poll_interval=0.01), daemon=True
        ).start()
        scheme = "http" if context is None else "https"
        url = f"{scheme}://127.0.0.1:{server.server_address[1]}/"
        monkeypatch.setattr(fetch, "BASE_URL", url)
        return url

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def serve(started):
    """Return a function that serves a folder."""
    return lambda folder, handler=Quiet: started(
        partial(handler, directory=str(folder))
    )


@pytest.fixture
def host(started):
    """Return a function that serves what a function of the request answers."""
    return lambda answer, context=None: started(
        partial(Answering, answer=answer), context
    )


@pytest.fixture
def fake_apt(tmp_path, monkeypatch):
    """Put an apt-get and a dpkg-deb on PATH; return a function that sets them up."""

    def install(package_folder, *, lists="full"):
        programs = tmp_path / "bin"
        programs.mkdir()
        scripts = {
            "apt-get": f"""
                echo "$*" >> {tmp_path}/apt.log
                lists={lists}
                for word in "$@"; do
                    case $word in Dir::State::lists=*) private=${{word#*=}};; esac
                done
                [ "$lists" = slow ] && exec sleep 20
                [ "$1" = update ] && [ "$lists" = empty ] && : > "$private/fresh"
                [ "$1" = update ] && exit 0
                if [ "$lists" != full ] && [ ! -e "$private/fresh" ]; then
                    echo "E: Unable to locate package $2" >&2; exit 100
                fi
                : > "$2_1.0_all.deb"
            """,
            "dpkg-deb": f"""
                [ "$1" = -x ] && [ -f "$2" ] || exit 1
                mkdir -p "$3/usr/share/datasets"
                cp -r {package_folder} "$3/usr/share/datasets/fashion-mnist"
            """,
        }
        for name, script in scripts.items():
            (programs / name).write_text(f"#!/bin/sh\n{script}")
            (programs / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    return install
