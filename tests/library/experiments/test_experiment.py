"""The experiment runner: identities, records, resuming, and the stored results."""

import dataclasses
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import convae_lib
from convae_lib import entropy_floor, load_fashion_mnist
from convae_lib.experiments import (
    Experiment,
    LinearCode,
    Lossless,
    Race,
    Speed,
    Training,
    read_records,
    write_records,
)
from convae_lib.models import MODELS
from convae_lib.scores.measures import checkerboard
from tools.notebooks import ROOT
from tools.questions import QUESTIONS, QUICK
from tools.reproduce import REAL, Store, expected_seconds, repeat, sweep

SMALL = Training(
    name="small",
    model="small_conv_autoencoder",
    options={"code_size": 5},
    optimizer="muon",
    learning_rate=0.03,
    schedule="linear",
    epochs=2,
    images=640,
)
FORMATS = [Lossless(name=name, format=name) for name in ("raw", "gzip", "png")]


@pytest.fixture(scope="module")
def data():
    return load_fashion_mnist()


def test_a_record_belongs_to_one_question():
    ids = [task.id for tasks in QUESTIONS.values() for task in tasks]
    assert len(set(ids)) == len(ids)
    assert {task.id for task in QUICK} <= set(ids)


def test_identity_is_the_settings_and_not_the_labels():
    renamed = dataclasses.replace(SMALL, name="other", recipe="good")
    assert renamed.id == SMALL.id
    for change in ({"seed": 2}, {"loss": "sum"}, {"options": {"code_size": 6}}):
        assert dataclasses.replace(SMALL, **change).id != SMALL.id
    assert LinearCode(name="", patch=7, components=3).id != SMALL.id


def test_one_experiment_has_one_id_however_it_is_written():
    written = dict(learning_rate=1, batch_size=np.int64(32), measures=["test"])
    alike = dict(learning_rate=1.0, batch_size=32, measures=("test",))
    a, b = (dataclasses.replace(SMALL, **way) for way in (written, alike))
    assert a.id == b.id and a.settings == b.settings


# Ids are made of what differs from the defaults. A default that changes here would give
# old records a new meaning under their old id: add a field, or an argument, instead.
SETTINGS = {
    "training": dict(
        options={},
        batch_size=32,
        epochs=5,
        loss="mean",
        images=None,
        permuted=False,
        seed=1,
        measures=[],
    ),
    "linear_code": {},
    "lossless": {},
    "race": {},
    "speed": dict(
        options={},
        optimizer="sgd",
        batch_sizes=[8, 32, 128, 512],
        backends=["tensorflow", "jax"],
    ),
}
ARGUMENTS = {
    "conv_autoencoder": dict(
        filters=(16, 32, 64),
        code_size=None,
        kernel_initializer="glorot_uniform",
        upsampling="transposed",
        upsampling_kernel_size=3,
    ),
    "dense_autoencoder": dict(code_size=30, hidden=100),
    "residual_autoencoder": dict(
        channels=64,
        code_channels=11,
        code_size=None,
        patch=4,
        encoder_blocks=2,
        decoder_blocks=3,
        kernel_size=5,
        activation="gelu",
    ),
    "small_conv_autoencoder": dict(code_size=30),
    "tied_conv_autoencoder": {},
    "tied_dense_autoencoder": dict(code_size=30, hidden=100),
    "KernelMuon": dict(
        learning_rate=0.03,
        adam_lr_ratio=0.1,
        weight_decay=None,
        adam_weight_decay=None,
        rms_rate=None,
    ),
    "WarmupLinearDecay": dict(warmup=0.05),
}


@pytest.mark.parametrize("kind", Experiment.kinds)
def test_the_defaults_of_settings_are_frozen(kind):
    assert Experiment.kinds[kind].filled({}) == SETTINGS[kind]


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_defaults_of_what_settings_name_are_frozen(name):
    parameters = inspect.signature(getattr(convae_lib, name)).parameters
    found = {key: parameters[key].default for key in ARGUMENTS[name]}
    assert found == ARGUMENTS[name]
    assert {*MODELS} <= ARGUMENTS.keys()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grown(Training):
    noise: float = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class GrownRace(Race):
    laps: int = 1
    rival: Training | None = None


