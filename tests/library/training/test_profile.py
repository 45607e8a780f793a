"""What makes training faster: all ways are timed, in turns, and nothing stays changed."""

import keras
import numpy as np
import pytest

from convae_lib import dense_autoencoder
from convae_lib.training import profile
from convae_lib.training.profile import profile_training

BUILT = []


def build():
    BUILT.append(dense_autoencoder(code_size=2, hidden=4, image_shape=(4, 4)))
    return BUILT[-1]


def test_each_way_is_what_it_says_and_ratios_are_those_of_a_round(monkeypatch):
    ways = 6 if keras.backend.backend() == "tensorflow" else 5
    # A first look; then rounds, the machine slower in the second one. The first change
    # takes half the time of the plain way, a third, and a fourth.
    times = [0.5, *[8.0] * ways, *[90.0] * ways, *[8.0] * ways]
    times[2], times[2 + ways], times[2 + 2 * ways] = 4.0, 30.0, 2.0
    monkeypatch.setattr(profile, "_time", lambda run, epochs, clock: times.pop(0))
    rows = profile_training(build, optimizer="muon", batch_size=2, rounds=3)
    assert len(rows) == ways and times == []
    assert [row["batch_size"] for row in rows] == [2, 8, 32, *[2] * (ways - 4), 32]
    first, second = rows[:2]
    assert first["change"] == "none" and first["ratio"] == 1
    assert [second[key] for key in ("lowest", "ratio", "highest")] == [2, 3, 4]
    assert first["images_per_second"] == 2 * 64 / 8  # 2 epochs of 64 images
    assert second["images_per_second"] == 2 * 64 / 4
    for row, model in zip(rows, BUILT[1:], strict=True):
        policies = {layer.dtype_policy.name for layer in model.layers}
        assert policies == {row["precision"]}
        assert int(model.optimizer.iterations) == 64 / row["batch_size"]
        assert model.jit_compile == row["xla"], row["change"]
    assert {row["precision"] for row in rows} == {"float32", "mixed_bfloat16"}
    if keras.backend.backend() == "tensorflow":
        assert {row["xla"] for row in rows} == {False, True}
    assert np.isfinite(BUILT[-1].get_weights()[0]).all()
    assert keras.config.dtype_policy().name == "float32"


def test_another_clock_can_be_asked():
    ticks = iter(range(10_000))
    rows = profile_training(
        build, batch_size=2, seconds=1, rounds=1, clock=lambda: next(ticks)
    )
    assert all(row["ratio"] == 1 for row in rows)  # one tick each
    assert rows[0]["images_per_second"] == 64


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (dict(optimizer="lion"), "optimizer 'lion' is not one of sgd"),
        (dict(batch_size=0), "batch_size 0 must be"),
        (dict(seconds=-1), "seconds -1 must be positive"),
    ],
)
def test_what_cannot_be_timed_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        profile_training(build, **wrong)


def test_a_policy_is_set_back_when_a_model_cannot_be_built():
    def fail():
        raise MemoryError

    with pytest.raises(MemoryError):
        profile_training(fail)
    assert keras.config.dtype_policy().name == "float32"
