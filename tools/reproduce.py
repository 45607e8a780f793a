"""Train what the book reports, as far as no record of it exists: ``make reproduce``.

    python -m tools.reproduce                     all that is missing in results/
    python -m tools.reproduce equal_sizes speed   these questions only
    python -m tools.reproduce --cost              say what is missing and what it takes
    python -m tools.reproduce --quick             repeat a few short records
    python -m tools.reproduce --repeat re69b5638  repeat one record and compare
    python -m tools.reproduce weights             train the networks that ship
    python -m tools.reproduce --ray 10.0.0.7:6379 on the cores of a cluster of Ray
    python -m tools.reproduce --ray local         by Ray on this machine

Records are kept as they finish; stop it whenever you like, and go on later.
"""

import argparse
import os
import signal
import sys
import warnings
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from time import perf_counter

from convae_lib import load_fashion_mnist, photograph_tiles
from convae_lib.commands.screen import silent
from convae_lib.experiments import Store, repeat, sweep
from convae_lib.experiments.repeat import tolerance
from convae_lib.experiments.sweep import expected_seconds, processes

ROOT = Path(__file__).resolve().parents[1]
REAL, DRAWN = ROOT / "results", ROOT / "_build" / "results-of-the-stand-in"
WEIGHTS = "weights"  # the question whose networks ship
SHIPPED = ROOT / "convae_lib" / "weights"
IMAGES = {"photographs": photograph_tiles}  # others than Fashion-MNIST, by their names


def tell_sweep(store, experiments, images, jobs, **more):
    """Run experiments, print what becomes of each, and return how many failed."""
    rows, begin = store.rows(), perf_counter()
    left = {e.id: expected_seconds(e, rows) for e in experiments}
    all_seconds, failed = sum(left.values()), 0
    for experiment, outcome in sweep(store, experiments, images, jobs=jobs, **more):
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
    if not minutes:
        return "less than a minute"
    return (
        f"{minutes // 60} h {minutes % 60:02d} min"
        if minutes >= 60
        else f"{minutes} min"
    )


def tell_repeat(store, ids, images):
    """Run records again beside what is stored; return how many differ too much."""
    bad = 0
    for place, (experiment, numbers) in enumerate(repeat(store, ids, images), 1):
        print(f"[{place}/{len(ids)}] {describe(experiment)}", flush=True)
        if isinstance(numbers, Exception):
            print(f"  failed: {numbers!r}")
            bad += 1
            continue
        print(f"{'':28s}{'record':>12s}{'repeated':>12s}{'difference':>12s}")
        for number in numbers:
            print(
                f"  {number.key:26s}{number.stored:12.5g}{number.now:12.5g}"
                f"{number.now - number.stored:+12.2g}"
            )
        allowed = f"{tolerance(experiment):.1%}"
        scores = [n for n in numbers if n.compared and isinstance(n.stored, float)]
        if told := [number.key for number in numbers if number.differs]:
            print(f"  NOT repeated, more than {allowed} apart: {', '.join(told)}")
            bad += 1
        elif scores:
            print(f"  repeated: every score is within {allowed} of the record")
        else:
            print("  no score to compare: times differ from machine to machine")
    return bad


def read_arguments(arguments, questions):
    """Return what the command line asks for; end where it asks for what is not there."""
    parser = argparse.ArgumentParser(
        "tools.reproduce", description="Make the records of the book."
    )
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
        help="trainings at once, each with its share of the cores (1 with a GPU)",
    )
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="train on a cluster of Ray, one core a training: HOST:PORT, auto or local",
    )
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.questions if name not in questions]:
        parser.error(
            f"no question {', '.join(unknown)}; there are {', '.join(questions)}"
        )
    if chosen.quick or chosen.repeat:
        if chosen.questions or chosen.jobs is not None or chosen.ray:
            parser.error(
                "records are repeated by id, one at a time: no questions, no --jobs, "
                "no --ray"
            )
    elif chosen.jobs is not None and chosen.ray not in (None, "local"):
        parser.error(f"--jobs {chosen.jobs}: the cores of {chosen.ray} say how many")
    elif chosen.jobs is None:
        chosen.jobs = min(os.cpu_count() or 1, 61)  # Windows takes no more at once
    elif chosen.jobs < 1:
        parser.error(f"--jobs {chosen.jobs} must be a whole number from 1 up")
    if chosen.ray:
        from convae_lib.experiments.cluster import on_ray

        try:
            chosen.executor = on_ray(chosen.ray)
        except (ValueError, ImportError) as error:
            parser.error(f"--ray {chosen.ray}: {error}")
    return chosen


def tell_missing(sources, chosen):
    """Say what is missing, in a line for all sources of images together."""
    rows, missing = {}, {}
    for store, names, _, shipped in sources:
        rows |= store.rows()  # of one folder, or of two that share no record
        missing |= {name: find_missing(store, [name], shipped) for name in names}
    cost = sum(expected_seconds(e, rows) for some in missing.values() for e in some)
    count = sum(map(len, missing.values()))
    told = f"about {duration(cost / chosen.jobs)} with {chosen.jobs} at once"
    if chosen.ray not in (None, "local"):
        told = f"about {duration(cost)} of one core"
    if not count:
        told = "nothing to do"
    of = ", ".join(f"{name} {len(some)}" for name, some in missing.items() if some)
    print(
        f"{len(rows)} records are there. Missing: {count}{f' ({of})' if of else ''}, "
        f"{told}."
    )