def test_a_new_setting_with_a_default_changes_no_id():
    trainings = races = 0
    for experiment in (e for asked in QUESTIONS.values() for e in asked):
        own = {
            f.name: getattr(experiment, f.name) for f in dataclasses.fields(experiment)
        }
        if isinstance(experiment, Training):
            assert Grown(**own).id == experiment.id
            assert Grown(**own, noise=0.1).id != experiment.id
            trainings += 1
        if isinstance(experiment, Race):
            grown = {
                name: Grown(
                    **{
                        f.name: getattr(own[name], f.name)
                        for f in dataclasses.fields(Training)
                    }
                )
                for name in ("runner", "reference")
            }
            assert GrownRace(**(own | grown)).id == experiment.id
            assert GrownRace(**own, laps=2).id != experiment.id
            races += 1
    assert trainings > 300 and races == 3


def test_rows_older_than_a_setting_have_its_default(tmp_path):
    old = {key: value for key, value in SMALL.settings.items() if key != "permuted"}
    race = Race(name="", runner=SMALL, reference=SMALL, target=0.3, every=5)
    rows = [old, race.settings | {"runner": old}, {"kind": "unheard of"}]
    path = tmp_path / "old.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    training, timed, unknown = read_records(path)
    assert training["permuted"] is False and training["seed"] == 1
    assert training.items() >= old.items()
    assert timed["runner"]["permuted"] is False
    assert unknown == {"kind": "unheard of"}


NO_SUCH_OPTION = {"options": {"size": 5}}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"optimizer": "lion"}, "optimizer 'lion' is not one of"),
        ({"schedule": "cosine"}, "schedule 'cosine' is not one of"),
        ({"loss": "mse"}, "loss 'mse' is not one of"),
        ({"model": "show_images"}, "model 'show_images' is not one of .*conv_auto"),
        (
            {"options": {"size": 5}},
            "options .* do not fit small_conv_autoencoder: .*size",
        ),
        ({"measures": ("nope",)}, "measure 'nope' is not one of .*checkerboard"),
        ({"measures": "test"}, "measures 'test' must be a tuple of names"),
        ({"learning_rate": 0}, "learning_rate 0 must be a finite number above 0"),
        ({"learning_rate": float("nan")}, "learning_rate nan must be a finite"),
        ({"learning_rate": "0.1"}, "learning_rate '0.1' must be a finite"),
        ({"batch_size": -3}, "batch_size -3 must be a whole number from 1 up"),
        ({"epochs": 0}, "epochs 0 must be a whole number from 1 up"),
        ({"epochs": 2.5}, "epochs 2.5 must be a whole number"),
        ({"images": 0}, "images 0 must be a whole number from 1 up"),
        ({"seed": -1}, "seed -1 must be a whole number from 0 up"),
        ({"permuted": 1}, "permuted 1 must be True or False"),
    ],
)
def test_a_training_that_cannot_be_is_refused_when_it_is_made(wrong, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(SMALL, **wrong)


RACE = dict(name="", runner=SMALL, reference=SMALL, target=0.3, every=5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Lossless(name="", format="jpeg"), "format 'jpeg' is not one of"),
        (lambda: LinearCode(name="", patch=0, components=1), "patch 0 must"),
        (lambda: LinearCode(name="", patch=2, components="4"), "components '4' must"),
        (lambda: Race(**(RACE | {"runner": "fast"})), "runner 'fast' must be a Train"),
        (lambda: Race(**(RACE | {"target": -1})), "target -1 must be a finite"),
        (lambda: Race(**(RACE | {"every": 0})), "every 0 must be a whole number"),
        (lambda: Speed(name="", model="nope"), "model 'nope' is not one of"),
        (lambda: Speed(name="", model=SMALL.model, options={"k": 1}), "do not fit"),
        (lambda: Speed(name="", model=SMALL.model, batch_sizes=(0,)), "batch_size 0"),
        (lambda: Speed(name="", model=SMALL.model, optimizer="x"), "optimizer 'x' is"),
        (
            lambda: Speed(name="", model=SMALL.model, backends=("nonsense",)),
            "backend 'nonsense' is not one of",
        ),
    ],
)
def test_other_experiments_that_cannot_be_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_training_leaves_a_whole_record_and_repeats(data):
    task = dataclasses.replace(SMALL, measures=("bits", "checkerboard", "test"))
    row, again = task.run(data), task.run(data)
    assert row["code_size"] == 5
    assert len(row["loss_by_epoch"]) == len(row["val_loss_by_epoch"]) == 2
    assert row["val_loss_by_epoch"][-1] == pytest.approx(row["val_loss"], rel=1e-4)
    floor = entropy_floor(data.x_valid)
    assert row["val_excess"] == pytest.approx(row["val_loss"] - floor, abs=1e-5)
    assert row["bits_excess"][-1] == pytest.approx(row["val_excess"], rel=1e-3)
    assert row["bits_excess"][0] > row["val_excess"]
    assert row["test_excess"] > 0 and row["checkerboard"] >= 1
    timing = ("wall_seconds", "cpu_seconds")
    assert {k: v for k, v in row.items() if k not in timing} == {
        k: v for k, v in again.items() if k not in timing
    }
    assert json.loads(json.dumps(row, allow_nan=False)) == row


