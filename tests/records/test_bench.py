"""The stored measurements are whole and not edited; rivals build the same matrix."""

import json
import subprocess
import sys

import pytest

from convae_lib.experiments.records import digest
from tools.bench.rivals import ARRAYS, LOOPS
from tools.bench.rows import build_row, goals, rivals_over_ours, rounded
from tools.notebooks import ROOT


@pytest.fixture(scope="module")
def results():
    return json.loads((ROOT / "results" / "conv_matrix.json").read_text())


def test_the_measurements_are_those_that_were_written(results):
    assert results["digest"] == digest(
        {k: results[k] for k in results if k != "digest"}
    )


def test_the_goals_are_those_of_the_rows(results):
    assert results["goals"] == rounded(goals(results))
    assert {row["layer"] for row in results["build"]} >= {
        "28×28×1→16",
        "14×14×16→32",
        "256×256×3→16",
        "2048×2048×1→1",
        "4096×4096×1→1",
    }
    assert all(row["repeats"] >= 7 for row in results["build"])
    assert {row["onednn"] for row in results["apply"]} == {True, False}


def test_a_row_has_the_stored_keys_and_rivals_build_our_matrix(results):
    case = (6, 5, 2, 3), "float32", 2
    row = build_row(*case) | rivals_over_ours(*case, ARRAYS | LOOPS)
    assert row.keys() == results["build"][0].keys()
    assert row["entries"] == (3 * 6 - 2) * (3 * 5 - 2) * 2 * 3


def test_the_command_starts_and_refuses_few_repeats():
    command = [sys.executable, "-m", "tools.bench", "--repeats", "6"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert done.returncode == 2
    assert "--repeats 6: a median needs at least 7" in done.stderr
