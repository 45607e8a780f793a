"""How well the nearest neighbours of an image agree with it in class."""

import numpy as np
import pytest

from convae_lib.data import Images
from convae_lib.scores.neighbours import (
    NEIGHBOURS,
    nearest,
    neighbour_scores,
    precision,
    vote,
)

RNG = np.random.default_rng(0)


def test_the_nearest_are_those_of_all_distances():
    gallery, queries = RNG.normal(size=(60, 2, 3)), RNG.normal(size=(7, 2, 3))
    distances = np.sqrt(((gallery[None] - queries[:, None]) ** 2).sum(axis=(2, 3)))
    places, found = nearest(gallery, queries, 5, distances=True)
    assert np.array_equal(places, np.argsort(distances, axis=1)[:, :5])
    assert np.allclose(found, np.sort(distances, axis=1)[:, :5], atol=1e-3)
    assert np.array_equal(nearest(gallery, queries, 5), places)


@pytest.mark.parametrize(
    ("gallery", "queries", "count", "says"),
    [
        (
            np.ones((4, 3)),
            np.ones((2, 2)),
            1,
            "queries of 2 numbers do not fit .* of 3",
        ),
        (np.ones((4, 3)), np.ones((2, 3)), 5, "gallery of 4 has no 5 neighbours"),
        (np.ones((4, 3)), np.ones((2, 3)), 0, "count 0 must be a whole number"),
    ],
)
def test_what_has_no_neighbours_is_refused(gallery, queries, count, says):
    with pytest.raises(ValueError, match=says):
        nearest(gallery, queries, count)


def test_votes_by_hand():
    labels = np.array([[1, 2, 2, 0], [3, 1, 1, 3], [0, 1, 2, 3]])
    assert vote(labels, 1).tolist() == [1, 3, 0]
    assert vote(labels, 2).tolist() == [1, 3, 0]  # a tie: the nearer
    assert vote(labels, 3).tolist() == [2, 1, 0]
    assert vote(labels, 4).tolist() == [2, 3, 0]
    assert precision(labels, np.array([2, 3, 3]), count=2) == pytest.approx(2 / 6)


def clouds(spread, seed):
    """Return images of three classes, which lie as far apart as `spread` is small."""
    rng = np.random.default_rng(seed)
    labels = {part: rng.integers(0, 3, 150) for part in ("train", "valid", "test")}
    parts = {}
    for part, own in labels.items():
        far = np.eye(3)[own] * 0.5 + 0.25 + spread * rng.normal(size=(150, 3))
        parts[part] = np.clip(far, 0, 1).reshape(150, 3, 1).astype(np.float32)
    return Images(**parts, labels=labels)


def test_what_lies_apart_is_told_apart_and_noise_is_guessed():
    apart = neighbour_scores(clouds(0.01, 1), lambda x: x)
    assert apart["test_neighbour_accuracy"] == apart["val_precision_at_10"] == 1
    mixed = neighbour_scores(clouds(5, 1), lambda x: x * 0 + RNG.random(x.shape))
    assert 0.2 < mixed["test_precision_at_10"] < 0.45
    assert mixed["neighbours"] in NEIGHBOURS


def test_the_number_of_neighbours_is_chosen_by_validation_only():
    images = clouds(0.25, 2)
    found = neighbour_scores(images, lambda x: x)
    places = nearest(images.train, images.valid, max(NEIGHBOURS))
    labels = images.labels["train"][places]
    right = [np.mean(vote(labels, k) == images.labels["valid"]) for k in NEIGHBOURS]
    assert found["neighbours"] == NEIGHBOURS[int(np.argmax(right))]
    assert found["val_neighbour_accuracy"] == max(right)
    places = nearest(images.train, images.test, max(NEIGHBOURS))
    labels = vote(images.labels["train"][places], found["neighbours"])
    assert found["test_neighbour_accuracy"] == np.mean(labels == images.labels["test"])


def test_images_without_labels_are_refused():
    images = Images(
        train=np.ones((9, 2, 2)), valid=np.ones((9, 2, 2)), test=np.ones((9, 2, 2))
    )
    with pytest.raises(ValueError, match="have no labels of test"):
        neighbour_scores(images, lambda x: x)
