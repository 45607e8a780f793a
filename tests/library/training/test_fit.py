"""Fitting: batches, losses and optimizers are what they are asked to be."""

import keras
import numpy as np
import pytest

from convae_lib import KernelMuon, WarmupLinearDecay
from convae_lib.data import Images
from convae_lib.training.fit import Pairs, train
from convae_lib.training.losses import summed_binary_crossentropy
from convae_lib.training.optimizers import make_optimizer


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


def drawn(count, *, grey):
    return np.full((count, 4, 4), grey, np.float32)


@pytest.mark.parametrize(
    ("optimizer", "schedule", "batch_size"),
    [("adam", "linear", 8), ("sgd", "constant", 40), ("muon", "linear", 16)],
)
def test_a_training_keeps_to_its_recipe(optimizer, schedule, batch_size):
    keras.utils.set_random_seed(0)
    dense = keras.layers.Dense(4, activation="sigmoid")
    model = keras.Sequential([keras.Input((4, 4)), dense])
    images = Images(
        train=drawn(40, grey=0), valid=drawn(20, grey=1), test=drawn(20, grey=1)
    )
    recipe = dict(optimizer=optimizer, learning_rate=0.1, schedule=schedule)
    log = train(model, images, **recipe, batch_size=batch_size, epochs=3)
    kinds = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
    assert type(model.optimizer) is (kinds | {"muon": KernelMuon})[optimizer]
    steps = 3 * -(-40 // batch_size)
    assert int(model.optimizer.iterations) == steps
    if schedule == "linear":
        found = model.optimizer._learning_rate.get_config()
        assert (found["peak"], found["steps"]) == (0.1, steps)
    else:
        assert float(model.optimizer.learning_rate) == pytest.approx(0.1)
    # It learns black images and is read on white ones.
    assert log["loss_by_epoch"][-1] < log["loss_by_epoch"][0]
    assert log["val_loss_by_epoch"][-1] > log["val_loss_by_epoch"][0]
    assert len(log["val_rounded_accuracy_by_epoch"]) == 3


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (dict(loss="hinge"), "loss 'hinge' is not one of mean, sum"),
        (dict(batch_size=0), "batch_size 0 must be a whole number from 1 up"),
        (dict(epochs=1.5), "epochs 1.5 must be a whole number from 1 up"),
        (dict(optimizer="lion"), "optimizer 'lion' is not one of sgd, adam, muon"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(wrong, told):
    x = drawn(4, grey=0)
    model = keras.Sequential([keras.Input((4, 4)), keras.layers.Dense(4)])
    recipe = dict(optimizer="sgd", learning_rate=0.1) | wrong
    with pytest.raises(ValueError, match=told):
        train(model, Images(train=x, valid=x, test=x), **recipe)


def test_damaged_batches_have_whole_targets_and_damage_is_new_in_each_epoch():
    x = np.random.default_rng(0).random((10, 3, 3), np.float32)
    keras.utils.set_random_seed(5)

    def damage(batch, rng):
        return batch + rng.random(batch.shape, np.float32) / 9

    batches = Pairs(x, 4, damage, shuffle=True)
    epochs = []
    for _ in range(2):
        seen = [batches[place] for place in (2, 0, 1)]  # whoever reads them when
        assert np.array_equal(seen[1][0], batches[0][0])
        targets = np.concatenate([target for _, target in seen])
        assert sorted(targets[:, 0, 0]) == sorted(x[:, 0, 0])
        added = np.concatenate([given - target for given, target in seen])
        assert added.min() >= 0 and added.max() < 1 / 9 + 1e-6
        assert len(np.unique(added.round(5))) > 80  # no two batches alike
        epochs.append(added)
        batches.on_epoch_end()
    assert not np.array_equal(*epochs)
    valid = Pairs(x, 4, damage)
    first = valid[1][0]
    valid.on_epoch_end()
    assert np.array_equal(valid[1][0], first)


def test_a_model_learns_to_repair_what_is_damaged():
    x = np.repeat(np.random.default_rng(1).random((400, 1, 1), np.float32), 16, 1)
    x = x.reshape(400, 4, 4)
    images = Images(train=x[:300], valid=x[300:], test=x[300:])

    def damage(batch, rng):
        return np.clip(batch + 0.3 * rng.normal(size=batch.shape), 0, 1).astype("f4")

    def repaired(damage):
        keras.utils.set_random_seed(2)
        model = keras.Sequential(
            [
                keras.Input((4, 4)),
                keras.layers.Flatten(),
                keras.layers.Dense(16, activation="sigmoid"),
                keras.layers.Reshape((4, 4)),
            ]
        )
        recipe = dict(optimizer="adam", learning_rate=0.03, epochs=60)
        train(model, images, **recipe, damage=damage)
        given = np.clip(x + 0.3 * np.random.default_rng(7).normal(size=x.shape), 0, 1)
        return np.mean((model.predict(given, verbose=0)[300:] - x[300:]) ** 2)

    assert repaired(damage) < 0.8 * repaired(None)