def test_the_sum_of_the_loss_is_the_mean_times_the_pixels(data):
    mean = dataclasses.replace(
        SMALL, optimizer="sgd", schedule="constant", learning_rate=1.0
    )
    total = dataclasses.replace(mean, loss="sum", learning_rate=1 / 784)
    a, b = mean.run(data), total.run(data)
    assert a["loss_by_epoch"] == pytest.approx(b["loss_by_epoch"], rel=1e-3)
    assert a["val_excess"] == pytest.approx(b["val_excess"], rel=1e-2)


def test_a_training_that_diverges_is_recorded_as_such(data):
    task = dataclasses.replace(
        SMALL, optimizer="sgd", schedule="constant", learning_rate=1e30
    )
    row = task.run(data)
    assert row["val_loss"] is None and row["val_excess"] is None


def test_a_permutation_reorders_the_pixels_of_all_images_alike(data):
    task = dataclasses.replace(SMALL, permuted=True)
    seen = task.prepare(data)
    assert len(seen.x_train) == 640
    a, b = data.x_valid[:50].reshape(50, -1), seen.x_valid[:50].reshape(50, -1)
    assert not np.array_equal(a, b)
    np.testing.assert_array_equal(np.sort(a, axis=1), np.sort(b, axis=1))
    assert np.array_equal(b, task.prepare(data).x_valid[:50].reshape(50, -1))
    columns = {tuple(column) for column in data.x_train[:640].reshape(640, -1).T}
    assert {tuple(column) for column in seen.x_train.reshape(640, -1).T} == columns


def test_the_checkerboard_measure_sees_a_checkerboard(data):
    def even(images):
        return 0.9 * np.asarray(images)

    def uneven(images):
        image = even(images)
        image[:, ::2, ::2] *= 0.5
        return image

    assert checkerboard(even, data)["checkerboard"] < 1.2
    assert checkerboard(uneven, data)["checkerboard"] > 5


def test_records_are_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "question.jsonl"
    real = {"id": "r1", "images_from": "Fashion-MNIST", "val_loss": 0.25}
    assert read_records(path) == []
    write_records(path, [real])
    assert read_records(path) == [real]
    with pytest.raises(ValueError, match="would mix records from Fashion-MNIST and"):
        write_records(path, [real, real | {"images_from": "stand-in"}])
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_records(path, [real | {"val_loss": float("nan")}])
    assert read_records(path) == [real]
    assert os.listdir(tmp_path) == ["question.jsonl"]
    path.write_text('{"id": "r1"}\n{"id": ')
    with pytest.raises(ValueError, match="line 2 is no record"):
        read_records(path)


def test_a_sweep_repeats_nothing_and_makes_what_was_deleted(tmp_path, capsys):
    store = Store(tmp_path, {"formats": FORMATS})
    assert sweep(store, store.missing(["formats"]), jobs=2) == 0
    assert "[3/3]" in capsys.readouterr().out
    assert store.missing(["formats"]) == []
    path = tmp_path / "formats.jsonl"
    rows = read_records(path)
    assert [row["name"] for row in rows] == ["raw", "gzip", "png"]
    assert rows[0]["bits_per_image"] == 784 * 8
    write_records(path, [rows[0], rows[2]])
    assert store.missing(["formats"]) == FORMATS[1:2]
    assert expected_seconds(FORMATS[1], store.rows()) == 120
    sweep(store, store.missing(["formats"]), jobs=1)
    made = read_records(path)
    assert made[::2] == rows[::2]
    assert made[1]["bits_per_image"] == rows[1]["bits_per_image"]
    capsys.readouterr()
    assert repeat(store, [FORMATS[2].id]) == 0
    told = capsys.readouterr().out
    assert FORMATS[2].id in told and "published" in told and "difference" in told
    assert re.search(r"bits_per_image\s+([\d.]+)\s+\1\s+\+0\n", told)
    write_records(path, [rows[0], rows[1], rows[2] | {"bits_per_image": 1000.0}])
    assert repeat(store, [FORMATS[2].id]) == 1
    assert "more than 2.0% apart: bits_per_image" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no record 'r0'"):
        repeat(store, ["r0"])


