"""Data in the wild: a table of what homes, disks and networks do, and what is told.

Each situation is met by a root and by an ordinary user, by ``load_fashion_mnist`` and
by ``make data``, with the host there and without. Nothing wrong is ever returned.
"""

import gzip
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from convae_lib.data import load_fashion_mnist
from convae_lib.data.fashion_mnist import fetch
from tests.library.data.examples import files_below
from tests.library.data.fashion_mnist.world import USERS, needs_posix, ordinary_user

pytestmark = needs_posix

LABELS = "train-labels-idx1-ubyte.gz"


@dataclass
class Situation:
    """What is met, and what comes of it.

    kept: whether the images are in the cache afterwards, if they can be downloaded.
    says: what is told about it, a pattern; nothing if empty.
    offline: what comes of it without a network.
    remedy: what the message names; after it nothing is told any more.
    ordinary: met by an ordinary user only.
    """

    meet: Callable
    kept: bool = True
    says: str = ""
    offline: str = "stand-in"
    remedy: Callable | None = None
    ordinary: bool = False


SITUATIONS = {}


def situation(**outcome):
    def add(meet):
        SITUATIONS[meet.__name__] = Situation(meet, **outcome)
        return meet

    return add


# The home and the cache


@situation()
def nothing_unusual(w):
    pass


@situation()
def a_stray_file_in_the_cache(w):
    w.cache.mkdir(parents=True)
    (w.cache / ".DS_Store").write_bytes(b"Bud1")


def is_in_the_way(w):
    w.cache.unlink()


@situation(
    kept=False, says="fashion-mnist is no folder; remove it", remedy=is_in_the_way
)
def a_file_in_the_place_of_the_cache(w):
    w.cache.parent.mkdir(parents=True)
    w.cache.write_text("")


@situation(
    kept=False, says="fashion-mnist is no folder; remove it", remedy=is_in_the_way
)
def a_dangling_link_in_the_place_of_the_cache(w):
    w.cache.parent.mkdir(parents=True)
    w.cache.symlink_to(w.top / "unplugged")


@situation(
    kept=False, says="fashion-mnist is no folder; remove it", remedy=is_in_the_way
)
def a_link_to_itself_in_the_place_of_the_cache(w):
    w.cache.parent.mkdir(parents=True)
    w.cache.symlink_to(w.cache)


@situation(
    kept=False, says="fashion-mnist is no folder; remove it", remedy=is_in_the_way
)
def a_pipe_in_the_place_of_the_cache(w):
    w.cache.parent.mkdir(parents=True)
    os.mkfifo(w.cache)


@situation(
    kept=False,
    says="convae_lib is no folder; remove it",
    remedy=lambda w: w.cache.parent.unlink(),
)
def a_file_in_the_place_of_all_that_the_library_keeps(w):
    w.cache.parent.parent.mkdir(parents=True)
    w.cache.parent.write_text("")


def another_folder(w):
    w.patch.setenv("CONVAE_DATA_DIR", str(w.elsewhere))


@situation(
    kept=False,
    says="cannot be kept .*Permission denied.* set CONVAE_DATA_DIR to it",
    remedy=another_folder,
    ordinary=True,
)
def a_home_that_cannot_be_written(w):
    w.home.chmod(0o555)


@situation(
    kept=False,
    says="cannot be kept .*Permission denied",
    remedy=lambda w: w.cache.chmod(0o755),
    ordinary=True,
)
def a_cache_that_cannot_be_looked_into(w):
    w.cache.mkdir(parents=True)
    w.cache.chmod(0)


@situation(
    kept=False,
    says="cannot be kept .*no home is known; set HOME",
    remedy=lambda w: w.set_home(w.home),
)
def no_home_at_all(w):
    import pwd

    def no_such_user(uid):
        raise KeyError(uid)

    w.patch.delenv("HOME")
    w.patch.setattr(pwd, "getpwuid", no_such_user)


@situation(
    kept=False,
    says="cannot be kept .*/dev/null is no folder",
    remedy=lambda w: w.set_home(w.home),
)
def a_home_that_is_no_folder(w):
    w.set_home("/dev/null")


@situation()
def a_home_with_a_name_in_no_encoding(w):
    w.home = w.home / os.fsdecode(b"caf\xe9")
    w.home.mkdir()
    w.set_home(w.home)


@situation()
def a_cache_on_another_file_system(w):
    shared = w.far.parent
    if not shared.is_dir() or shared.stat().st_dev == w.home.stat().st_dev:
        pytest.skip("NOT RUN: no second file system in /dev/shm")
    w.far.mkdir()
    w.cache.parent.mkdir(parents=True)
    w.cache.symlink_to(w.far)


