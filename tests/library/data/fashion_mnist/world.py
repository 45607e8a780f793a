"""One user's home, a host, and what happens there: for the tests of data in the wild."""

import os
import runpy
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from convae_lib.data import load_fashion_mnist
from convae_lib.data.fashion_mnist import cache, fetch, sources
from convae_lib.data.fashion_mnist.reading import read_folder
from tests.library.data.examples import write

NOBODY = 65534
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
USERS = ["root", "ordinary user"]
needs_posix = pytest.mark.skipif(os.name == "nt", reason="users and links of POSIX")
ordinary_user = pytest.mark.parametrize("world", USERS[1:], indirect=True)


class World:
    """A home with nothing in it, whose user has the host and no other source."""

    def __init__(self, user, contents, host, monkeypatch, capsys):
        if user == "root" and not IS_ROOT:
            pytest.skip("NOT RUN AS ROOT: the tests do not run as root")
        self.user, self.contents, self.host = user, contents, host
        self.patch, self.capsys = monkeypatch, capsys
        self.top = Path(tempfile.mkdtemp(prefix="convae-wild-"))
        self.home = self.top / "home"
        self.bin = self.top / "bin"
        self.system = self.top / "system"
        self.far = Path("/dev/shm", self.top.name)  # on another file system, if made
        self.wrapped = {
            path.name: path.read_bytes()
            for path in write(self.top / "host", contents).iterdir()
        }
        self.elsewhere = self.top / "elsewhere"
        for folder in (self.home, self.bin, self.elsewhere):
            folder.mkdir()
            if IS_ROOT:
                os.chown(folder, NOBODY, NOBODY)
        self.put(self.elsewhere)
        self.top.chmod(0o755)
        for name in ("XDG_CACHE_HOME", "KERAS_HOME", "CONVAE_DATA", "CONVAE_DATA_DIR"):
            monkeypatch.delenv(name, raising=False)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            for spelled in (name, name.lower()):
                monkeypatch.delenv(spelled, raising=False)
        self.set_home(self.home)
        monkeypatch.setenv("PATH", str(self.bin))  # no apt
        monkeypatch.setattr(cache, "user_cache_dir", platformdirs.user_cache_dir)
        monkeypatch.setattr(sources, "SYSTEM_FOLDERS", (self.system,))
        monkeypatch.setattr(fetch, "CONNECT_SECONDS", 1)
        monkeypatch.setattr(fetch, "TOTAL_SECONDS", 10)
        monkeypatch.chdir(self.home)
        self.offline = fetch.BASE_URL  # where nobody listens
        self.answer = self.serves()
        host(lambda request: self.answer(request))

    def set_home(self, home):
        self.patch.setenv("HOME", os.fspath(home))
        self.patch.setenv("USERPROFILE", os.fspath(home))

    @property
    def cache(self):
        return cache.cache_folder()

    @property
    def keras(self):
        return self.home / ".keras" / "datasets" / "fashion-mnist"

    def serves(self, **headers):
        """Return an answer that serves the official files."""

        def answer(request):
            content = self.wrapped.get(request.path.rpartition("/")[2])
            if content is None:
                request.begin(404)
            else:
                request.begin(200, {"Content-Length": str(len(content))} | headers)
                request.wfile.write(content)

        return answer

    def put(self, folder, but=()):
        """Write the official files into a folder, some left out."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.wrapped.items():
            if name not in but:
                (folder / name).write_bytes(content)
        return folder

    def files(self):
        """Return what lies below the home."""
        return sorted(map(str, self.home.rglob("*")))

    @contextmanager
    def as_user(self):
        """Act with the rights of the user."""
        become = IS_ROOT and self.user != "root"
        if become:
            os.setegid(NOBODY)
            os.seteuid(NOBODY)
        try:
            yield
        finally:
            if become:
                os.seteuid(0)
                os.setegid(0)

    def load(self):
        """Load the images: what they are, and what was said; never wrong ones."""
        try:
            data = load_fashion_mnist()
        except (OSError, ValueError) as error:
            return "refused", str(error)
        said = self.capsys.readouterr().err
        if data.is_stand_in:
            assert str(data).startswith("STAND-IN") and data.name == "stand-in"
            return "stand-in", said
        pixels = np.concatenate([data.x_train, data.x_valid, data.x_test]) * 255
        names = ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz")
        assert np.round(pixels).astype(np.uint8).tobytes() == b"".join(
            self.contents[name][16:] for name in names
        )
        return "real", said

    def make_data(self):
        """Run ``python -m convae_lib.data``: what it found, and what it said."""
        self.patch.delitem(sys.modules, "convae_lib.data.__main__", raising=False)
        self.patch.setattr(sys, "argv", ["convae_lib.data"])
        try:
            runpy.run_module("convae_lib.data", run_name="__main__")
        except SystemExit as stopped:
            assert str(stopped).startswith("error: ") and "\n" not in str(stopped)
            self.capsys.readouterr()
            return "refused", str(stopped)
        out, err = self.capsys.readouterr()
        assert out.count("\n") == 1
        return "stand-in" if "stand-in images" in out else "real", err + out

    def cache_is_whole(self):
        """Tell whether the cache holds the files; nothing else is ever left there."""
        left = [p for p in self.home.rglob("*") if p.name.startswith("fetch-")]
        assert left == []
        try:
            read_folder(self.cache or "none")
        except (OSError, ValueError):
            return False
        return True

    def remove(self):
        shutil.rmtree(self.far, ignore_errors=True)
        shutil.rmtree(self.top, onerror=_let_and_remove)


def _let_and_remove(remove, path, why):
    os.chmod(os.path.dirname(path), 0o700)
    os.chmod(path, 0o700)
    shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
