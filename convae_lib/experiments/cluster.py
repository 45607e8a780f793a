"""Experiments on the cores of a cluster, by Ray: what `sweep` takes as its executor."""

import hashlib
from concurrent.futures import Executor, Future, wait
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path

from ..checks import check_sizes
from ..training.devices import use_threads
from ..training.workers.session import ray_session, read_address

__all__ = ["on_ray"]

LOST_WORKERS = 3
"""How often a task is begun again whose worker was lost."""


def on_ray(address="local"):
    """Return what runs experiments on a cluster, for `sweep`.

    Each experiment is a task of its own, in a new process with one core and one thread.
    Where the process or its machine is lost, the task is begun again, up to three times.
    `sweep` saves the records itself, on this machine, so that a cluster that goes away
    takes no record with it.

    Parameters
    ----------
    address : str, default "local"
        "local" starts Ray on this machine, with as many cores as `sweep` is given jobs.
        "HOST:PORT" is a cluster that runs, as ``ray start --head`` names it, and "auto"
        the one that this machine is part of; all their cores are used. Each machine of
        it has the library installed, with its extras ``experiments`` and ``workers``.

    Returns
    -------
    callable
        From a number of jobs to a ``concurrent.futures.Executor``.

    Raises
    ------
    ValueError
        If it is no address.
    ImportError
        If Ray is not installed.

    Notes
    -----
    Ray's dashboard and its statistics of usage are off. On this machine it listens on
    127.0.0.1 only, and its files go away with it. The images are sent to each machine
    once. A measurement of time belongs on a machine where nothing else runs: give
    `sweep` another executor for those, ``alone=processes``.

    Examples
    --------
    >>> on_ray("everywhere")
    Traceback (most recent call last):
        ...
    ValueError: address 'everywhere' is none; give local, auto or HOST:PORT
    """
    return partial(_RayExecutor, read_address(address))


class _RayExecutor(Executor):
    """Runs each call as a task of Ray, from the first one on until `shutdown`."""

    def __init__(self, address, jobs):
        check_sizes(jobs=jobs)
        self._closing, self._stored, self._futures = ExitStack(), {}, []
        self._ray = self._closing.enter_context(ray_session(address, jobs))
        task = self._ray.remote(num_cpus=1, max_calls=1, max_retries=LOST_WORKERS)
        self._attempt = task(_attempt)

    def submit(self, run, /, *given, **more):
        """Return the future of a call; what it is given is sent to a machine once."""
        future = Future()
        given = [self._store(value) for value in given]
        result = self._attempt.remote(_library(), run, *given, **more)
        result.future().add_done_callback(partial(_hand_over, future, self._ray))
        self._futures.append(future)
        return future

    def _store(self, value):
        if value is None:
            return None
        if id(value) not in self._stored:
            self._stored[id(value)] = value, self._ray.put(value)
        return self._stored[id(value)][1]

    def shutdown(self, wait_for_all=True, *, cancel_futures=False, **more):
        """End the tasks, or wait for them, and let go of Ray."""
        if more.pop("wait", wait_for_all) and not cancel_futures:
            wait(self._futures)
        for future in self._futures:
            future.cancel()
        self._closing.close()


def _attempt(library, run, *given, **more):
    """Run an experiment in the process of a worker."""
    use_threads(1)
    if library != _library():
        raise RuntimeError(
            f"the library in {Path(__file__).parents[1]} on this worker is another; "
            "install the same on each machine"
        )
    return run(*given, **more)


@cache
def _library():
    """Return a digest of the library's own code."""
    folder, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _hand_over(future, ray, done):
    """Give a future what a task of Ray returned or raised."""
    if not future.set_running_or_notify_cancel():
        return
    error = done.exception()
    if error is None:
        return future.set_result(done.result())
    if isinstance(error, ray.exceptions.RayTaskError):
        error = error.cause
    elif isinstance(error, ray.exceptions.WorkerCrashedError):
        error = RuntimeError(f"its worker was lost {LOST_WORKERS + 1} times")
    future.set_exception(error)
