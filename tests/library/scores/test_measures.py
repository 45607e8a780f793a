"""What a trained model is asked."""

import numpy as np
import pytest

from convae_lib import binary_crossentropy, dense_autoencoder, excess_over_floor
from convae_lib.data import Images
from convae_lib.scores.measures import MEASURES, checkerboard, reconstruction_scores


def test_the_checkerboard_measure_sees_a_checkerboard(images):
    def even(batch, training):
        return 0.9 * np.asarray(batch)

    def uneven(batch, training):
        image = even(batch, training)
        image[:, ::2, ::2] *= 0.5
        return image

    assert checkerboard(even, images)["checkerboard"] < 1.2
    assert checkerboard(uneven, images)["checkerboard"] > 5


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


def test_measures_take_images_of_any_shape():
    rng = np.random.default_rng(1)
    x = rng.random((40, 8, 12, 3), np.float32)
    images = Images(train=x[:20], valid=x[20:30], test=x[30:])
    model = dense_autoencoder(code_size=3, hidden=4, image_shape=images.image_shape)
    row = {}
    for measure in MEASURES.values():
        row |= measure(model, images)
    assert len(row["phase_mse"]) == 4 and row["test_excess"] > 0
    assert len(row["bits_excess"]) == len(row["bits"])
