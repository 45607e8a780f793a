"""The progress of a training, told by a worker and heard in the driver."""

from contextlib import contextmanager, suppress
from functools import partial
from threading import Thread

__all__ = ["heard_here"]


@contextmanager
def heard_here(ray, progress):
    """Have `progress` called in this process, in a thread, until the block ends.

    Parameters
    ----------
    ray : module
        Of a session.
    progress : callable or None

    Yields
    ------
    callable or None
        What a worker calls in place of `progress`.
    """
    if progress is None:
        yield None
        return
    from ray.util.queue import Queue

    queue = Queue(actor_options={"num_cpus": 0})

    def hear():
        with suppress(ray.exceptions.RayError):  # Ray was shut down
            while (place := queue.get()) is not None:
                progress(*place)

    thread = Thread(target=hear, daemon=True)
    thread.start()
    try:
        yield partial(_tell, queue)
    finally:
        with suppress(ray.exceptions.RayError):
            queue.put(None)
        thread.join(timeout=10)


def _tell(queue, *place):
    queue.put(place)
