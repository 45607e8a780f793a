"""Fitting: on arrays and on files alike, with the recipe that was asked for."""

import keras
import numpy as np
import pytest
from PIL import Image

from convae_lib import KernelMuon, WarmupLinearDecay, draw_garments, entropy_floor
from convae_lib.data import ImageFiles, Images
from convae_lib.experiments import LinearCode, Training
from convae_lib.training.fit import (
    Pairs,
    make_optimizer,
    summed_binary_crossentropy,
)

COUNT = 200


@pytest.fixture(scope="module")
def held_and_read(tmp_path_factory):
    """The same images, once as arrays and once in files: 24 by 32 pixels."""
    folder = tmp_path_factory.mktemp("files")
    x = np.pad(draw_garments(COUNT, seed=3)[0], ((0, 0), (0, 0), (2, 2)))[:, 2:-2]
    paths = [folder / f"{place:03d}.png" for place in range(COUNT)]
    for path, image in zip(paths, x):
        Image.fromarray(np.round(255 * image).astype(np.uint8)).save(path)
    ends = {"train": slice(0, 150), "valid": slice(150, 180), "test": slice(180, None)}
    held = {part: x[rows] for part, rows in ends.items()}
    read = {part: ImageFiles(paths[rows]) for part, rows in ends.items()}
    assert np.array_equal(read["valid"][:], held["valid"])
    return Images(**held, name="drawn"), Images(**read, name="drawn")


SMALL = Training(
    name="",
    model="residual_autoencoder",
    options=dict(channels=8, code_channels=2, encoder_blocks=0, decoder_blocks=0),
    optimizer="adam",
    learning_rate=0.01,
    schedule="linear",
    epochs=3,
    measures=("bits", "test"),
)


def test_a_training_on_files_is_one_on_arrays(held_and_read):
    held, read = (SMALL.run(images) for images in held_and_read)
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


def test_pca_of_files_is_pca_of_arrays(held_and_read):
    code = LinearCode(name="", patch=8, components=5)
    held, read = (code.run(images) for images in held_and_read)
    assert held["code_size"] == 3 * 4 * 5
    for key in ("val_excess", "test_mse", "bits_excess"):
        assert read[key] == pytest.approx(held[key])


def test_batches_are_shuffled_anew_and_hold_every_image():
    x = np.arange(10, dtype=np.float32)[:, None, None]
    keras.utils.set_random_seed(5)
    batches = Pairs(x, 4, shuffle=True)
    orders = []
    for _ in range(2):
        seen = [batches[place] for place in range(len(batches))]
        assert all(np.array_equal(a, b) for a, b in seen)
        orders.append(np.concatenate([a for a, _ in seen]).ravel().tolist())
        batches.on_epoch_end()
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(10))
    assert orders[0] != orders[1] != list(range(10))
    in_order = Pairs(x, 4)
    assert np.concatenate([in_order[k][0] for k in range(3)]).ravel().tolist() == [
        *range(10)
    ]


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3)])
def test_the_sum_counts_every_value(shape):
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 6, *shape)).astype("float32")
    summed = np.asarray(summed_binary_crossentropy(x, y))
    mean = keras.losses.binary_crossentropy(x.reshape(6, -1), y.reshape(6, -1))
    np.testing.assert_allclose(summed, np.prod(shape) * np.asarray(mean), rtol=1e-5)


def test_an_optimizer_is_what_its_name_says():
    kinds = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
    for name, kind in (kinds | {"muon": KernelMuon}).items():
        optimizer = make_optimizer(name, 0.25)
        assert type(optimizer) is kind and float(optimizer.learning_rate) == 0.25
    schedule = make_optimizer("sgd", 0.25, "linear", steps=40)._learning_rate
    assert isinstance(schedule, WarmupLinearDecay)
    assert schedule.get_config() == {"peak": 0.25, "steps": 40, "warmup": 0.05}
