"""Processes that fetch the images at once, and such as are killed at the worst time."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from convae_lib.data.fashion_mnist import cache, fetch
from tests.library.data.fashion_mnist.world import needs_posix

pytestmark = needs_posix
SECONDS = 20  # at most, for what takes parts of one


class Fork:
    """A process of its own that loads the images, with all patches of this one."""

    def __init__(self, world, prepare=lambda fork: None):
        forks = multiprocessing.get_context("fork")
        self.reached, self.go_on = forks.Event(), forks.Event()
        self.result, result = forks.Pipe(duplex=False)

        def work():
            with world.as_user():
                prepare(self)
                result.send(world.load())

        self.process = forks.Process(target=work, daemon=True)
        self.process.start()

    def stops(self):
        """Wait here, in the other process, until this one says to go on."""
        self.reached.set()
        self.go_on.wait(SECONDS)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(SECONDS)
        assert self.process.exitcode == -signal.SIGKILL

    def returns(self):
        assert self.result.poll(SECONDS)
        return self.result.recv()


def stopped_at(function, call):
    """Return a preparation: the process stops before a call of a method of Path."""

    def prepare(fork):
        calls, as_it_was = [], getattr(Path, function)

        def counted(*args, **kwargs):
            calls.append(args)
            if len(calls) == call:
                fork.stops()
            return as_it_was(*args, **kwargs)

        setattr(Path, function, counted)

    return prepare


def test_killed_on_its_way(world):
    serve = world.answer

    def half(request):
        request.begin(200, {"Content-Length": "100000"})
        request.wfile.write(bytes(5000))
        request.wfile.flush()
        fork.reached.set()
        time.sleep(0.5)

    world.answer = half
    fork = Fork(world)
    assert fork.reached.wait(SECONDS)
    fork.kill()
    assert world.files() == []
    world.answer = serve
    with world.as_user():
        assert world.load()[0] == "real"
        assert world.cache_is_whole()


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(
    ("function", "call"), [("write_bytes", 3), ("replace", 1), ("replace", 3)]
)
def test_killed_while_it_writes(world, is_new, function, call):
    if is_new and call > 1 and function == "replace":
        return  # one move is all there is
    with world.as_user():
        if not is_new:
            world.cache.mkdir(parents=True)
            (world.cache / ".DS_Store").write_bytes(b"")
    fork = Fork(world, stopped_at(function, call))
    assert fork.reached.wait(SECONDS)
    fork.kill()
    assert any("fetch-" in path for path in world.files())
    with world.as_user():
        assert world.load()[0] == "real"
        assert world.cache_is_whole()
        world.patch.setattr(fetch, "BASE_URL", world.offline)
        assert world.load() == ("real", "")


def test_one_writes_while_another_is_done(world):
    fork = Fork(world, stopped_at("write_bytes", 2))
    assert fork.reached.wait(SECONDS)
    with world.as_user():
        assert world.load()[0] == "real"
        assert world.cache_is_whole()
        fork.go_on.set()
        gives, said = fork.returns()
        assert gives == "real" and "cannot be kept" not in said
        assert world.cache_is_whole()


def test_make_data_removes_what_was_left_beside_a_whole_cache(world):
    with world.as_user():
        world.put(world.cache)
        (world.cache.parent / f"{cache.UNDER_WAY}old" / "files").mkdir(parents=True)
        assert world.make_data()[0] == "real"
        assert world.cache_is_whole()


def test_several_at_once_and_one_is_killed(world):
    forks = [Fork(world, stopped_at("write_bytes", 2))]
    forks += [Fork(world) for _ in range(3)]
    assert forks[0].reached.wait(SECONDS)
    forks[0].kill()
    for fork in forks[1:]:
        gives, said = fork.returns()
        assert gives == "real" and "cannot be kept" not in said
    with world.as_user():
        assert world.make_data()[0] == "real"
        assert world.cache_is_whole()