@situation()
def what_a_killed_download_left(w):
    left = w.cache.parent / "fetch-abcdef" / "files"
    left.mkdir(parents=True)
    (left / LABELS).write_bytes(b"half")


# Bad files


def removed(w):
    shutil.rmtree(w.keras, ignore_errors=True)


def bad_file(name, says=LABELS, **outcome):
    """Add a situation: one bad file of four in Keras's cache."""

    def add(make):
        def meet(w):
            w.put(w.keras, but=[LABELS])
            make(w.keras / LABELS, w)

        meet.__name__ = name
        return situation(says=says, offline="refused", remedy=removed, **outcome)(meet)

    return add


@situation(says="holds 1 of the 4", offline="refused", remedy=removed)
def one_file_of_four_in_the_cache_of_keras(w):
    w.put(w.keras, but=list(w.wrapped)[1:])


bad_file("a_missing_file")(lambda path, w: None)
bad_file("a_dangling_link")(lambda path, w: path.symlink_to("unplugged"))
bad_file("a_link_to_itself")(lambda path, w: path.symlink_to(path))
bad_file("a_link_to_a_device")(lambda path, w: path.symlink_to("/dev/zero"))
bad_file("a_pipe")(lambda path, w: os.mkfifo(path))
bad_file("a_folder")(lambda path, w: path.mkdir())
bad_file("an_empty_file")(lambda path, w: path.write_bytes(b""))
bad_file("half_a_file")(lambda path, w: path.write_bytes(w.wrapped[LABELS][:20]))
bad_file("no_gzip")(lambda path, w: path.write_bytes(b"PK\x03\x04" + bytes(20)))
bad_file("the_right_size_and_other_labels")(
    lambda path, w: path.write_bytes(
        gzip.compress(w.contents[LABELS][:-1] + b"\x63", mtime=0)
    )
)
bad_file("another_official_file")(
    lambda path, w: path.write_bytes(w.wrapped["t10k-labels-idx1-ubyte.gz"])
)
bad_file("a_web_page", says=f"{LABELS}.* a web page, perhaps to log in")(
    lambda path, w: path.write_bytes(b"\n<!DOCTYPE html><title>Log in</title>")
)
bad_file("bytes_after_the_end", says=f"{LABELS}.*more than")(
    lambda path, w: path.write_bytes(gzip.compress(w.contents[LABELS] + b"\0"))
)
bad_file("a_bomb", says=f"{LABELS}.*content has more than 20 bytes")(
    lambda path, w: path.write_bytes(gzip.compress(bytes(2**22)))
)
bad_file("four_gigabytes", says=f"{LABELS}.*it has more than 65,556 bytes")(
    lambda path, w: (path.touch(), os.truncate(path, 4 << 30))
)


@bad_file("a_socket")
def a_socket(path, w):
    os.chdir(path.parent)  # for a socket's path is short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)


@bad_file("an_unreadable_file", says="cannot be read .Permission denied", ordinary=True)
def an_unreadable_file(path, w):
    path.write_bytes(w.wrapped[LABELS])
    path.chmod(0)


@situation(ordinary=True)
def a_cache_of_keras_that_cannot_be_looked_into(w):
    w.put(w.keras).chmod(0)


@situation(
    says=LABELS,
    offline="refused",
    remedy=lambda w: shutil.rmtree(w.cache),
)
def a_bad_file_in_the_own_cache(w):
    w.put(w.cache)
    (w.cache / LABELS).write_bytes(b"\x1f\x8b")


all_met = pytest.mark.parametrize(
    ("world", "name"),
    [
        (user, name)
        for name, met in SITUATIONS.items()
        for user in USERS
        if not (met.ordinary and user == "root")
    ],
    indirect=["world"],
)


@all_met
@pytest.mark.parametrize("entry", ["load", "make_data"])
def test_with_a_network(world, name, entry):
    run = getattr(world, entry)
    with world.as_user():
        met = SITUATIONS[name]
        met.meet(world)
        gives, said = run()
        assert gives == ("real" if met.kept or entry == "load" else "refused")
        assert re.search(met.says, said)
        assert ("It is passed over." in said) == (met.offline == "refused")
        assert ("cannot be kept" in said) != met.kept
        assert world.cache_is_whole() == met.kept
        if not met.kept:
            met.remedy(world)
            gives, said = run()
            assert gives == "real" and "cannot be kept" not in said
        assert world.load() == ("real", "")


