"""Running many experiments: those that have no record yet."""

import json
import os
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import chain
from multiprocessing import get_context
from statistics import median

from ..training.devices import use_threads

__all__ = ["expected_seconds", "finished", "processes", "sweep"]

UNKNOWN_SECONDS = 120.0

# Settings that hardly change how long a training takes, and those whose product it is.
UNLIKE = {"seed", "learning_rate", "measures", "permuted", "schedule", "loss"}
COUNTED = {"epochs", "images"}


def processes(jobs):
    """Return an executor that runs so many experiments at once on this machine.

    Each has a new process, with its share of the cores.

    Parameters
    ----------
    jobs : int

    Returns
    -------
    concurrent.futures.ProcessPoolExecutor

    Examples
    --------
    >>> with processes(jobs=1) as executor:
    ...     executor.submit(max, 2, 3).result()
    3
    """
    return ProcessPoolExecutor(
        jobs,
        mp_context=get_context("spawn"),
        initializer=use_threads,
        initargs=(max(1, os.cpu_count() // jobs),),
        max_tasks_per_child=1,
    )


def sweep(
    store,
    experiments,
    images,
    *,
    executor=processes,
    jobs=1,
    alone=None,
    models=None,
    **more,
):
    """Run experiments, and save each record as it finishes.

    Those whose time is the result come last, one at a time. Stop it whenever you
    like: what was finished is kept. Each is a new process: in a script, call it under
    ``if __name__ == "__main__":``.

    Parameters
    ----------
    store : Store
    experiments : list of Experiment
    images : Images
    executor : callable, default `processes`
        From a number of jobs to a ``concurrent.futures.Executor``.
    jobs : int, default 1
        Experiments at once.
    alone : callable, optional
        What runs those whose time is the result, in place of `executor`: on a cluster,
        give `processes`, which runs them on this machine.
    models : dict of str to callable, optional
    **more
        As in `Experiment.run`.

    Yields
    ------
    experiment : Experiment
    outcome : dict or Exception
        Its record, which is saved, or why there is none.

    Raises
    ------
    ValueError
        At the first result, if the store has records from other images, or does not
        have one of the experiments in its questions; nothing is run then.

    Warns
    -----
    UserWarning
        If a record cannot be saved, for the disk is full, say. It is kept, and saved
        with the next one; what is left in the end is part of the warning.

    Examples
    --------
    How well do four numbers for each 2x2 patch serve images of one's own? In a notebook:

    >>> from tempfile import mkdtemp
    >>> import numpy as np
    >>> from convae_lib.data import Images
    >>> from convae_lib.experiments import LinearCode, Store, repeat, sweep
    >>> mine = np.random.default_rng(0).random((60, 8, 8), np.float32)
    >>> images = Images(train=mine[:40], valid=mine[40:50], test=mine[50:], name="mine")
    >>> codes = [LinearCode(name="patches", patch=2, components=k) for k in (1, 4)]
    >>> store = Store(mkdtemp(), {"codes": codes})
    >>> for experiment, row in sweep(store, codes, images):
    ...     print(experiment.components, round(row["val_mse"], 4))
    1 0.0689
    4 0.0
    >>> for experiment, numbers in repeat(store, [codes[0].id], images):
    ...     print([number.key for number in numbers if number.differs])
    []
    """
    refuse_what_cannot_be_saved(store, experiments, images)
    together = [e for e in experiments if not e.alone]
    timed = [e for e in experiments if e.alone]
    given, unsaved = (images, models), []
    try:
        for experiment, future in chain(
            finished(together, given, executor, jobs, **more),
            finished(timed, given, alone or executor, 1, **more),
        ):
            outcome = future.exception() or future.result()
            if isinstance(outcome, dict):
                unsaved.append(outcome)
                if told := save_or_tell(store, unsaved):
                    warnings.warn(
                        f"{told}: {outcome['id']} is kept, and saved with the next "
                        "record; make room for it",
                        stacklevel=2,
                    )
            yield experiment, outcome
    finally:
        if unsaved and (told := save_or_tell(store, unsaved)):
            lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in unsaved)
            file = store.path(
                next(iter(store.questions))
            )  # each finds its own from there
            warnings.warn(
                f"{told}: when there is room, add these lines to {file}:\n{lines}",
                stacklevel=2,
            )


def refuse_what_cannot_be_saved(store, experiments, images):
    """Raise a ValueError for experiments or images whose records a store cannot keep."""
    if unknown := {e.id for e in experiments} - store.experiments.keys():
        raise ValueError(f"no question asks for {', '.join(sorted(unknown))}")
    if all(e.images_from is not None for e in experiments):
        return  # each refuses other images by itself
    known = store.experiments
    for id, row in store.rows().items():
        if id in known and known[id].images_from is not None:
            continue
        if row["images_from"] != images.name:
            raise ValueError(
                f"{store.folder} has records from {row['images_from']}, as {row['id']}; "
                f"keep those from {images.name} in another folder"
            )


def save_or_tell(store, rows):
    """Save records and forget them, or return why they could not be saved."""
    try:
        store.save(*rows)
    except (OSError, ValueError) as error:
        return f"{store.folder} cannot be written ({error})"
    rows.clear()


def expected_seconds(experiment, rows):
    """Guess how long an experiment takes, from the records that are most like it."""
    for ignored in (UNLIKE | COUNTED, UNLIKE | COUNTED | {"options"}):
        same = {k: v for k, v in experiment.settings.items() if k not in ignored}
        alike = [
            row
            for row in rows.values()
            if same.items() <= row.items() and "wall_seconds" in row
        ]
        if alike:
            seconds = median(row["wall_seconds"] / _images_seen(row) for row in alike)
            everything = max(row.get("images", 1) for row in alike)
            return seconds * _images_seen(experiment.settings, everything)
    return UNKNOWN_SECONDS


def _images_seen(settings, everything=1):
    return settings.get("epochs", 1) * (settings.get("images") or everything)


def finished(experiments, given, executor, jobs, **more):
    """Yield each experiment with its future when it is done."""
    if not experiments:
        return
    workers = executor(jobs)
    try:
        running = {workers.submit(e.run, *given, **more): e for e in experiments}
        for future in as_completed(running):
            yield running[future], future
    finally:
        workers.shutdown(cancel_futures=True)
