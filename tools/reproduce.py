"""Train what the book reports, as far as no record of it exists: ``make reproduce``.

    python tools/reproduce.py                     all that is missing in results/
    python tools/reproduce.py equal_sizes speed   these questions only
    python tools/reproduce.py --cost              say what is missing and what it takes
    python tools/reproduce.py --quick             repeat a few short records
    python tools/reproduce.py --repeat re69b5638  repeat one record and compare

Records are kept as they finish; stop it whenever you like, and go on later.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import tensorflow as tf

from convae_lib import load_fashion_mnist
from convae_lib.experiments import read_records, write_records
from tools.questions import QUESTIONS, QUICK

REAL, DRAWN = ROOT / "results", ROOT / "_build" / "results-of-the-stand-in"
UNKNOWN_SECONDS = 120.0
SCORES = ("val_", "test_", "bits_per_image")


class Store:
    """The records of all questions, in a folder of one file each."""

    def __init__(self, folder, questions):
        self.folder, self.questions = folder, questions

    def rows(self):
        """Return all rows by their id, from whichever file."""
        files = sorted(self.folder.glob("*.jsonl"))
        return {row["id"]: row for file in files for row in read_records(file)}

    def save(self, *new):
        """Write each file anew: the rows of its question, in its order."""
        rows = self.rows() | {row["id"]: row for row in new}
        for name, tasks in self.questions.items():
            found = [task.label(rows[task.id]) for task in tasks if task.id in rows]
            path = self.folder / f"{name}.jsonl"
            if found != read_records(path):
                write_records(path, found)

    def missing(self, names):
        """Return the tasks of some questions that have no record, each once."""
        rows = self.rows()
        tasks = {task.id: task for name in names for task in self.questions[name]}
        return [task for id, task in tasks.items() if id not in rows]


def expected_seconds(task, rows):
    """Guess how long a task takes, from the records that are most like it."""
    unlike = {"seed", "learning_rate", "measures", "permuted", "schedule", "loss"}
    unlike |= {"epochs", "images"}  # the time grows with their product
    for ignored in (unlike, unlike | {"options"}):
        same = {k: v for k, v in task.settings.items() if k not in ignored}
        alike = [
            row
            for row in rows.values()
            if all(row.get(key) == value for key, value in same.items())
        ]
        if alike:
            seconds = median(row["wall_seconds"] / images_seen(row) for row in alike)
            everything = max(row.get("images", 1) for row in alike)
            return seconds * images_seen(task.settings, everything)
    return UNKNOWN_SECONDS


def images_seen(settings, everything=1):
    return settings.get("epochs", 1) * (settings.get("images") or everything)


def prepare(threads):
    """Make a worker process ready: its share of the cores."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


def run(task):
    return task.run(load_fashion_mnist())


