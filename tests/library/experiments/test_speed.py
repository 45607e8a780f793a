"""Linear codes, lossless files, races and speeds."""

import dataclasses
import sys

import pytest

from convae_lib.experiments import LinearCode, Lossless, Race, Speed
from convae_lib.models import MODELS
from tests.library.experiments.examples import SMALL

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


@pytest.mark.alone
def test_a_race_stops_at_its_target_and_times_both(images):
    few = images.first(1000)
    slow = dataclasses.replace(SMALL, epochs=1, images=1000)
    race = dict(name="race", runner=SMALL, reference=slow, every=5)
    row = Race(**race, target=10.0).run(few)
    assert row["train_images"] == 5 * 32 and row["reference_train_images"] == 1000
    assert row["code_size"] == 5
    ratio = row["reference_train_seconds"] / row["train_seconds"]
    assert row["times_faster"] == pytest.approx(ratio, rel=1e-3)
    never = Race(**race, target=1e-9).run(few)
    assert never["train_seconds"] < never["wall_seconds"] / 2  # compilation is not in
    assert never["train_images"] == SMALL.epochs * 640  # the images it asks for
    assert never["val_loss"] < row["val_loss"]


@pytest.mark.alone
def test_speed_is_a_share_of_the_peak(images, monkeypatch):
    task = Speed(
        name="speed",
        model=SMALL.model,
        batch_sizes=(128,),
        backends=("tensorflow",),
    )
    row = task.run(images)
    rate = row["images_per_second"]["tensorflow"]["128"]
    share = 3 * row["multiply_adds"] * rate / row["peak_multiply_adds_per_second"]
    assert row["share_of_peak"]["tensorflow"]["128"] == pytest.approx(share, rel=1e-4)
    assert 0 < share < 1
    assert row["cpu_seconds"] > 1  # those of the process that trains are in it
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="tensorflow failed"):
        task.measure(images, MODELS)
