"""Trainings: refused when they are made, whole records, and images of any kind."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from convae_lib import dense_autoencoder, entropy_floor
from convae_lib.data import Images
from convae_lib.experiments import Training
from tests.library.experiments.trainings import SMALL, kept_models

RESIDUAL = Training(
    name="",
    model="residual_autoencoder",
    options=dict(channels=8, code_channels=2, encoder_blocks=0, decoder_blocks=0),
    optimizer="adam",
    learning_rate=0.01,
    schedule="linear",
    epochs=3,
    measures=("bits", "test"),
)


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
        ({"measures": ("nope",)}, "measure 'nope' is not one of .*weave"),
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
        ({"mixed": None}, "mixed None must be True or False"),
        ({"mirrored": "no"}, "mirrored 'no' must be True or False"),
    ],
)
def test_a_training_that_cannot_be_is_refused_when_it_is_made(wrong, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(SMALL, **wrong)


def test_a_training_leaves_a_whole_record_and_repeats(images):
    measures = ("bits", "test", "weave")
    task = dataclasses.replace(SMALL, epochs=8, measures=measures)
    row, again = task.run(images), task.run(images)
    assert row["code_size"] == 5
    assert len(row["loss_by_epoch"]) == len(row["val_loss_by_epoch"]) == 8
    assert row["val_loss_by_epoch"][-1] == pytest.approx(row["val_loss"], rel=1e-4)
    floor = entropy_floor(images.valid)
    assert row["val_excess"] == pytest.approx(row["val_loss"] - floor, abs=1e-5)
    assert row["bits_excess"][-1] == pytest.approx(row["val_excess"], rel=1e-3)
    assert row["bits_excess"][0] > row["val_excess"]
    assert row["test_loss"] - row["test_excess"] == pytest.approx(
        entropy_floor(images.test), abs=1e-5
    )
    assert abs(entropy_floor(images.test) - floor) > 1e-4
    assert row["test_excess"] > 0 and len(row["weave"]) == 3
    timing = ("wall_seconds", "cpu_seconds")
    assert {k: v for k, v in row.items() if k not in timing} == {
        k: v for k, v in again.items() if k not in timing
    }
    assert json.loads(json.dumps(row, allow_nan=False)) == row


def test_the_sum_of_the_loss_is_the_mean_times_the_pixels(images):
    mean = dataclasses.replace(
        SMALL, optimizer="sgd", schedule="constant", learning_rate=1.0
    )
    total = dataclasses.replace(mean, loss="sum", learning_rate=1 / 784)
    a, b = mean.run(images), total.run(images)
    assert a["loss_by_epoch"] == pytest.approx(b["loss_by_epoch"], rel=1e-3)
    assert a["val_excess"] == pytest.approx(b["val_excess"], rel=1e-2)


def test_a_training_that_diverges_is_recorded_as_such(images):
    task = dataclasses.replace(
        SMALL, optimizer="sgd", schedule="constant", learning_rate=1e30
    )
    row = task.run(images)
    assert row["val_loss"] is None and row["val_excess"] is None


def test_a_permutation_reorders_the_pixels_of_all_images_alike(images):
    task = dataclasses.replace(SMALL, permuted=True)
    seen = task.prepare(images)
    assert len(seen.train) == 640
    a, b = images.valid[:50].reshape(50, -1), seen.valid[:50].reshape(50, -1)
    assert not np.array_equal(a, b)
    np.testing.assert_array_equal(np.sort(a, axis=1), np.sort(b, axis=1))
    assert np.array_equal(b, task.prepare(images).valid[:50].reshape(50, -1))
    columns = {tuple(column) for column in images.train[:640].reshape(640, -1).T}
    assert {tuple(column) for column in seen.train.reshape(640, -1).T} == columns


def test_all_parts_are_permuted_alike():
    places = np.arange(24, dtype=np.float32).reshape(1, 4, 6) / 24
    images = Images(train=places, valid=places, test=places)
    seen = dataclasses.replace(SMALL, images=None, permuted=True).prepare(images)
    assert not np.array_equal(seen.train, places)
    assert np.array_equal(seen.train, seen.valid)
    assert np.array_equal(seen.train, seen.test)


def test_mixed_images_are_those_of_training_and_validation_dealt_anew():
    shades = np.arange(30, dtype=np.float32) / 30
    x = np.broadcast_to(shades[:, None, None], (30, 4, 4))
    images = Images(train=x[:18], valid=x[18:24], test=x[24:], labels={"test": [0] * 6})
    task = dataclasses.replace(SMALL, images=None, mixed=True)
    seen = task.prepare(images)
    assert seen.train.shape == (18, 4, 4) and len(seen.valid) == 6
    both = np.concatenate([seen.train, seen.valid])[:, 0, 0]
    assert sorted(both) == sorted(shades[:24]) and (both != shades[:24]).any()
    assert np.array_equal(seen.test, x[24:]) and [*seen.labels] == ["test"]
    other = dataclasses.replace(task, seed=2).prepare(images)
    assert not np.array_equal(seen.valid, other.valid)


def test_mirrored_images_join_those_of_training_only():
    x = np.random.default_rng(0).random((12, 4, 6, 3), np.float32)
    images = Images(train=x[:8], valid=x[8:10], test=x[10:])
    seen = dataclasses.replace(SMALL, images=None, mirrored=True).prepare(images)
    assert np.array_equal(seen.train[:8], x[:8])
    assert np.array_equal(seen.train[8:, :, 0], x[:8, :, -1])
    assert np.array_equal(seen.valid, x[8:10])


def test_a_training_for_some_images_refuses_others(images):
    task = dataclasses.replace(SMALL, images_from="photographs")
    assert task.id != SMALL.id
    with pytest.raises(ValueError, match="'photographs', and is given 'drawn'"):
        task.run(images)


def test_a_recipe_arrives_at_the_training(images):
    made, build = kept_models()
    task = dataclasses.replace(
        SMALL, optimizer="adam", learning_rate=0.25, batch_size=50, epochs=3, images=120
    )
    row = task.run(images, models={SMALL.model: build})
    (model,) = made
    assert type(model.optimizer) is keras.optimizers.Adam
    assert int(model.optimizer.iterations) == 3 * 3
    schedule = model.optimizer._learning_rate.get_config()
    assert (schedule["peak"], schedule["steps"]) == (0.25, 9)
    assert len(row["loss_by_epoch"]) == 3


def test_options_arrive_at_the_model(images):
    def of_layers(key, model, **options):
        task = dataclasses.replace(SMALL, model=model, options=options)
        built = task.build(images)._flatten_layers(include_self=False, recursive=True)
        configs = [layer.get_config() for layer in built]
        return [config[key] for config in configs if key in config]

    few = dict(channels=4, encoder_blocks=1, decoder_blocks=1)
    for name in ("relu", "gelu"):
        found = of_layers("activation", "residual_autoencoder", activation=name, **few)
        assert found.count(name) >= 2
        assert not {"relu", "gelu"} - {name} & {*found}
    found = of_layers(
        "kernel_initializer", "conv_autoencoder", kernel_initializer="lecun_normal"
    )
    kinds = [initializer["class_name"] for initializer in found]
    assert kinds and {*kinds} == {"LecunNormal"}
    found = of_layers("kernel_initializer", "conv_autoencoder")
    assert {initializer["class_name"] for initializer in found} == {"GlorotUniform"}


def test_a_training_on_files_is_one_on_arrays(held_and_read):
    held, read = (RESIDUAL.run(images) for images in held_and_read)
    assert held.keys() == read.keys()
    assert held["images"] == read["images"] == 150
    assert held["images_from"] == "drawn"
    for key in ("parameters", "code_size", "multiply_adds"):
        assert held[key] == read[key]
    for row, images in zip((held, read), held_and_read):
        assert row["val_loss_by_epoch"][-1] < row["val_loss_by_epoch"][0]
        last = pytest.approx(row["val_loss"], rel=1e-4)
        assert row["val_loss_by_epoch"][-1] == last
        floor = entropy_floor(images.valid[:])
        assert row["val_loss"] - row["val_excess"] == pytest.approx(floor, abs=1e-5)
    # The batches are shuffled in different ways, the rest is the same.
    assert held["val_loss"] == pytest.approx(read["val_loss"], rel=0.05)


def test_permuted_and_fewer_images_may_be_read_from_files(held_and_read):
    settings = dict(name="", model="dense_autoencoder", options=dict(code_size=2))
    recipe = dict(optimizer="sgd", learning_rate=0.1, schedule="constant", epochs=1)
    few = Training(**settings, **recipe, images=40, permuted=True)
    held, read = (few.prepare(images) for images in held_and_read)
    np.testing.assert_array_equal(read.train[:], held.train)
    assert few.run(held_and_read[1])["images"] == 40


def test_a_model_comes_from_the_table_that_is_handed(images):
    def build(image_shape, code_size):
        return dense_autoencoder(code_size, hidden=3, image_shape=image_shape)

    row = SMALL.run(images, models={"small_conv_autoencoder": build})
    assert row["code_size"] == 3 and row["model"] == "small_conv_autoencoder"
    with pytest.raises(
        ValueError, match="model 'small_conv_autoencoder' is not one of"
    ):
        SMALL.run(images, models={"another": build})