def pool(jobs):
    threads = max(1, os.cpu_count() // jobs)
    return ProcessPoolExecutor(
        jobs,
        mp_context=get_context("spawn"),
        initializer=prepare,
        initargs=(threads,),
        max_tasks_per_child=1,
    )


def finished(tasks, jobs):
    """Run tasks, several at once, and yield each with its future when it is done."""
    workers = pool(jobs)
    try:
        running = {workers.submit(run, task): task for task in tasks}
        for future in as_completed(running):
            yield running[future], future
    finally:
        workers.shutdown(cancel_futures=True)


def sweep(store, tasks, jobs):
    """Run tasks, save each record as it finishes, and return how many failed.

    Those whose time is the result come last, one at a time.
    """
    rows, begin = store.rows(), perf_counter()
    left = {task.id: expected_seconds(task, rows) for task in tasks}
    all_seconds, failed = sum(left.values()), 0
    together = finished([task for task in tasks if not task.alone], jobs)
    alone = finished([task for task in tasks if task.alone], 1)
    for task, future in chain(together, alone):
        del left[task.id]
        if future.exception():
            failed += 1
            told = f"failed: {future.exception()!r}"
        else:
            row = future.result()
            store.save(row)
            told = f"{summary(row)}, {row['wall_seconds']:.0f} s"
        passed, ahead = perf_counter() - begin, sum(left.values())
        ahead *= passed / (all_seconds - ahead)
        place = f"[{len(tasks) - len(left)}/{len(tasks)}]"
        print(f"{place} {describe(task)}: {told}; {duration(ahead)} left", flush=True)
    return failed


def describe(task):
    seed = f", seed {task.seed}" if hasattr(task, "seed") else ""
    return f"{task.id} {task.name} {task.recipe}".rstrip() + seed


def summary(row):
    if row.get("val_excess") is not None:
        return f"loss {row['val_loss']:.4f}, excess {row['val_excess']:.4f}"
    return "diverged" if "val_excess" in row else "measured"


def duration(seconds):
    minutes = round(seconds / 60)
    return (
        f"{minutes // 60} h {minutes % 60:02d} min"
        if minutes >= 60
        else f"{minutes} min"
    )


def repeat(store, ids):
    """Run records again, beside what is published; return how many differ.

    Counts the records whose score differs by more than the tolerance.
    """
    rows = store.rows()
    tasks = {task.id: task for tasks in store.questions.values() for task in tasks}
    for id in ids:
        if id not in tasks or id not in rows:
            sys.exit(f"no record {id!r}; each line of results/*.jsonl begins with one")
    apart = 0
    for task, future in finished([tasks[id] for id in ids], 1):
        published, ours = rows[task.id], future.result()
        print(describe(task))
        print(f"{'':28s}{'published':>12s}{'ours':>12s}{'difference':>12s}")
        told = []
        for key, value in published.items():
            if isinstance(value, float) and key not in task.settings:
                now = float("nan") if ours[key] is None else ours[key]
                print(f"  {key:26s}{value:12.5g}{now:12.5g}{now - value:+12.2g}")
                close = abs(now - value) <= task.tolerance * abs(value)
                if key.startswith(SCORES) and not close:
                    told.append(key)
        if told:
            print(f"  more than {task.tolerance:.1%} apart: {', '.join(told)}")
            apart += 1
    return apart


def main():
    parser = argparse.ArgumentParser(description="Make the records of the book.")
    parser.add_argument("questions", nargs="*", metavar="question", help="file names")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--cost", action="store_true", help="only say what is missing")
    instead.add_argument("--quick", action="store_true", help="repeat short records")
    instead.add_argument(
        "--repeat", metavar="ID", nargs="+", help="repeat these records"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count(),
        help="trainings at once, each with its share of the cores (1 with a GPU)",
    )
    chosen = parser.parse_args()
    unknown = set(chosen.questions) - set(QUESTIONS)
    if unknown:
        parser.error(
            f"no question {', '.join(unknown)}; there are {', '.join(QUESTIONS)}"
        )
    data = load_fashion_mnist()
    print(data)
    store = Store(DRAWN if data.is_stand_in else REAL, QUESTIONS)
    if chosen.quick or chosen.repeat:
        sys.exit(repeat(store, chosen.repeat or [task.id for task in QUICK]))
    tasks = store.missing(chosen.questions or QUESTIONS)
    rows = store.rows()
    cost = sum(expected_seconds(task, rows) for task in tasks) / chosen.jobs
    print(
        f"{len(rows)} records are there. Missing: {len(tasks)}, about {duration(cost)} "
        f"with {chosen.jobs} at once."
    )
    if chosen.cost:
        return
    store.save()  # labels may have changed, and rows gone from the list
    try:
        failed = sweep(store, tasks, chosen.jobs)
    except KeyboardInterrupt:
        sys.exit("stopped; what was finished is kept")
    left = len(store.missing(QUESTIONS))
    print(f"{failed} failed, {left} left to do.")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
