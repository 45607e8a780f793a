"""What a command tells: results on standard output, all else on standard error."""

import json
import sys
from contextlib import contextmanager
from math import isnan
from time import perf_counter

__all__ = ["Screen", "in_words"]


class Screen:
    """Lines for people or, with `json`, one object for machines; notes and progress.

    Parameters
    ----------
    json : bool, default False
        Whether standard output gets one JSON object, at the end, and nothing else.

    Notes
    -----
    Progress, with the time that is left, is drawn on standard error, and only where that
    is a terminal: what is piped or kept in a file has none.
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
        """Draw how far a command has come.

        Parameters
        ----------
        what : str
        total : int, optional
            Where it is not known yet, the callable is told.

        Yields
        ------
        callable
            Takes what is done and, where they are known better now: of how much, what
            is done, and the seconds that are left, NaN if nobody knows.
        """
        bar = _bar()
        if bar is None:
            yield lambda done, total=None, what=None, left=None: None
            return
        begin = perf_counter()
        with bar:
            task = bar.add_task(what, total=total, left="")

            def advance(done, total=total, what=what, left=None):
                if left is None and done and total:
                    left = (perf_counter() - begin) * (total - done) / done
                told = "" if left is None or isnan(left) else f"{in_words(left)} left"
                bar.update(
                    task, completed=done, total=total, description=what, left=told
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
