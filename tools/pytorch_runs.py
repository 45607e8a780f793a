"""Repeat the training of *The same in PyTorch* with other seeds: ``make notebooks-torch``.

It takes imports, functions and constants from the chapter itself, so that what is
recorded in results/pytorch.json is what the page shows, and trains what has no record
there yet: nine runs, each of one to two minutes on one core. Each is saved as it
finishes.

    python -m tools.pytorch_runs
"""

import ast
import json
import os
import platform
import sys
from importlib.metadata import version
from time import process_time

from convae_lib import load_fashion_mnist
from convae_lib.checks import write_whole
from tools.notebooks import ROOT, TORCH, code_cells, read

FILE = ROOT / "results" / "pytorch.json"
SEEDS = range(1, 4)
OTHER_CUT = (-1, 0, -1, 0)
"""What PyTorch's padding=1, output_padding=1 cuts off."""

DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def main():
    if load_fashion_mnist().is_stand_in:
        return "records are made from the real images only: `make data` fetches them"
    os.chdir(TORCH.parent)
    chapter = definitions(code_cells(read(TORCH)))
    chapter["data"] = load_fashion_mnist()
    ways = {
        "PyTorch": {},
        "PyTorch, Keras's start": {"start": chapter["start_as_keras"]},
        "PyTorch, other cut": {"cut": OTHER_CUT},
    }
    rows = json.loads(FILE.read_text()) if FILE.exists() else []
    there = {(row["name"], row["seed"]) for row in rows}
    for seed in SEEDS:
        for name, options in ways.items():
            if (name, seed) not in there:
                print(f"{name}, seed {seed}", flush=True)
                rows.append(record(name, seed, chapter["train"], options))
                rows.sort(key=lambda row: ([*ways].index(row["name"]), row["seed"]))
                write_whole(FILE, a_row_a_line(rows))


def a_row_a_line(rows):
    return "[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n"


def record(name, seed, train, options):
    """Return a row of the file: a run, its scores after each epoch, and versions."""
    begin = process_time()
    _, log = train(seed, **options)
    return {
        "name": name,
        "seed": seed,
        **{score: log[score].round(6).tolist() for score in log},
        "cpu_seconds": round(process_time() - begin, 1),
        "versions": {
            "python": platform.python_version(),
            "torch": version("torch"),
            "numpy": version("numpy"),
        },
    }


def definitions(cells):
    """Return what the cells of a chapter import and define, and nothing they compute."""
    names = {}
    for cell in cells:
        for node in ast.parse(cell.source).body:
            if isinstance(node, DEFINES) or _is_constant(node):
                exec(compile(ast.Module([node], []), TORCH.name, "exec"), names)
    return names


def _is_constant(node):
    """Say whether a line gives a value to a name in capitals, or is a loss."""
    names = {
        target.id
        for target in getattr(node, "targets", ())
        if isinstance(target, ast.Name)
    }
    return any(name.isupper() or name == "cross_entropy" for name in names)


if __name__ == "__main__":
    sys.exit(main())
