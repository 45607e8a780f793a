"""Where Fashion-MNIST comes from, and that nothing else passes for it."""

import gzip
import hashlib
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from convae_lib.data import CLASS_NAMES, __main__, load_fashion_mnist
from convae_lib.data.fashion_mnist import fetch, loader
from convae_lib.data.fashion_mnist.official import (
    FILES,
    OfficialFile,
    locate_files,
    read_folder,
)

KEYS = ["train_images", "train_labels", "test_images", "test_labels"]
needs_shell = pytest.mark.skipif(os.name == "nt", reason="apt is faked in shell")


@pytest.fixture(scope="module")
def real_source():
    folder = loader.find_source()
    if folder is None:
        pytest.skip("the official files are not at hand; `make data` fetches them")
    return folder


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Turn every implicit source into a folder of this test; none exists yet."""
    for name in ("CONVAE_DATA", "CONVAE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    system = (tmp_path / "usr" / "share", tmp_path / "usr" / "local")
    monkeypatch.setattr(loader, "SYSTEM_FOLDERS", system)
    monkeypatch.setattr(
        fetch, "user_cache_dir", lambda name: str(tmp_path / "cache" / name)
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


def write(folder, contents, level=9):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(gzip.compress(content, level, mtime=level))
    return folder


def files_below(folder):
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class BreaksOff(Quiet):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")


@pytest.fixture
def serve(monkeypatch):
    """Return a function that serves a folder and makes it the download's host."""
    servers = []

    def start(folder, handler=Quiet):
        handler = partial(handler, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        monkeypatch.setattr(fetch, "BASE_URL", url)
        return url

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


# The official files


def test_the_real_files_in_the_official_order(real_source):
    data = load_fashion_mnist(real_source)
    raw = read_folder(real_source)
    assert data.x_train.shape == (55_000, 28, 28)
    assert data.x_valid.shape == (5_000, 28, 28)
    assert data.x_test.shape == (10_000, 28, 28)
    assert data.x_train.dtype == data.x_test.dtype == np.float32
    assert data.y_train.dtype == data.y_test.dtype == np.int64
    for part, images in (
        (data.x_train, raw["train_images"][:55_000]),
        (data.x_valid, raw["train_images"][55_000:]),
        (data.x_test, raw["test_images"]),
    ):
        assert np.array_equal(part[::50], images[::50].astype(np.float32) / 255)
    assert np.array_equal(data.y_valid, raw["train_labels"][-5_000:])
    assert data.class_names[data.y_train[0]] == "Ankle boot"
    labels = np.concatenate([data.y_train, data.y_valid])
    assert np.bincount(labels).tolist() == [6_000] * 10
    assert np.bincount(data.y_test).tolist() == [1_000] * 10
    assert str(data) == (
        "Fashion-MNIST: 55,000 training, 5,000 validation and 10,000 test images, "
        "28×28, grey, in [0, 1]"
    )
    assert not data.is_stand_in


def test_the_table_names_the_published_files():
    assert [FILES[key].name for key in KEYS] == [
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]
    assert FILES["train_images"].shape == (60_000, 28, 28)
    assert FILES["test_labels"].shape == (10_000,)
    assert len(CLASS_NAMES) == 10 and CLASS_NAMES[9] == "Ankle boot"


def test_split_scale_and_text(tiny, tmp_path):
    data = load_fashion_mnist(write(tmp_path / "mine", tiny))
    pixels = np.frombuffer(tiny["train-images-idx3-ubyte.gz"][16:], np.uint8)
    pixels = pixels.reshape(12, 28, 28)
    labels = np.frombuffer(tiny["train-labels-idx1-ubyte.gz"][8:], np.uint8)
    assert np.array_equal(np.round(data.x_train * 255), pixels[:9])
    assert np.array_equal(np.round(data.x_valid * 255), pixels[9:])
    assert np.array_equal(data.y_train, labels[:9])
    assert np.array_equal(data.y_valid, labels[9:])
    assert data.x_test.shape == (4, 28, 28) and data.y_test.shape == (4,)
    assert 0 <= data.x_train.min() and data.x_train.max() <= 1
    assert str(tmp_path) in data.source and str(tmp_path) not in str(data)
    assert len(repr(data)) < 400
    with pytest.raises(AttributeError):
        data.x_train = None


def test_another_gzip_wrapping_and_plain_files_are_accepted(tiny, tmp_path):
    official = write(tmp_path / "official", tiny, level=9)
    debian = write(tmp_path / "debian", tiny, level=1)
    for name in tiny:
        first, second = (
            hashlib.md5((folder / name).read_bytes()).hexdigest()
            for folder in (official, debian)
        )
        assert first != second
    plain = tmp_path / "plain"
    plain.mkdir()
    for name, content in tiny.items():
        (plain / name.removesuffix(".gz")).write_bytes(content)
    images = [
        load_fashion_mnist(folder).x_train for folder in (official, debian, plain)
    ]
    assert np.array_equal(images[0], images[1])
    assert np.array_equal(images[0], images[2])


# Bad files


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_file_is_named(tiny, tmp_path, key):
    folder = write(tmp_path / "mine", tiny)
    (folder / FILES[key].name).unlink()
    with pytest.raises(FileNotFoundError, match=FILES[key].name) as error:
        load_fashion_mnist(folder)
    assert "holds 3 of the 4" in str(error.value)


@pytest.mark.parametrize("key", KEYS)
def test_a_flipped_byte_is_named(tiny, tmp_path, key):
    name = FILES[key].name
    content = bytearray(tiny[name])
    content[-1] ^= 1
    folder = write(tmp_path / "mine", {**tiny, name: bytes(content)})
    with pytest.raises(ValueError, match=f"{name} is not the official") as error:
        load_fashion_mnist(folder)
    assert FILES[key].sha256 in str(error.value)
    assert hashlib.sha256(content).hexdigest() in str(error.value)


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_gzip_is_named(tiny, tmp_path, damage):
    path = write(tmp_path / "mine", tiny) / "t10k-images-idx3-ubyte.gz"
    raw = bytearray(path.read_bytes())
    if damage == "truncated":
        raw = raw[: len(raw) // 2]
    else:
        raw[len(raw) // 2] ^= 255
    path.write_bytes(raw)
    with pytest.raises(ValueError, match="t10k-images-idx3-ubyte.gz"):
        load_fashion_mnist(path.parent)


def test_a_web_page_in_place_of_a_file_is_named(tiny, tmp_path):
    folder = write(tmp_path / "mine", tiny)
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(b"<html>sign in</html>")
    with pytest.raises(ValueError, match="train-labels-idx1-ubyte.gz is not the"):
        load_fashion_mnist(folder)


# The order of the sources


def test_sources_come_in_order(tiny, places, tmp_path, monkeypatch):
    for folder in places.values():
        write(folder, tiny)
    argument = write(tmp_path / "argument", tiny)
    variable = write(tmp_path / "variable", tiny)
    monkeypatch.setenv("CONVAE_DATA_DIR", str(variable))
    assert str(argument) in load_fashion_mnist(argument).source
    assert str(variable) in load_fashion_mnist().source
    monkeypatch.delenv("CONVAE_DATA_DIR")
    for name in ("system", "local", "cache", "keras"):
        assert load_fashion_mnist().source == f"official files in {places[name]}"
        for path in places[name].iterdir():
            path.unlink()
    assert load_fashion_mnist().is_stand_in


@pytest.mark.parametrize("name", ["system", "local", "cache", "keras"])
def test_an_incomplete_or_bad_source_is_never_passed_over(tiny, places, name):
    write(places["keras"], tiny)
    folder = write(places[name], tiny)
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"")
    with pytest.raises(ValueError, match="t10k-labels-idx1-ubyte.gz"):
        load_fashion_mnist()
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match="t10k-labels-idx1-ubyte.gz"):
        load_fashion_mnist()


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_a_folder_asked_for_must_hold_the_files(
    tiny, places, tmp_path, monkeypatch, how
):
    write(places["system"], tiny)
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (empty, tmp_path / "absent"):
        argument = folder if how == "argument" else None
        if how == "variable":
            monkeypatch.setenv("CONVAE_DATA_DIR", str(folder))
        missing = how == "variable" and folder.name == "absent"
        says = "absent' is no folder" if missing else f"{folder.name} holds no Fashion"
        with pytest.raises(FileNotFoundError, match=says):
            load_fashion_mnist(argument)


def test_convae_data_asks_for_the_stand_in(tiny, places, monkeypatch, capsys):
    folder = write(places["system"], tiny)
    monkeypatch.setenv("CONVAE_DATA", "stand-in")
    monkeypatch.setenv("CONVAE_DATA_DIR", str(folder))
    data = load_fashion_mnist()
    assert data.is_stand_in and str(data).startswith("STAND-IN images")
    assert "not Fashion-MNIST" in str(data) and "\n" not in str(data)
    assert (len(data.x_train), len(data.x_valid), len(data.x_test)) == (9, 3, 4)
    assert data.x_train.dtype == np.float32 and data.y_train.dtype == np.int64
    assert capsys.readouterr().err == ""
    assert not load_fashion_mnist(folder).is_stand_in
    monkeypatch.setenv("CONVAE_DATA", "")
    assert not load_fashion_mnist().is_stand_in


@pytest.mark.parametrize("value", ["standin", "STAND-IN", "/data"])
def test_another_value_of_convae_data_is_an_error(tiny, places, monkeypatch, value):
    monkeypatch.setenv("CONVAE_DATA", value)
    with pytest.raises(ValueError, match=f"{value}.*'stand-in'"):
        load_fashion_mnist(write(places["system"], tiny))


# The download


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


@pytest.mark.parametrize("fault", ["refused", "not found", "breaks off"])
def test_no_download_means_the_stand_in(tiny, tmp_path, serve, capsys, fault):
    host = tmp_path / "host"
    host.mkdir()
    if fault != "refused":
        serve(host, BreaksOff if fault == "breaks off" else Quiet)
    data = load_fashion_mnist()
    assert data.is_stand_in
    *_, line = capsys.readouterr().err.strip().splitlines()
    assert "stand-in images" in line and "python -m convae_lib.data" in line
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


# make data


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
def test_make_data_refuses_a_bad_package(tiny, tmp_path, fake_apt):
    name = "train-labels-idx1-ubyte.gz"
    fake_apt(write(tmp_path / "package", {**tiny, name: b"other"}))
    with pytest.raises(ValueError, match=f"dataset-fashion-mnist did not.*{name}"):
        __main__.main()
    assert files_below(tmp_path / "cache") == []


@pytest.mark.alone
@needs_shell
def test_a_slow_apt_is_given_up(tiny, places, tmp_path, fake_apt, monkeypatch):
    fake_apt(tmp_path, lists="slow")
    monkeypatch.setattr(fetch, "APT_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="apt-get update took over 0.3 seconds"):
        fetch.fetch_debian_package(places["cache"])
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


def test_make_data_leaves_a_good_source_and_refuses_a_bad_one(tiny, places, capsys):
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
    [("stand-in", 0, "nothing to fetch"), ("other", 1, "error: CONVAE_DATA='other'")],
)
def test_make_data_as_a_command(value, code, said):
    done = subprocess.run(
        [sys.executable, "-m", "convae_lib.data"],
        env={**os.environ, "CONVAE_DATA": value},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_data_is_light_to_import():
    heavy = "{'keras', 'tensorflow', 'matplotlib', 'scipy', 'pooch', 'requests'}"
    code = f"import sys, convae_lib.data; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
