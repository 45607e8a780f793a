"""Races: stopped at a target, and timed beside the reference."""

import dataclasses

import keras
import pytest

from convae_lib import KernelMuon, entropy_floor
from convae_lib.experiments import Race
from tests.library.experiments.trainings import SMALL, kept_models

RACE = dict(name="", runner=SMALL, reference=SMALL, target=0.3, every=5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Race(**(RACE | {"runner": "fast"})), "runner 'fast' must be a Train"),
        (lambda: Race(**(RACE | {"target": -1})), "target -1 must be a finite"),
        (lambda: Race(**(RACE | {"every": 0})), "every 0 must be a whole number"),
    ],
)
def test_a_race_that_cannot_be_is_refused(make, message):
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


def test_a_race_is_between_two_recipes_and_scored_on_validation_images(images):
    made, build = kept_models()
    slow = dataclasses.replace(
        SMALL,
        optimizer="adam",
        schedule="constant",
        batch_size=64,
        epochs=1,
        images=200,
    )
    race = Race(name="", runner=SMALL, reference=slow, target=10.0, every=5)
    row = race.run(images, models={SMALL.model: build})
    assert [type(model.optimizer) for model in made] == [
        KernelMuon,
        keras.optimizers.Adam,
    ]
    assert [int(model.optimizer.iterations) for model in made] == [5, 4]
    assert row["train_images"] == 5 * 32 and row["reference_train_images"] == 200
    floor = pytest.approx(entropy_floor(images.valid), abs=1e-5)
    assert row["val_loss"] - row["val_excess"] == floor
    assert row["reference_val_loss"] - row["reference_val_excess"] == floor
