"""The stored measurements: whole and not edited."""

import json

import pytest

from tools.bench import RESULTS, goals, rounded


@pytest.fixture(scope="module")
def results():
    return json.loads(RESULTS.read_text())


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
