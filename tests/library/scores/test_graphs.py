"""A graph that joins near neighbours, and labels that spread over it."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from convae_lib import nearest
from convae_lib.scores.graphs import join_nearest, poisson_learning

RNG = np.random.default_rng(0)


def neighbour_graph(codes, count):
    return join_nearest(*nearest(codes, codes, count + 1, distances=True), count)


def test_the_graph_is_that_of_all_distances():
    codes = RNG.normal(size=(50, 3))
    distances = np.linalg.norm(codes[:, None] - codes[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    order = np.argsort(distances, axis=1)[:, :4]
    expected = np.zeros((50, 50))
    for row, places in enumerate(order):
        own = distances[row, places]
        expected[row, places] = np.exp(-4 * own**2 / own.max() ** 2)
    expected = (expected + expected.T) / 2
    assert np.allclose(neighbour_graph(codes, 4).toarray(), expected, atol=1e-4)


def test_copies_are_neighbours_of_each_other_and_none_of_itself():
    codes = np.repeat([[0.0], [1.0]], 6, axis=0)
    graph = neighbour_graph(codes, 3)
    assert not graph.diagonal().any() and np.isfinite(graph.data).all()
    assert not graph[:6, 6:].toarray().any()


def test_labels_solve_the_equation_of_the_paper():
    codes = RNG.normal(size=(40, 2))
    graph = neighbour_graph(codes, 8)
    places, labels = np.array([3, 8, 20, 33, 37]), np.array([0, 1, 2, 2, 1])
    W = graph.toarray()
    L = np.diag(W.sum(axis=1)) - W
    sources = np.zeros((40, 3))
    sources[places] = np.eye(3)[labels] - np.bincount(labels) / 5
    u = np.linalg.lstsq(L, sources, rcond=None)[0]
    u -= (W.sum(axis=1) @ u) / W.sum()
    expected = (u / np.bincount(labels)).argmax(axis=1)
    assert np.array_equal(poisson_learning(graph, places, labels, classes=3), expected)


def test_clouds_get_the_label_that_one_of_each_has():
    own = np.arange(90) % 3
    codes = 8 * np.eye(3)[own] + RNG.normal(size=(90, 3))
    found = poisson_learning(
        neighbour_graph(codes, 10), np.arange(3), own[:3], classes=3
    )
    assert np.mean(found == own) > 0.95


def test_a_part_without_a_label_gets_none_and_others_are_not_disturbed():
    W = np.zeros((6, 6))
    for a, b, weight in [(0, 1, 1), (1, 2, 0.1), (2, 3, 1), (4, 5, 1)]:
        W[a, b] = W[b, a] = weight
    found = poisson_learning(
        csr_array(W), np.array([0, 3]), np.array([0, 1]), classes=2
    )
    assert found.tolist() == [0, 0, 1, 1, -1, -1]
    places, labels = np.array([0, 3, 4]), np.array([0, 1, 1])
    found = poisson_learning(csr_array(W), places, labels, classes=2)
    assert found.tolist() == [0, 0, 1, 1, 1, 1]


def test_a_class_without_a_label_is_named():
    graph = csr_array(np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"no label is given for the classes \[1\]"):
        poisson_learning(graph, np.array([0, 1]), np.array([0, 2]), classes=3)
