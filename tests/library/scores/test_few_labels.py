"""How far a few labels go."""

import numpy as np
import pytest

from convae_lib.data import Images
from convae_lib.scores import few_labels
from convae_lib.scores.few_labels import draw_labelled, few_label_scores, graph_scores


def clouds(spread, seed=0):
    """Return images of three classes, each around a corner of its own."""
    rng = np.random.default_rng(seed)
    labels, parts = {}, {}
    for part, count in (("train", 240), ("valid", 120), ("test", 150)):
        labels[part] = rng.integers(0, 3, count)
        middle = 0.25 + 0.5 * np.eye(3)[labels[part]]
        moved = middle + spread * rng.normal(size=(count, 3))
        parts[part] = np.clip(moved, 0, 1).reshape(count, 3, 1).astype(np.float32)
    return Images(**parts, labels=labels)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(few_labels, "LABELS", (3, 30))
    monkeypatch.setattr(few_labels, "DRAWS", 4)
    monkeypatch.setattr(few_labels, "TRIAL_DRAWS", 2)
    monkeypatch.setattr(few_labels, "TRIAL_LABELS", (3,))


def test_draws_have_as_many_of_each_class_and_are_of_the_seed():
    labels = np.random.default_rng(0).integers(0, 5, 200)
    places = draw_labelled(labels, 30, seed=1)
    assert np.bincount(labels[places]).tolist() == [6] * 5
    assert len(set(places)) == 30
    assert np.array_equal(places, draw_labelled(labels, 30, seed=1))
    assert not np.array_equal(places, draw_labelled(labels, 30, seed=2))
    with pytest.raises(ValueError, match="count 7 is no multiple of 5, the classes"):
        draw_labelled(labels, 7, seed=0)
    with pytest.raises(ValueError, match=r"class 0 has \d+ images, not 100"):
        draw_labelled(labels, 500, seed=0)


def test_what_lies_apart_needs_one_label_a_class():
    found = few_label_scores(clouds(0.02), lambda x: x)
    assert found["labels"] == [3, 30]
    assert found["test_nearest"] == [1, 1] and found["test_nearest_sd"] == [0, 0]
    assert min(found["test_logistic"]) > 0.98
    spread = graph_scores(clouds(0.02), lambda x: x)
    assert spread["unlabelled_graph"] == [1, 1] and spread["test_graph"] == [1, 1]
    assert min(spread["test_balanced"]) > 0.95


def test_a_graph_gains_by_images_without_labels_and_more_labels_help():
    images = clouds(0.17, seed=3)
    alone, joined = (
        score(images, lambda x: x) for score in (few_label_scores, graph_scores)
    )
    assert 0.5 < alone["test_nearest"][0] < alone["test_nearest"][1] < 1
    assert joined["test_graph"][0] > alone["test_nearest"][0]
    assert joined["joined"] in few_labels.GRAPHS


def test_the_nearest_labelled_image_by_hand():
    images = clouds(0.2, seed=5)
    found = few_label_scores(images, lambda x: x)
    train, test = (np.reshape(p, (len(p), -1)) for p in (images.train, images.test))
    right = []
    for seed in range(4):
        places = draw_labelled(images.labels["train"], 3, seed)
        gap = np.linalg.norm(test[:, None] - train[places][None], axis=2)
        told = images.labels["train"][places][gap.argmin(axis=1)]
        right.append(np.mean(told == images.labels["test"]))
    assert found["test_nearest"][0] == pytest.approx(np.mean(right))
    assert found["test_nearest_sd"][0] == pytest.approx(np.std(right, ddof=1))


def test_a_code_and_the_same_code_turned_have_equal_scores():
    images = clouds(0.2, seed=5)
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    plain = few_label_scores(images, lambda x: np.reshape(x, (len(x), 3)) * (1, 2, 9))
    turned = few_label_scores(
        images, lambda x: np.reshape(x, (len(x), 3)) * (1, 2, 9) @ turn
    )
    assert plain["test_nearest"] == turned["test_nearest"]
    assert plain["test_logistic"] == pytest.approx(turned["test_logistic"], abs=0.02)


def test_constant_numbers_of_a_code_do_no_harm():
    found = few_label_scores(clouds(0.02), lambda x: np.append(x, 0 * x, axis=1))
    assert found["test_nearest"] == [1, 1]


def test_images_without_labels_are_refused():
    x = np.ones((9, 2, 2))
    for score in (few_label_scores, graph_scores):
        with pytest.raises(ValueError, match="have no labels of test"):
            score(Images(train=x, valid=x, test=x), lambda x: x)