@all_met
def test_without_a_network(world, name):
    world.patch.setattr(fetch, "BASE_URL", world.offline)
    with world.as_user():
        met = SITUATIONS[name]
        met.meet(world)
        before = world.files()
        for run in (world.load, world.make_data):
            gives, said = run()
            assert gives == met.offline
            assert re.search(met.says if gives == "refused" else "stand-in imag", said)
            assert "cannot be reached: Connection refused" in said
            assert said.strip().count("\n") == 0
        assert world.files() == before
        if met.offline == "refused":
            assert "CONVAE_DATA=stand-in" in said and "set CONVAE_DATA_DIR" in said
            world.patch.setenv("CONVAE_DATA", "stand-in")
            assert world.load()[0] == "stand-in"
            world.patch.delenv("CONVAE_DATA")
            another_folder(world)
            assert world.load() == ("real", "")
            world.patch.delenv("CONVAE_DATA_DIR")
            met.remedy(world)
            assert world.load()[0] == "stand-in"


# The folder asked for


@ordinary_user
@pytest.mark.parametrize(
    "named",
    [
        "~/my images",
        "'~/my images'",
        '"$HOME/my images"',
        "${HOME}/my images",
        " ~/my images",
        "$HOME/my images\n",
    ],
)
def test_a_folder_named_as_in_a_shell(world, named):
    world.put(world.home / "my images")
    world.patch.setenv("CONVAE_DATA_DIR", named)
    with world.as_user():
        if named == "~/my images":
            assert world.load() == ("real", "")
            return
        for run in (world.load, world.make_data):
            gives, said = run()
            assert gives == "refused" and f"CONVAE_DATA_DIR={named!r} is no f" in said
        plain = re.search(r"did you mean (.*?)\?", said)[1]
        world.patch.setenv("CONVAE_DATA_DIR", plain)
        assert world.load() == ("real", "")


@ordinary_user
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda w, folder: None, "is no folder .there is no such folder"),
        (lambda w, folder: folder.write_text(""), "is no folder .Not a directory"),
        (
            lambda w, folder: folder.symlink_to(folder),
            "is no folder .Too many levels of symbolic links",
        ),
        (lambda w, folder: folder.mkdir(), "mine holds no Fashion-MNIST files;"),
        (lambda w, folder: w.put(folder, but=[LABELS]), f"3 of the 4.*{LABELS}"),
        (lambda w, folder: w.put(folder).chmod(0), "Permission denied"),
        (
            lambda w, folder: (w.put(folder) / LABELS).chmod(0),
            f"{LABELS} cannot be read .Permission",
        ),
    ],
)
def test_a_folder_asked_for_is_never_passed_over(world, make, says):
    folder = world.home / "mine"
    with world.as_user():
        make(world, folder)
        world.patch.setenv("CONVAE_DATA_DIR", str(folder))
        for run in (world.load, world.make_data):
            gives, said = run()
            assert gives == "refused" and re.search(says, said)
            assert "unset it" in said and "CONVAE_DATA=stand-in" in said
        world.patch.setenv("CONVAE_DATA", "stand-in")
        assert world.load()[0] == "stand-in"
        world.patch.delenv("CONVAE_DATA")
        world.patch.delenv("CONVAE_DATA_DIR")
        assert world.load()[0] == "real"
        with pytest.raises(
            (OSError, ValueError), match=re.sub("^is no f.* .", "", says)
        ) as error:
            load_fashion_mnist(folder)
        assert "CONVAE_DATA" not in str(error.value)  # which would not help


# The disk


@contextmanager
def full_disk(world, kind):
    """Leave no room for the files where the cache is."""
    place = world.home / ".cache"
    place.mkdir()
    place.chmod(0o777)
    if kind == "limit":  # on the size of a file, where nothing may be mounted
        import resource

        old = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, old[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, old)
        return
    mount = shutil.which("mount", path="/bin:/usr/bin:/sbin:/usr/sbin")
    options = ["-t", "tmpfs", "-o", "size=200k,mode=777", "tmpfs", place]
    if not mount or subprocess.run([mount, *options], capture_output=True).returncode:
        pytest.skip("NOT RUN ON A SMALL DISK: nothing may be mounted here")
    try:
        with pytest.raises(OSError), open(place / "filler", "wb", 0) as filler:
            while True:
                filler.write(bytes(4096))
        os.truncate(place / "filler", 196 << 10)
        yield
    finally:
        subprocess.run([mount.replace("mount", "umount"), place], check=True)


@pytest.mark.parametrize("kind", ["tmpfs", "limit"])
@pytest.mark.parametrize("stray", [False, True])
def test_a_full_disk(world, kind, stray):
    with full_disk(world, kind):
        with world.as_user():
            if stray:
                world.cache.mkdir(parents=True)
            for run, gives in ((world.load, "real"), (world.make_data, "refused")):
                gave, said = run()
                assert gave == gives and "set CONVAE_DATA_DIR to it" in said
                full = {"tmpfs": "No space left on device", "limit": "File too large"}
                assert f"cannot be kept ({world.cache}: {full[kind]})" in said
                assert not world.cache_is_whole()
                assert files_below(world.cache) == []
            another_folder(world)
            assert world.make_data()[0] == "real"
