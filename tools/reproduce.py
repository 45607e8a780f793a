"""Train what the book reports, as far as no record of it exists: ``make reproduce``.

    python -m tools.reproduce                     all that is missing in results/
    python -m tools.reproduce equal_sizes speed   these questions only
    python -m tools.reproduce --cost              say what is missing and what it takes
    python -m tools.reproduce --quick             repeat a few short records
    python -m tools.reproduce --repeat re69b5638  repeat one record and compare

Records are kept as they finish; stop it whenever you like, and go on later.
"""

import argparse
import os
import sys
from pathlib import Path
from time import perf_counter

from convae_lib import load_fashion_mnist
from convae_lib.experiments import Store, repeat, sweep
from convae_lib.experiments.repeat import tolerance
from convae_lib.experiments.sweep import expected_seconds

ROOT = Path(__file__).resolve().parents[1]
REAL, DRAWN = ROOT / "results", ROOT / "_build" / "results-of-the-stand-in"


def tell_sweep(store, experiments, images, jobs):
    """Run experiments, print what becomes of each, and return how many failed."""
    rows, begin = store.rows(), perf_counter()
    left = {e.id: expected_seconds(e, rows) for e in experiments}
    all_seconds, failed = sum(left.values()), 0
    for experiment, outcome in sweep(store, experiments, images, jobs=jobs):
        del left[experiment.id]
        if isinstance(outcome, dict):
            told = f"{summary(outcome)}, {outcome['wall_seconds']:.0f} s"
        else:
            failed += 1
            told = f"failed: {outcome!r}"
        passed, expected = perf_counter() - begin, sum(left.values())
        rest = passed * expected / max(all_seconds - expected, 1e-9)
        done = f"[{len(experiments) - len(left)}/{len(experiments)}]"
        print(
            f"{done} {describe(experiment)}: {told}; {duration(rest)} to go", flush=True
        )
    return failed


def describe(experiment):
    seed = f", seed {experiment.seed}" if hasattr(experiment, "seed") else ""
    return f"{experiment.id} {experiment.name} {experiment.recipe}".rstrip() + seed


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


def tell_repeat(store, ids, images):
    """Run records again beside what is stored; return how many differ too much."""
    different = 0
    for experiment, numbers in repeat(store, ids, images):
        print(describe(experiment))
        print(f"{'':28s}{'published':>12s}{'ours':>12s}{'difference':>12s}")
        for number in numbers:
            print(
                f"  {number.key:26s}{number.stored:12.5g}{number.now:12.5g}"
                f"{number.now - number.stored:+12.2g}"
            )
        if told := [number.key for number in numbers if number.differs]:
            print(f"  more than {tolerance(experiment):.1%} apart: {', '.join(told)}")
            different += 1
    return different


def main():
    # Here, for each worker process imports this file: it shall not list them again.
    from results.questions import QUESTIONS, QUICK

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
    images = load_fashion_mnist()
    print(images)
    store = Store(DRAWN if images.is_stand_in else REAL, QUESTIONS)
    if chosen.quick or chosen.repeat:
        try:
            ids = chosen.repeat or [experiment.id for experiment in QUICK]
            sys.exit(tell_repeat(store, ids, images))
        except KeyError as error:
            sys.exit(f"no record {error}; each line of results/*.jsonl begins with one")
    missing = store.missing(chosen.questions or QUESTIONS)
    rows = store.rows()
    cost = sum(expected_seconds(e, rows) for e in missing) / chosen.jobs
    print(
        f"{len(rows)} records are there. Missing: {len(missing)}, about "
        f"{duration(cost)} with {chosen.jobs} at once."
    )
    if chosen.cost:
        return
    store.save()  # labels may have changed, and rows gone from the list
    try:
        failed = tell_sweep(store, missing, images, chosen.jobs)
    except KeyboardInterrupt:
        sys.exit("stopped; what was finished is kept")
    left = len(store.missing(QUESTIONS))
    print(f"{failed} failed, {left} left to do.")
    sys.exit(failed > 0)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
