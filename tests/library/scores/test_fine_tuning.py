"""Classifiers from few labels: what each way starts from, learns from and is scored on."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from convae_lib.data import Images
from convae_lib.scores import fine_tuning
from convae_lib.scores.few_labels import draw_labelled
from convae_lib.scores.fine_tuning import WAYS, fine_tuning_scores

pytestmark = pytest.mark.skipif(
    keras.backend.backend() == "numpy", reason="this backend trains nothing"
)


@pytest.fixture(autouse=True, scope="module")
def short():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fine_tuning, "TUNED_LABELS", (3, 60))
        patch.setattr(fine_tuning, "DRAWS", 2)
        patch.setattr(fine_tuning, "STEPS", (1, 30))
        patch.setattr(fine_tuning, "RATES", (1e-7, 0.1))
        patch.setattr(fine_tuning, "FROZEN_RATES", (1e-7, 0.1))
        patch.setattr(fine_tuning, "ASKED", 90)
        yield


@pytest.fixture(scope="module")
def images():
    """Images of three classes, each around a corner of its own."""
    rng = np.random.default_rng(0)
    labels, parts = {}, {}
    for part, count in (("train", 150), ("valid", 150), ("test", 90)):
        labels[part] = rng.integers(0, 3, count)
        middle = 0.25 + 0.5 * np.eye(3)[labels[part]]
        moved = middle + 0.05 * rng.normal(size=(count, 3))
        parts[part] = np.clip(moved, 0, 1).reshape(count, 3, 1).astype(np.float32)
    return Images(**parts, labels=labels)


@pytest.fixture(scope="module")
def found(short, images):
    """What classifiers make of a code that is the images."""
    return fine_tuning_scores(images, encoder(1))


def encoder(scale):
    """Return an encoder whose code is the three pixels, `scale` times."""
    x = keras.Input((3, 1))
    code = keras.layers.Dense(3)(keras.layers.Flatten()(x))
    network = keras.Model(x, code)
    network.set_weights([scale * np.eye(3), np.zeros(3)])
    return network


def test_only_what_a_code_keeps_is_learned_from_it(images, found):
    forgets = fine_tuning_scores(images, encoder(0))
    assert found["tuned_labels"] == [3, 60]
    for way in WAYS:
        assert min(found[f"test_{way}"]) > 0.9
    assert max(forgets["test_frozen"]) < 0.6  # it guesses one of three
    assert min(forgets["test_tuned"]) > 0.65  # it may learn to look
    assert forgets["test_fresh"] == found["test_fresh"]  # it never saw the weights


def test_scores_repeat_and_the_encoder_stays_as_it_is(images, found):
    network = encoder(1)
    before = network.get_weights()
    keras.utils.set_random_seed(99)
    assert fine_tuning_scores(images, network) == found
    assert all(map(np.array_equal, before, network.get_weights()))


def test_each_way_has_its_start_and_sees_its_labels_only(images, monkeypatch):
    seen, train = [], fine_tuning._train

    def told(network, x, labels, seed, rate, steps):
        seen.append((network.get_weights(), x, labels))
        train(network, x, labels, seed, rate, steps)

    monkeypatch.setattr(fine_tuning, "_train", told)
    network = encoder(2)
    fine_tuning_scores(images, network)
    # For each way and number of labels: two rates by two numbers of steps, two draws.
    assert len(seen) == 3 * 2 * (2 * 2 + 2)
    final = [run for place, run in enumerate(seen) if place % 6 > 3]
    for number in range(4):
        tuned, fresh, frozen = final[number::4]
        count, seed = ((3, 0), (3, 1), (60, 0), (60, 1))[number]
        places = draw_labelled(images.labels["train"], count, seed)
        for (_, x, labels), own in (
            (tuned, images.train[places]),
            (fresh, images.train[places]),
            (frozen, 2 * images.train[places][..., 0]),
        ):
            assert np.allclose(x, own)
            assert np.array_equal(labels, images.labels["train"][places])
        starts = [run[0] for run in (tuned, fresh, frozen)]
        assert all(map(np.array_equal, starts[0][:2], network.get_weights()))
        assert not np.array_equal(starts[1][0], network.get_weights()[0])
        for one in starts:  # one last layer for all
            assert np.array_equal(one[-2], starts[2][0]) and not one[-1].any()
    assert not np.array_equal(final[4][0][0], final[5][0][0])  # a new start each draw


def test_adam_begins_anew(images):
    network = fine_tuning._classifier((3, 1), 3, encoder(1))
    start, x, labels = network.get_weights(), images.train, images.labels["train"]
    ends = []
    for steps in (2, 7, 2):
        network.set_weights(start)
        fine_tuning._train(network, x, labels, 5, 0.1, steps)
        assert int(network.optimizer.iterations) == steps
        assert float(network.optimizer.learning_rate) == pytest.approx(0.1 / steps)
        ends.append(network.get_weights())
    assert all(map(np.array_equal, ends[0], ends[2]))
    assert not np.array_equal(ends[0][0], ends[1][0])


def test_validation_chooses_and_the_test_has_no_say(images, found):
    test = images.labels["test"]
    other = images.labels | {"test": (test + 1) % 3}
    moved = fine_tuning_scores(replace(images, labels=other), encoder(1))
    for way in WAYS:
        assert found[f"{way}_rate"] == moved[f"{way}_rate"] == [0.1, 0.1]
        assert found[f"{way}_steps"] == moved[f"{way}_steps"]
        assert max(moved[f"test_{way}"]) < 0.1
    assert found["fresh_steps"] == [30, 30]


def test_images_without_labels_are_refused():
    x = np.ones((9, 3, 1))
    with pytest.raises(ValueError, match="have no labels of test"):
        fine_tuning_scores(Images(train=x, valid=x, test=x), encoder(1))