def test_a_longer_training_is_expected_to_take_longer():
    rows = {SMALL.id: {**SMALL.settings, "wall_seconds": 10.0}}
    longer = dataclasses.replace(SMALL, epochs=4, images=1280, seed=2)
    assert expected_seconds(longer, rows) == pytest.approx(40)


def test_labels_follow_the_list_and_rows_without_a_task_go(tmp_path):
    row = {"id": FORMATS[0].id, "name": "old", "images_from": "Fashion-MNIST"}
    write_records(tmp_path / "formats.jsonl", [row | {"id": "r0"}, row])
    store = Store(tmp_path, {"formats": FORMATS})
    store.save()
    (kept,) = read_records(tmp_path / "formats.jsonl")
    assert kept["name"] == "raw" and kept["id"] == FORMATS[0].id


KILLED = """
import sys
from pathlib import Path
from tests.test_experiments import FORMATS
from tools.reproduce import Store, sweep

if __name__ == "__main__":
    store = Store(Path(sys.argv[1]), {"formats": FORMATS})
    sweep(store, store.missing(["formats"]), jobs=1)
"""


def test_a_killed_sweep_keeps_what_was_finished(tmp_path):
    script = tmp_path / "sweep_formats.py"
    script.write_text(KILLED)
    path = tmp_path / "formats.jsonl"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        env=environment,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 120
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    store = Store(tmp_path, {"formats": FORMATS})
    kept = read_records(path)
    assert 1 <= len(kept) < 3
    assert store.missing(["formats"]) == FORMATS[len(kept) :]
    assert sweep(store, store.missing(["formats"]), jobs=1) == 0
    assert read_records(path)[: len(kept)] == kept


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


def test_a_race_stops_at_its_target_and_times_both(data):
    few = dataclasses.replace(data, x_train=data.x_train[:1000])
    slow = dataclasses.replace(SMALL, epochs=1, images=1000)
    race = dict(name="race", runner=SMALL, reference=slow, every=5)
    row = Race(**race, target=10.0).run(few)
    assert row["train_images"] == 5 * 32 and row["reference_train_images"] == 1000
    assert row["code_size"] == 5
    ratio = row["reference_train_seconds"] / row["train_seconds"]
    assert row["times_faster"] == pytest.approx(ratio, rel=1e-3)
    never = Race(**race, target=0.0).run(few)
    assert never["train_seconds"] < never["wall_seconds"] / 2  # compilation is not in
    assert never["train_images"] == SMALL.epochs * 1000
    assert never["val_loss"] < row["val_loss"]


def test_speed_is_a_share_of_the_peak(data, monkeypatch):
    task = Speed(
        name="speed",
        model=SMALL.model,
        batch_sizes=(128,),
        backends=("tensorflow",),
    )
    row = task.run(data)
    rate = row["images_per_second"]["tensorflow"]["128"]
    share = 3 * row["multiply_adds"] * rate / row["peak_multiply_adds_per_second"]
    assert row["share_of_peak"]["tensorflow"]["128"] == pytest.approx(share, rel=1e-4)
    assert 0 < share < 1
    assert row["cpu_seconds"] > 1  # those of the process that trains are in it
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="tensorflow failed"):
        task.measure(data)


def test_a_linear_code_repeats_its_record(real_data):
    task = LinearCode(name="", patch=2, components=2)
    rows = {row["id"]: row for row in read_records(REAL / "linear_codes.jsonl")}
    ours, stored = task.measure(real_data), rows[task.id]
    for key in ("code_size", "parameters", "val_excess", "test_excess", "bits_excess"):
        assert ours[key] == pytest.approx(stored[key], rel=1e-4)
