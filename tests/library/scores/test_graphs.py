"""A graph that joins near neighbours, and labels that spread over it."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from convae_lib import nearest
from convae_lib.scores.graphs import (
    join_nearest,
    likeliest_labels,
    poisson_learning,
    poisson_potentials,
)

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
    u /= np.bincount(labels)
    found = poisson_potentials(graph, places, labels, classes=3, tolerance=1e-10)
    assert np.allclose(found, u, atol=1e-8)
    found = poisson_learning(graph, places, labels, classes=3)
    assert np.array_equal(found, u.argmax(axis=1))


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


def test_known_sizes_are_kept_and_what_has_no_label_stays_without():
    u = RNG.normal(size=(400, 4)) * (1, 2, 1, 1) + (3, 0, 0.5, 0)
    u[:7] = np.nan
    shares = np.array([0.1, 0.2, 0.3, 0.4])
    told = likeliest_labels(u, shares)
    assert (told[:7] == -1).all()
    counts = np.bincount(told[7:], minlength=4)
    assert np.abs(counts - 393 * shares).max() <= 2
    # Between two classes the order of the places is that of the difference.
    gap, first = (u[:, 3] - u[:, 2])[7:], told[7:] == 3
    assert gap[first].min() >= gap[told[7:] == 2].max()
    assert np.array_equal(likeliest_labels(u)[7:], u[7:].argmax(axis=1))


def test_shares_that_are_none_are_refused():
    u = np.zeros((5, 2))
    for shares in ([1.0], [0.5, 0.4]):
        with pytest.raises(ValueError, match="must be 2 numbers that sum to 1"):
            likeliest_labels(u, shares)


def test_a_solver_that_does_not_get_there_says_so(monkeypatch):
    from convae_lib.scores import graphs

    monkeypatch.setattr(graphs, "STEPS", 2)
    graph = neighbour_graph(RNG.normal(size=(200, 2)), 5)
    with pytest.raises(RuntimeError, match="no solution within 2 steps"):
        poisson_learning(graph, np.array([0, 1]), np.array([0, 1]), classes=2)


def test_a_class_without_a_label_is_named():
    graph = csr_array(np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"no label is given for the classes \[1\]"):
        poisson_learning(graph, np.array([0, 1]), np.array([0, 2]), classes=3)