def make(store, names, images, shipped, chosen):
    """Make what is missing; return how many runs failed, and what is missing then."""
    missing = find_missing(store, names, shipped)
    store.tidy()  # labels may have changed, and rows gone from the list
    with_weights = {e.id for e in store.questions.get(WEIGHTS, ())}
    others = {}
    if chosen.ray:
        others = dict(executor=chosen.executor, alone=processes)
        here = sum(e.alone or e.id in with_weights for e in missing)
        if here:
            print(
                f"{here} of them run on this machine: timings, and weights that ship."
            )
    kept = {"keep": partial(keep_weights, shipped)}
    failed = sum(
        tell_sweep(
            store,
            [e for e in missing if (e.id in with_weights) is ships],
            images,
            chosen.jobs,
            **more,
        )
        for ships, more in ((False, others), (True, kept))
    )
    return failed, len(find_missing(store, names, shipped))


def find_missing(store, names, shipped):
    """Return the experiments whose record is missing, or whose weights are."""
    missing = store.missing(names)
    if WEIGHTS in names:
        from convae_lib import trained_networks  # here: it loads TensorFlow

        kept = {made["record"] for made in trained_networks(shipped).values()}
        asked = store.questions[WEIGHTS]
        missing += [e for e in asked if e.id not in kept and e not in missing]
    return missing


def keep_weights(folder, experiment, model, images):
    """Write the weights of a network that was trained, under its name."""
    from convae_lib.models.trained import write_trained

    write_trained(
        folder,
        experiment.name,
        model,
        record=experiment.id,
        build=experiment.model,
        options={"image_shape": images.image_shape, **experiment.options},
        images_from=images.name,
    )


def repeat_all(store, ids, images):
    """Repeat records; return how many differ too much."""
    rows, known = store.rows(), store.experiments
    for id in ids:
        if id not in known:
            sys.exit(
                f"no experiment {id}; each line of results/*.jsonl begins with one"
            )
        if id not in rows:
            sys.exit(f"{store.folder} has no record {id} yet: make reproduce makes it")
    return tell_repeat(store, ids, images)


def by_images(names, source):
    """Yield each source of images with those of the names that it serves."""
    sources = [source(name) for name in names]
    for one in dict.fromkeys(sources):
        yield one, [name for name, other in zip(names, sources) if other == one]


def source_of(experiments):
    """Return the images that a question is made for; None for Fashion-MNIST."""
    return experiments[0].images_from


def given(source, questions):
    """Return the store, the images, and where weights go, for one source of images."""
    images = load_fashion_mnist() if source is None else IMAGES[source]()
    print(images)
    drawn = source is None and images.is_stand_in
    shipped = DRAWN / WEIGHTS if drawn else SHIPPED
    return Store(DRAWN if drawn else REAL, questions), images, shipped


def stop(number, frame):
    """End with the workers, which would go on alone; a Ctrl+C reaches them by itself."""
    for worker in active_children():
        worker.terminate()
    raise KeyboardInterrupt


def main(arguments=None):
    # Here, for each worker process imports this file: it shall not list them again.
    with silent():  # of TensorFlow, which is loaded for it
        from results.questions import QUESTIONS, QUICK

    chosen = read_arguments(arguments, QUESTIONS)
    try:
        bad = 0
        if chosen.quick or chosen.repeat:
            ids = chosen.repeat or [experiment.id for experiment in QUICK]
            own = {e.id: e.images_from for asked in QUESTIONS.values() for e in asked}
            for source, some in by_images(ids, own.get):
                store, images, _ = given(source, QUESTIONS)
                bad += repeat_all(store, some, images)
        else:
            names = chosen.questions or QUESTIONS
            sources = []
            for source, some in by_images(
                names, lambda name: source_of(QUESTIONS[name])
            ):
                store, images, shipped = given(source, QUESTIONS)
                sources.append((store, some, images, shipped))
            tell_missing(sources, chosen)
            if not chosen.cost:
                made = [make(*source, chosen) for source in sources]
                failed, bad = map(sum, zip(*made))
                print(f"{failed} failed, {bad} left to do.")
    except KeyboardInterrupt:
        sys.exit("stopped; what was finished is kept")
    except (
        OSError,
        ValueError,
    ) as error:  # of files; what fails in a run is told there
        sys.exit(str(error))
    sys.exit(bad > 0)


if __name__ == "__mp_main__":  # a worker: it loads TensorFlow in any case
    with silent():
        import keras  # noqa: F401

if __name__ == "__main__":
    warnings.formatwarning = lambda message, *_: f"{message}\n"
    signal.signal(signal.SIGTERM, stop)
    main()
