"""The stored measurements are whole and not edited; rivals build the same matrix."""

import json
import subprocess
import sys

import numpy as np
import pytest

import convae_lib
from convae_lib.experiments.records import digest
from tools.bench import jacobians, profiles
from tools.bench.__main__ import PARTS
from tools.bench.jacobians import NETWORKS, measure
from tools.bench.rivals import ARRAYS, LOOPS
from tools.bench.rows import build_row, goals, rivals_over_ours, rounded
from tools.bench.workers import BATCH_SIZES, SUMMED, by_two_processes
from tools.notebooks import ROOT


def read(name):
    return json.loads((ROOT / "results" / f"{name}.json").read_text())


@pytest.fixture(scope="module")
def results():
    return read("conv_matrix")


@pytest.mark.parametrize("name", PARTS)
def test_the_measurements_are_those_that_were_written(name):
    results = read(name)
    assert results.pop("digest") == digest(results)


def test_jacobians_are_those_of_the_networks_and_their_entries():
    rows = read("jacobians")["networks"]
    assert [row["network"] for row in rows] == NETWORKS
    for row in rows:
        model = getattr(convae_lib, row["network"])()
        x = np.random.default_rng(0).random(model.input_shape[1:])
        J = convae_lib.jacobian_matrix(model, x)
        assert row["shape"] == "×".join(map(str, J.shape))
        assert row["entries"] == pytest.approx(J.nnz, rel=0.1)  # choices differ
        assert ("asdex_refuses" in row) == (row["network"] == "conv_encoder")


def test_what_a_second_process_is_worth_is_that_of_the_published_network():
    found = read("workers")
    assert found["parameters"] == convae_lib.conv_autoencoder().count_params() == 46_529
    assert found["gradient_bytes"] == 4 * found["parameters"]
    assert found["batch_sizes"] == BATCH_SIZES == [32, 128, 512]
    sizes = {str(size) for size in BATCH_SIZES}
    one, two = found["seconds_per_step"]["1"], found["seconds_per_step"]["2"]
    assert one.keys() == two.keys() == found["ratio"].keys() == sizes
    for size in sizes:
        assert found["ratio"][size] == pytest.approx(one[size] / two[size], rel=1e-4)
    assert [*found["sum_seconds"]] == [str(4 * count) for count in SUMMED]
    assert str(found["gradient_bytes"]) in found["sum_seconds"]
    assert all(seconds > 0 for seconds in found["sum_seconds"].values())
    assert found["versions"].keys() == {"python", "keras", "jax", "numpy"}


@pytest.mark.slow
def test_two_processes_are_measured_as_they_were():
    found = by_two_processes(repeats=1)
    assert found["parameters"] == 46_529
    assert {*found} >= {"1 32", "2 32", "sum 1", "sum 46529"}


def test_our_jacobian_is_measured_as_asdex_is():
    found = measure("small_conv_autoencoder", "ours", 2)
    assert found["shape"] == (784, 784) and found["entries"] > 600_000
    assert 0 < found["warm"] and 0 < found["cold"]


def test_what_fails_in_a_process_of_its_own_is_named():
    with pytest.raises(SystemExit, match="tools.bench.jacobians nobody ours 1 failed:"):
        jacobians.in_a_process("nobody", "ours", 1)


def test_profiles_are_of_two_networks_and_two_backends(monkeypatch):
    rows = read("profile")["networks"]
    pairs = {(row["network"], row["backend"]) for row in rows}
    assert pairs == {*profiles.PAIRS}
    for row in rows:
        assert row["ratio"] > 0
        assert row["ratio"] == 1 or row["change"] != "none"
    found = [{**row, "images_per_second": 1.0} for row in rows]
    monkeypatch.setattr(profiles, "in_a_process", lambda n, b, *_: found)
    assert next(profiles.profile_rows()).keys() == rows[0].keys()


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
