"""Times on a graphics card, as far as a processor can tell, and shares of its peak."""

import keras
import numpy as np
import pytest

from convae_lib import dense_autoencoder, multiply_adds
from convae_lib.data import Images
from convae_lib.training.cards import peak_of, share_of_peak, time_on_card

RECIPE = dict(optimizer="sgd", learning_rate=1.0, schedule="constant")
BUILT = []


def build():
    keras.utils.set_random_seed(1)
    BUILT.append(dense_autoencoder(code_size=2, hidden=4, image_shape=(4, 4)))
    return BUILT[-1]


@pytest.fixture(scope="module")
def images():
    x = np.random.default_rng(0).random((50, 4, 4), np.float32).round()
    return Images(train=x[:30], valid=x[30:40], test=x[40:])


@pytest.mark.parametrize(
    ("card", "tflops"),
    [
        ("NVIDIA H200", 494.7),
        ("NVIDIA H100 80GB HBM3", 494.7),
        ("NVIDIA A100-SXM4-80GB", 156),
        ("NVIDIA L4", 60),
        ("Tesla T4", 8.1),
    ],
)
def test_the_peak_of_a_card_is_found_by_its_name(card, tflops):
    assert peak_of(card) == tflops * 1e12
    assert peak_of(card, tflops=3) == 3e12


@pytest.mark.parametrize(
    "card", ["NVIDIA H200 NVL", "NVIDIA L40S", "NVIDIA T400", "gpu:0"]
)
def test_an_unknown_card_is_named_and_its_peak_asked_for(card):
    with pytest.raises(ValueError, match=f"'{card}' is not known here; give it in TFL"):
        peak_of(card)
    for wrong in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="TFLOPS must be positive"):
            peak_of(card, tflops=wrong)


def test_a_step_takes_six_operations_a_multiply_add():
    model = build()
    assert multiply_adds(model) == 2 * (16 * 4 + 4 * 2)
    assert share_of_peak(model, 1000, 1e9) == pytest.approx(6 * 144 * 1000 / 1e9)


def test_epochs_are_timed_and_the_loss_is_looked_for(images, monkeypatch):
    clock = iter(
        [0, 50, 60, 64, 70, 76]
    )  # the first epoch compiles, the next take 4, 6
    monkeypatch.setattr("convae_lib.training.cards.perf_counter", lambda: next(clock))
    of = dict(recipe=RECIPE, batch_size=4, epochs=3, every=3)
    found = time_on_card(build, images, target=1.0, **of)  # the first look has it
    assert found["epoch_seconds"] == 5 and found["images_per_second"] == 6
    assert found["steps_to_target"] == 3
    assert found["seconds_to_target"] == pytest.approx(3 * 5 / 8)
    assert int(BUILT[-2].optimizer.iterations) == 24
    clock = iter(range(6))
    found = time_on_card(build, images, target=0.0, **of)
    assert found["steps_to_target"] is found["seconds_to_target"] is None
    assert int(BUILT[-1].optimizer.iterations) == 24  # all epochs, a part at a time
    assert 0 < found["val_excess"] <= found["val_loss"] < 1


def test_one_epoch_is_too_few(images):
    with pytest.raises(ValueError, match="epochs 1 must be at least 2"):
        time_on_card(build, images, recipe=RECIPE, batch_size=4, epochs=1, target=1)
