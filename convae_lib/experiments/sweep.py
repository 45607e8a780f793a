"""Running many experiments: those that have no record yet."""

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from ..training.devices import use_threads
from .records import read_records, write_records

__all__ = ["Store", "expected_seconds", "finished", "processes", "sweep"]

UNKNOWN_SECONDS = 120.0

# Settings that hardly change how long a training takes, and those whose product it is.
UNLIKE = {"seed", "learning_rate", "measures", "permuted", "schedule", "loss"}
COUNTED = {"epochs", "images"}


class Store:
    """The records of some questions, in a folder of one file each.

    Parameters
    ----------
    folder : path-like
    questions : dict of str to list of Experiment
        Name of a file, without its ending, to the experiments whose records are
        in it, in this order.
    """

    def __init__(self, folder, questions):
        self.folder, self.questions = Path(folder), questions

    @property
    def experiments(self):
        """All experiments by their id."""
        return {e.id: e for asked in self.questions.values() for e in asked}

    def rows(self):
        """Return all rows by their id, from whichever file."""
        files = sorted(self.folder.glob("*.jsonl"))
        return {row["id"]: row for file in files for row in read_records(file)}

    def save(self, *new):
        """Write each file anew: the rows of its question, in its order."""
        rows = self.rows() | {row["id"]: row for row in new}
        for name, asked in self.questions.items():
            found = [e.label(rows[e.id]) for e in asked if e.id in rows]
            path = self.folder / f"{name}.jsonl"
            if found != read_records(path):
                write_records(path, found)

    def missing(self, names):
        """Return the experiments of some questions that have no record, each once."""
        rows = self.rows()
        asked = {e.id: e for name in names for e in self.questions[name]}
        return [experiment for id, experiment in asked.items() if id not in rows]


def processes(jobs):
    """Return an executor that runs so many experiments at once on this machine.

    Each has a new process, with its share of the cores.
    """
    return ProcessPoolExecutor(
        jobs,
        mp_context=get_context("spawn"),
        initializer=use_threads,
        initargs=(max(1, os.cpu_count() // jobs),),
        max_tasks_per_child=1,
    )


def sweep(store, experiments, images, *, executor=processes, jobs=1, models=None):
    """Run experiments, and save each record as it finishes.

    Those whose time is the result come last, one at a time. Stop it whenever you
    like: what was finished is kept.

    Parameters
    ----------
    store : Store
    experiments : list of Experiment
    images : Images
    executor : callable, default `processes`
        From a number of jobs to a ``concurrent.futures.Executor``.
    jobs : int, default 1
        Experiments at once.
    models : dict of str to callable, optional
        As in `Experiment.run`.

    Yields
    ------
    experiment : Experiment
    outcome : dict or Exception
        Its record, which is saved, or why there is none.
    """
    together = [e for e in experiments if not e.alone]
    alone = [e for e in experiments if e.alone]
    given = images, models
    for experiment, future in chain(
        finished(together, given, executor, jobs), finished(alone, given, executor, 1)
    ):
        outcome = future.exception() or future.result()
        if isinstance(outcome, dict):
            store.save(outcome)
        yield experiment, outcome


def expected_seconds(experiment, rows):
    """Guess how long an experiment takes, from the records that are most like it."""
    for ignored in (UNLIKE | COUNTED, UNLIKE | COUNTED | {"options"}):
        same = {k: v for k, v in experiment.settings.items() if k not in ignored}
        alike = [row for row in rows.values() if same.items() <= row.items()]
        if alike:
            seconds = median(row["wall_seconds"] / _images_seen(row) for row in alike)
            everything = max(row.get("images", 1) for row in alike)
            return seconds * _images_seen(experiment.settings, everything)
    return UNKNOWN_SECONDS


def _images_seen(settings, everything=1):
    return settings.get("epochs", 1) * (settings.get("images") or everything)


def finished(experiments, given, executor, jobs):
    """Yield each experiment with its future when it is done."""
    if not experiments:
        return
    workers = executor(jobs)
    try:
        running = {workers.submit(e.run, *given): e for e in experiments}
        for future in as_completed(running):
            yield running[future], future
    finally:
        workers.shutdown(cancel_futures=True)
