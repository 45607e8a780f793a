"""The stored measurements: whole, not edited, and quoted as they are."""

import json
import re

import pytest

from tools.bench import RESULTS, goals, rounded
from tools.notebooks import ROOT


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


def test_the_readme_quotes_the_measurements(results):
    text = (ROOT / "README.md").read_text()
    (paragraph,) = [part for part in text.split("\n\n") if "conv_matrix.json" in part]
    quoted = re.findall(r"(\d[\d.]*) times", paragraph)
    assert len(quoted) >= 3
    stored = [value for value in leaves(results) if isinstance(value, float)]
    for number in quoted:
        digits = len(number.partition(".")[2])
        assert any(f"{value:.{digits}f}" == number for value in stored), number


def leaves(value):
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for item in inner for leaf in leaves(item)]
    return [value]
