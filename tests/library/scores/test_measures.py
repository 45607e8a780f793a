"""What a trained model is asked."""

import numpy as np
import pytest

from convae_lib import binary_crossentropy, dense_autoencoder, excess_over_floor
from convae_lib.data import Images
from convae_lib.scores.measures import MEASURES, reconstruction_scores


def test_scores_by_hand():
    x, y = np.array([[0.0, 1.0], [0.25, 0.75]]), np.array([[0.5, 0.5], [0.5, 0.25]])
    found = reconstruction_scores("val", x, lambda batch: y)
    last = -0.75 * np.log(0.25) - 0.25 * np.log(0.75)
    losses = np.array([np.log(2), np.log(2), np.log(2), last])
    entropy = -0.25 * np.log(0.25) - 0.75 * np.log(0.75)
    assert found == {
        "val_loss": pytest.approx(losses.mean()),
        "val_excess": pytest.approx(losses.mean() - entropy / 2),
        "val_rounded_accuracy": 0.5,  # a half is rounded to 0
        "val_mse": pytest.approx((0.25 + 0.25 + 0.0625 + 0.25) / 4),
    }


def test_one_value_that_is_no_number_spoils_all_scores():
    x = np.full((501, 2), 0.5)
    x[-1] = 0.25
    for value in (np.nan, np.inf):
        found = reconstruction_scores(
            "test", x, lambda batch, value=value: np.where(batch == 0.25, value, batch)
        )
        assert list(found.values()) == [None] * 4


def test_the_test_is_taken_on_the_test_images():
    x = np.full((3, 2, 2), 0.25)
    images = Images(train=x, valid=0 * x, test=x)
    found = MEASURES["test"](lambda batch, training: np.asarray(batch) * 2, images)
    assert found["test_mse"] == pytest.approx(0.0625)
    assert set(found) == {
        f"test_{n}" for n in "loss excess rounded_accuracy mse".split()
    }


def test_scores_are_those_of_all_images_whatever_the_batches():
    rng = np.random.default_rng(0)
    x = rng.random((1_203, 6, 5)).astype(np.float32)
    found = reconstruction_scores("val", x, lambda batch: 0.9 * batch + 0.05)
    y = 0.9 * x + 0.05
    assert found["val_loss"] == pytest.approx(binary_crossentropy(x, y))
    assert found["val_excess"] == pytest.approx(excess_over_floor(x, y))
    assert found["val_mse"] == pytest.approx(((x - y) ** 2).mean())
    assert found["val_rounded_accuracy"] == 1
    spoilt = reconstruction_scores("test", x, lambda batch: batch * np.nan)
    assert spoilt == {key.replace("val", "test"): None for key in found}


PARTS = {"train": 60, "valid": 20, "test": 20}


def test_measures_take_images_of_any_shape():
    rng = np.random.default_rng(1)
    x = rng.random((100, 8, 12, 3), np.float32)
    labels = {part: np.arange(count) % 2 for part, count in PARTS.items()}
    images = Images(train=x[:60], valid=x[60:80], test=x[80:], labels=labels)
    model = dense_autoencoder(code_size=3, hidden=4, image_shape=images.image_shape)
    row = {}
    need_a_thousand = {"few labels", "fine tuning", "graph"}
    for name in MEASURES.keys() - need_a_thousand:
        row |= MEASURES[name](model, images)
    assert len(row["val_psnr"]) == len(row["test_ssim"]) == len(row["damages"])
    assert 0 <= row["test_neighbour_accuracy"] <= 1
    assert len(row["weave"]) == 3 and row["test_excess"] > 0
    assert len(row["bits_excess"]) == len(row["bits"])
