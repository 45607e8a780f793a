"""The records of the book: those of the list, whole, from the real images."""

import pytest

from convae_lib.experiments import LinearCode, read_records
from results.questions import QUESTIONS, QUICK
from tools.reproduce import REAL


def test_a_record_belongs_to_one_question():
    ids = [task.id for tasks in QUESTIONS.values() for task in tasks]
    assert len(set(ids)) == len(ids)
    assert {task.id for task in QUICK} <= set(ids)


@pytest.mark.parametrize("question", QUESTIONS)
def test_stored_records_are_those_of_the_list(question):
    rows = read_records(REAL / f"{question}.jsonl")
    tasks = QUESTIONS[question]
    assert [row["id"] for row in rows] == [task.id for task in tasks]
    for row, task in zip(rows, tasks, strict=True):
        assert row["images_from"] == "Fashion-MNIST"
        asked = {k: v for k, v in task.settings.items() if v is not None}
        assert {key: row[key] for key in asked} == asked
        assert row["versions"] and row["device"] and row["wall_seconds"] > 0
        if row.get("val_excess") is not None:
            assert row["val_loss"] - row["val_excess"] == pytest.approx(
                0.2413, abs=1e-4
            )


@pytest.mark.parametrize("question", QUESTIONS)
def test_stored_times_are_those_of_one_machine(question):
    rows = {row["id"]: row for row in read_records(REAL / f"{question}.jsonl")}
    compared = question == "records"  # chapter 6 prints ratios of their times
    timed = [task.id for task in QUESTIONS[question] if task.alone or compared]
    assert len({rows[id]["device"] for id in timed}) <= 1


def test_a_linear_code_repeats_its_record(real_data):
    task = LinearCode(name="", patch=2, components=2)
    rows = {row["id"]: row for row in read_records(REAL / "linear_codes.jsonl")}
    ours, stored = task.measure(real_data), rows[task.id]
    for key in ("code_size", "parameters", "val_excess", "test_excess", "bits_excess"):
        assert ours[key] == pytest.approx(stored[key], rel=1e-4)
