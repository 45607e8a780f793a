"""Fitting: batches, losses and optimizers are what they are asked to be."""

import keras
import numpy as np
import pytest

from convae_lib import KernelMuon, WarmupLinearDecay
from convae_lib.training.fit import (
    Pairs,
    make_optimizer,
    summed_binary_crossentropy,
)


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
