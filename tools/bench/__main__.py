"""What the matrices cost to build and to apply: ``make bench``.

Everything runs on one thread. Ratios of median times are printed and stored, for the
convolution matrix in results/conv_matrix.json, for Jacobians in results/jacobians.json,
for what makes training faster in results/profile.json: seconds say more about the machine
than about the code. What a second process is worth is in results/workers.json, with the
seconds it is a ratio of: what is computed from them is how many processes a network feeds.
"""

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from convae_lib.checks import write_whole
from convae_lib.experiments.experiment import plain
from convae_lib.experiments.records import digest
from convae_lib.training.devices import describe_device
from tools.bench.apart import measured_apart
from tools.bench.jacobians import jacobian_rows
from tools.bench.profiles import device, profile_rows
from tools.bench.rows import (
    APPLIED,
    apply_row,
    build_rows,
    goals,
    growth_rows,
    rounded,
    transposed_rows,
)
from tools.bench.workers import worker_times

RESULTS = Path(__file__).resolve().parents[2] / "results"

# The libraries read these when they are loaded.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def main():
    parser = argparse.ArgumentParser("tools.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=11, help="7 or more")
    parser.add_argument(
        "--only", choices=PARTS, help="write one of the files (all if left out)"
    )
    parser.add_argument("--apply", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.repeats < 7:
        parser.error(f"--repeats {options.repeats}: a median needs at least 7")
    if not ENVIRONMENT.items() <= os.environ.items():
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, os.environ | ENVIRONMENT)
    if options.apply:
        rows = [apply_row(layer, options.repeats) for layer in APPLIED]
        return print(json.dumps(rounded(rows)))
    for name, measure in PARTS.items():
        if options.only in (None, name):
            results = measure(options.repeats)
            results["digest"] = digest(results)
            text = json.dumps(results, indent=1, ensure_ascii=False)
            write_whole(RESULTS / f"{name}.json", text + "\n")
            print(f"\nwritten: results/{name}.json")


def conv_matrix(repeats):
    """Return what results/conv_matrix.json holds."""
    results = about_ratios("numpy", "scipy")
    parts = {"build": build_rows, "transposed": transposed_rows, "growth": growth_rows}
    for name, rows in parts.items():
        results[name] = rounded(rows(repeats))
        show(name, results[name])
    results["apply"] = [
        row for onednn in "10" for row in apply_in_a_process(onednn, repeats)
    ]
    show("apply", results["apply"])
    results["goals"] = rounded(goals(results))
    show("goals", results["goals"])
    return results


def jacobians(repeats):
    """Return what results/jacobians.json holds."""
    results = about_ratios("keras", "jax", "asdex", "scipy")
    results["networks"] = rounded(jacobian_rows(repeats))
    show("networks", results["networks"])
    return results


def workers(repeats):
    """Return what results/workers.json holds."""
    found = plain(worker_times(repeats))
    for name in ("seconds_per_step", "sum_seconds", "ratio"):
        rows = found[name]
        nested = isinstance(next(iter(rows.values())), dict)
        show(
            name, [{"processes": k, **v} for k, v in rows.items()] if nested else [rows]
        )
    return {
        "about": "Median seconds, one thread a process; written by make bench.",
        "device": describe_device(),
        "versions": versions("keras", "jax", "numpy"),
        **found,
    }


def profile(repeats):
    """Return what results/profile.json holds."""
    about = "Ratios of processor times, medians of rounds, one thread; by make bench."
    results = versions("keras", "tensorflow", "jax")
    results |= {"about": about, "device": device()}
    results["networks"] = rounded(profile_rows(rounds=repeats))
    show("networks", results["networks"])
    return results


PARTS = {
    "conv_matrix": conv_matrix,
    "jacobians": jacobians,
    "profile": profile,
    "workers": workers,
}


def about_ratios(*packages):
    about = "Ratios of median times, one thread; written by make bench."
    return {"about": about, **versions(*packages)}


def versions(*packages):
    found = {name: version(name) for name in packages}
    return {"python": platform.python_version(), **found}


def apply_in_a_process(onednn, repeats):
    """Return the rows of a process of its own: TensorFlow chooses oneDNN at start-up."""
    asked = "tools.bench", "--apply", "--repeats", repeats
    return measured_apart(*asked, TF_ENABLE_ONEDNN_OPTS=onednn)


def show(title, rows):
    """Print rows as a table, ratios first."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    names.sort(key=lambda name: "_over_" not in name and not name.startswith("over_"))
    cells = [[_told(row.get(name, "")) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells)]
    print(f"\n{title}")
    for line in [names, *cells]:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths)))
    sys.stdout.flush()


def _told(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
