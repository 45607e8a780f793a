"""What a command tells: results on standard output, all else on standard error."""

import json
import logging
import os
import sys
from contextlib import contextmanager, suppress
from math import isnan
from threading import Event, Thread
from time import perf_counter

__all__ = ["Screen", "in_words", "silent"]

SECONDS = 30
"""Between two lines of progress, where no bar is drawn."""


class Screen:
    """Lines for people or, with `json`, one object for machines; notes and progress.

    Parameters
    ----------
    json : bool, default False
        Whether standard output gets one JSON object, at the end, and nothing else.

    Notes
    -----
    Progress, with the time that is left, is told on standard error: as a bar where that
    is a terminal, else as a plain line every half a minute.
    """

    def __init__(self, json=False):
        self.json = json

    def line(self, text=""):
        """Print a line for people."""
        if not self.json:
            print(text, flush=True)

    def note(self, text):
        """Print a line that is no result."""
        print(text, file=sys.stderr, flush=True)

    def result(self, **values):
        """Print the result for machines."""
        if self.json:
            print(json.dumps(values, ensure_ascii=False, default=_plain), flush=True)

    @contextmanager
    def progress(self, what, total=None):
        """Tell how far a command has come.

        Parameters
        ----------
        what : str
        total : int, optional
            Where it is not known yet, the callable is told.

        Yields
        ------
        callable
            Takes what is done and, where they are known better now: of how much, what
            is done, the seconds that are left, NaN if nobody knows, and the epoch, for
            each of which there is one line at most.
        """
        begin = perf_counter()
        with _bar() or _Lines(self.note) as shown:
            task = shown.add_task(what, total=total, left="", epoch=None)

            def advance(done, total=total, what=what, left=None, epoch=None):
                if left is None and done and total:
                    left = (perf_counter() - begin) * (total - done) / done
                told = "" if left is None or isnan(left) else f"{in_words(left)} left"
                shown.update(
                    task,
                    completed=done,
                    total=total,
                    description=what,
                    left=told,
                    epoch=epoch,
                )

            yield advance


def in_words(seconds):
    """Return a time as it is read.

    Examples
    --------
    >>> in_words(0.26), in_words(75), in_words(7260)
    ('0.3 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


@contextmanager
def silent(debug=False):
    """Keep what libraries write while they start to themselves; with `debug` show it.

    TensorFlow writes lines about processors and cards past Python, before any setting
    reaches it; those that it writes later, the setting holds back.
    """
    if debug:
        yield
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    sys.stderr.flush()
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


class _Lines:
    """What `_bar` returns, as far as it is used here, in plain lines.

    They come from a thread of their own, for a compilation or a PCA says nothing itself.
    """

    def __init__(self, note):
        self.note, self.begin, self.ended = note, perf_counter(), Event()
        self.thread = Thread(target=self._tell, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        self.thread.join()

    def add_task(self, what, **fields):
        self.now = {"description": what, "completed": 0, **fields}

    def update(self, task, **fields):
        self.now = fields

    def _tell(self):
        epoch = None
        while not self.ended.wait(SECONDS):
            now = self.now
            if now["epoch"] is not None and now["epoch"] == epoch:
                continue
            epoch = now["epoch"]
            text = f"[{in_words(perf_counter() - self.begin)}] {now['description']}"
            if now["total"] and epoch is None:
                text += f": {now['completed']:,} of {now['total']:,}"
            with suppress(OSError, ValueError):  # nobody reads it any more
                self.note(", ".join(filter(None, [text, now["left"]])))


def _bar():
    """Return a bar of rich's, or None where nobody would see it."""
    if not sys.stderr.isatty():
        return None
    try:
        from rich import progress
        from rich.console import Console
    except ModuleNotFoundError:  # it comes with the extra `commands`, and with Keras
        return None
    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TextColumn("{task.fields[left]}"),
        console=Console(stderr=True),
        redirect_stdout=sys.stdout.isatty(),  # else what is piped would go astray
        transient=True,
    )


def _plain(value):
    """Return a number of NumPy's as Python's, a path as a string."""
    return value.item() if hasattr(value, "item") else str(value)
