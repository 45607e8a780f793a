"""How far a few labels go: alone, and with the images that have none."""

import numpy as np

from ..checks import check_sizes
from .codes import labelled_codes
from .graphs import (
    join_nearest,
    likeliest_labels,
    poisson_learning,
    poisson_potentials,
)
from .neighbours import nearest

__all__ = ["LABELS", "draw_labelled", "few_label_scores", "graph_scores"]

LABELS = (10, 50, 100, 500, 1_000)
DRAWS, TRIAL_DRAWS = 20, 5
TRIAL_LABELS = (10, 100)
STRENGTHS = (0.01, 0.1, 1.0, 10.0)  # C of the logistic regression
GRAPHS = (5, 10, 20)  # neighbours of each image


def draw_labelled(labels, count, seed):
    """Return the places of labelled images, as many of each class.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    count : int
        A multiple of the number of classes.
    seed : int

    Returns
    -------
    ndarray of int, shape (count,)

    Raises
    ------
    ValueError
        If `count` is no such multiple, or a class has too few images.

    Examples
    --------
    >>> labels = np.array([0, 1, 0, 1, 1])
    >>> sorted(labels[draw_labelled(labels, 4, seed=0)].tolist())
    [0, 0, 1, 1]
    """
    classes = np.unique(labels)
    check_sizes(count=count)
    each, over = divmod(count, len(classes))
    if over:
        raise ValueError(f"count {count} is no multiple of {len(classes)}, the classes")
    rng = np.random.default_rng(seed)
    drawn = []
    for name in classes:
        own = np.flatnonzero(labels == name)
        if len(own) < each:
            raise ValueError(f"class {name} has {len(own)} images, not {each}")
        drawn.append(rng.choice(own, each, replace=False))
    return np.concatenate(drawn)


def few_label_scores(images, encode):
    """Return the accuracy on test images after training on a few labels.

    The labels are drawn from the training images, the same for every code; the codes
    are centred at their mean over all training images, and divided by one deviation.
    The strength of the regression is chosen by draws from the validation images.

    Parameters
    ----------
    images : Images
        With labels of all three parts.
    encode : callable
        From a batch of images to codes.

    Returns
    -------
    dict
        ``labels``, their numbers; ``test_logistic`` and ``test_nearest``, the mean accuracy
        of logistic regression and of the nearest labelled image over 20 draws, and
        ``test_logistic_sd`` and ``test_nearest_sd``.
    """
    from sklearn.linear_model import LogisticRegression  # here: the rest does without

    codes = labelled_codes(images, encode)
    centre = codes["train"].mean(axis=0)
    width = (codes["train"] - centre).std()  # one: a deviation each would whiten PCA
    codes = {part: (values - centre) / width for part, values in codes.items()}
    labels = images.labels

    def regress(part, places, strength, asked):
        model = LogisticRegression(C=strength, max_iter=200)
        model.fit(codes[part][places], labels[part][places])
        return model.predict(asked)

    def chosen(count):
        def score(strength):
            found = []
            for seed in range(TRIAL_DRAWS):
                places = draw_labelled(labels["valid"], count, seed)
                rest = np.delete(np.arange(len(labels["valid"])), places)
                told = regress("valid", places, strength, codes["valid"][rest])
                found.append(np.mean(told == labels["valid"][rest]))
            return np.mean(found)

        return max(STRENGTHS, key=score)

    found = {"test_logistic": [], "test_nearest": []}
    for count in LABELS:
        strength, each = chosen(count), {name: [] for name in found}
        for seed in range(DRAWS):
            places = draw_labelled(labels["train"], count, seed)
            told = regress("train", places, strength, codes["test"])
            each["test_logistic"].append(np.mean(told == labels["test"]))
            near = nearest(codes["train"][places], codes["test"], 1)[:, 0]
            told = labels["train"][places][near]
            each["test_nearest"].append(np.mean(told == labels["test"]))
        for name, values in each.items():
            found[name].append(values)
    return {"labels": list(LABELS), **_means(found)}


def graph_scores(images, encode):
    """Return the accuracy of labels that spread over a graph of all images.

    The graph joins training, validation and test images by their codes, and knows no
    labels; those that spread by `poisson_learning` are drawn from the training images.
    How many neighbours each image has is chosen by draws from the validation images.

    Parameters
    ----------
    images : Images
        With labels of all three parts.
    encode : callable
        From a batch of images to codes.

    Returns
    -------
    dict
        ``labels``; ``joined``, the number of neighbours chosen; ``unlabelled_graph`` and
        ``test_graph``, the mean accuracy over 20 draws on all images without a label
        and on the test images; ``unlabelled_balanced`` and ``test_balanced``, the same
        when it is known how frequent each class is; and their deviations, with ``_sd``
        behind.
    """
    codes = labelled_codes(images, encode)
    ends = np.cumsum([len(values) for values in codes.values()])
    own = np.concatenate([images.labels[part] for part in codes])
    classes = int(own.max()) + 1
    vectors = np.concatenate([*codes.values()])
    near = nearest(vectors, vectors, max(GRAPHS) + 1, distances=True)
    graphs = {count: join_nearest(*near, count) for count in GRAPHS}
    valid = np.arange(ends[0], ends[1])
    test = np.arange(ends[1], ends[2])

    def right(graph, places, asked):
        told = poisson_learning(graph, places, own[places], classes)
        asked = np.setdiff1d(asked, places)
        return np.mean(told[asked] == own[asked])

    def score(count):
        draws = [
            ends[0] + draw_labelled(images.labels["valid"], some, seed)
            for some in TRIAL_LABELS
            for seed in range(TRIAL_DRAWS)
        ]
        return np.mean([right(graphs[count], places, valid) for places in draws])

    joined = max(GRAPHS, key=score)
    shares = np.bincount(own) / len(own)
    found = {
        f"{asked}_{name}": []
        for name in ("graph", "balanced")
        for asked in ("unlabelled", "test")
    }
    for count in LABELS:
        each = {name: [] for name in found}
        for seed in range(DRAWS):
            places = draw_labelled(images.labels["train"], count, seed)
            u = poisson_potentials(graphs[joined], places, own[places], classes)
            unknown = np.delete(np.arange(len(own)), places)
            for name, known in (("graph", None), ("balanced", shares)):
                told = likeliest_labels(u, known)
                each[f"unlabelled_{name}"].append(
                    np.mean(told[unknown] == own[unknown])
                )
                each[f"test_{name}"].append(np.mean(told[test] == own[test]))
        for name, values in each.items():
            found[name].append(values)
    return {"labels": list(LABELS), "joined": joined, **_means(found)}


def _means(found):
    """Return mean and deviation of the draws, for each name and number of labels."""
    means = {name: np.mean(values, axis=1).tolist() for name, values in found.items()}
    spread = {
        f"{name}_sd": np.std(values, axis=1, ddof=1).tolist()
        for name, values in found.items()
    }
    return means | spread
