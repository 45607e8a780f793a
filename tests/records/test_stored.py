"""The records of the book: those of the list, unchanged, from the real images."""

import json
import re
import warnings
from functools import cache

import pytest

from convae_lib import entropy_floor
from convae_lib.experiments import LinearCode, Race, read_records
from convae_lib.models import MODELS
from convae_lib.models.costs import code_size, multiply_adds
from results.questions import QUESTIONS, QUICK
from tools.reproduce import REAL

# Entropy floors of the images that scores are taken on, in nats per pixel.
FLOORS = {"val": 0.241297, "test": 0.242166}
SHAPES = {None: (28, 1), "photographs": (64, 3)}  # side, and values of a pixel
PASSES = 3  # multiply-adds of a training step over those of the forward pass


def near(value):
    """Two numbers of six digits are the same, or come from the same."""
    return pytest.approx(value, rel=1e-5, abs=2e-6)


@pytest.fixture(autouse=True)
def damage_is_an_error():
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


def stored(question):
    return read_records(REAL / f"{question}.jsonl")


def test_a_record_belongs_to_one_question():
    ids = [task.id for tasks in QUESTIONS.values() for task in tasks]
    assert len(set(ids)) == len(ids)
    assert {task.id for task in QUICK} <= set(ids)
    stored = {path.stem for path in REAL.glob("*.jsonl")} - {"gpu"}  # of tools.gpu
    assert stored == QUESTIONS.keys()


@pytest.mark.parametrize("question", QUESTIONS)
def test_stored_records_are_those_of_the_list(question):
    rows = stored(question)
    tasks = QUESTIONS[question]
    assert [row["id"] for row in rows] == [task.id for task in tasks]
    for row, task in zip(rows, tasks, strict=True):
        assert row["images_from"] == (task.images_from or "Fashion-MNIST")
        asked = {k: v for k, v in task.settings.items() if v is not None}
        assert {key: row[key] for key in asked} == asked
        assert task.label(row) == row
        assert row["versions"] and row["device"] and row["wall_seconds"] > 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_changed_digit_is_noticed(question, tmp_path):
    """In each number of a row, and in the last of all rows; read_records names it."""
    lines = (REAL / f"{question}.jsonl").read_text(encoding="utf-8").splitlines()
    assert all('"digest": "d' in line for line in lines)
    changed = [
        line[: number.end() - 1]
        + str((int(number[0][-1]) + 1) % 10)
        + line[number.end() :]
        for line, numbers in (
            (lines[0], slice(None)),
            *((x, slice(-1, None)) for x in lines),
        )
        for number in [*re.finditer(r"\d+(?=[],.}])", line)][numbers]
    ]
    path = tmp_path / "changed.jsonl"
    path.write_text("\n".join(changed), encoding="utf-8")
    with pytest.warns(UserWarning) as told:
        assert read_records(path) == []
    assert len(told) == len(changed) > len(lines)


@cache
def costs(model, options):
    network = MODELS[model](**({"image_shape": (28, 28)} | json.loads(options)))
    return {
        "code_size": code_size(network),
        "parameters": network.count_params(),
        "multiply_adds": multiply_adds(network),
    }


def costs_of(experiment):
    """Return what the settings say about the costs, each under its key in a record."""
    if isinstance(experiment, LinearCode):
        patch, components = experiment.patch, experiment.components
        side, channels = SHAPES[experiment.images_from]
        return {
            "code_size": (side // patch) ** 2 * components,
            "parameters": channels * patch**2 * (components + 1),  # and the mean
        }
    if isinstance(experiment, Race):
        found = costs_of(experiment.runner)
        other = costs_of(experiment.reference)
        return found | {f"reference_{key}": value for key, value in other.items()}
    if hasattr(experiment, "model"):
        return costs(experiment.model, json.dumps(experiment.options))
    return {}


@pytest.mark.parametrize("question", QUESTIONS)
def test_costs_are_those_of_the_models(question):
    for row, experiment in zip(stored(question), QUESTIONS[question], strict=True):
        for key, value in costs_of(experiment).items():
            assert row.get(key, value) == value, (row["id"], key)


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_of_a_row_agree(question):
    floors = {(None, part): floor for part, floor in FLOORS.items()}
    for row in stored(question):
        kind = row.get("class_label")  # one that knows one class has the floor of that
        if row["images_from"] != "Fashion-MNIST":
            kind = row["images_from"], row["seed"] if row.get("mixed") else None
        for part in FLOORS:
            for score in (part, f"reference_{part}"):
                if (loss := row.get(f"{score}_loss")) is not None:
                    excess = row[f"{score}_excess"]
                    floor = floors.setdefault((kind, part), loss - excess)
                    assert excess == near(loss - floor), row["id"]
        if "bits_excess" in row:
            assert len(row["bits"]) == len(row["bits_excess"])
            finest, allowed = (
                row["bits_excess"][-1],
                pytest.approx(row["val_excess"], 1e-2),
            )
            # Codes beyond those of training are clipped: photographs have many such.
            assert finest == allowed or question == "photographs"
            assert finest >= 0.99 * row["val_excess"]
        if "weave" in row.get("measures", ()):
            assert len(row["weave"]) == 3


@pytest.mark.parametrize("question", QUESTIONS)
def test_epochs_of_a_row_agree_with_its_scores(question):
    for row in stored(question):
        diverged = not row.get("val_loss") or row["val_loss"] > 1
        # One that learns to repair, or pays for its code, is scored by that meanwhile.
        other = row.get("damage") or row.get("model") == "variational_autoencoder"
        count = row.get("epochs") or row.get("training", {}).get("epochs")
        for key in ("loss", "val_loss", "val_rounded_accuracy"):
            if epochs := row.get(f"{key}_by_epoch"):
                every = 1 if key == "loss" else -(-count // 30)
                assert len(epochs) == count // every, row["id"]
                last = count % every == 0 and key != "loss"
                if last and not diverged and not other:
                    assert epochs[-1] == pytest.approx(row[key], rel=2e-4), row["id"]


def test_times_of_a_row_agree():
    for row in stored("time_to_quality"):
        times = row["reference_train_seconds"] / row["train_seconds"]
        assert row["times_faster"] == near(times)
    for row in stored("speed"):
        work = PASSES * row["multiply_adds"]
        for backend, rates in row["images_per_second"].items():
            shares = row["share_of_peak"][backend]
            # Each backend has a peak of its own; the first one's is stored.
            first = backend == row["backends"][0]
            peak = row["peak_multiply_adds_per_second"]
            peak = peak if first else rates["8"] * work / shares["8"]
            assert shares == {b: near(rate * work / peak) for b, rate in rates.items()}


@pytest.mark.parametrize("question", QUESTIONS)
def test_stored_times_are_those_of_one_machine(question):
    rows = {row["id"]: row for row in stored(question)}
    compared = question == "records"  # chapter 6 prints ratios of their times
    timed = [task.id for task in QUESTIONS[question] if task.alone or compared]
    assert len({rows[id]["device"] for id in timed}) <= 1


def test_the_floors_are_those_of_the_images(real_data):
    parts = {"val": real_data.valid, "test": real_data.test}
    found = {part: entropy_floor(images) for part, images in parts.items()}
    assert found == pytest.approx(FLOORS, abs=5e-7)


def test_a_linear_code_repeats_its_record(real_data):
    task = LinearCode(name="", patch=2, components=2)
    rows = {row["id"]: row for row in stored("linear_codes")}
    ours, row = task.measure(real_data), rows[task.id]
    assert ours.keys() <= row.keys()
    for key, value in ours.items():
        assert value == pytest.approx(row[key], rel=1e-4)
