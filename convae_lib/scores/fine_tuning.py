"""Whether an encoder that has learned to compress is a head start for a classifier."""

from itertools import product

import numpy as np

from .batches import mapped
from .codes import labelled_codes
from .few_labels import draw_labelled

__all__ = ["TUNED_LABELS", "WAYS", "fine_tuning_scores"]

TUNED_LABELS = (100, 500, 1_000)
WAYS = ("tuned", "fresh", "frozen")
DRAWS, TRIAL_DRAWS = 5, 1
STEPS = (80, 320)  # of 32 images each
BATCH = 32
RATES = (0.001, 0.004, 0.016)  # of Adam; they fall to 0
FROZEN_RATES = (0.01, 0.03, 0.1)  # one layer by itself bears more
ASKED = 2_000  # validation images that each trial is scored on


def fine_tuning_scores(images, encoder):
    """Return the accuracy of classifiers that are trained on a few labels, in three ways.

    A classifier is the encoder and a dense softmax layer on its code: "tuned" goes on from
    the encoder's weights, "fresh" begins with new ones, "frozen" trains the last layer only.
    Each is trained by Adam on cross-entropy, with a learning rate that falls to 0. Its
    first rate and the number of steps are chosen for each way and number of labels by a
    draw from the validation images, scored on validation images outside the draw. The
    labels are drawn from the training images, the same for every way.

    The encoder stays as it is. What its layers do in training only they do here, too:
    `SampledCode` draws its code, and adds its loss.

    Parameters
    ----------
    images : Images
        With labels, from 0 up, of all three parts.
    encoder : keras.Model
        From a batch of images to their codes.

    Returns
    -------
    dict
        ``tuned_labels``, their numbers; for each of them and each way ``test_tuned``,
        ``test_fresh`` and ``test_frozen``, the mean accuracy on the test images over 5
        draws; ``tuned_sd``, the deviation of the draws, ``tuned_rate`` and
        ``tuned_steps``, what was chosen; and the same of the other ways.

    Raises
    ------
    ValueError
        If a part has no labels, or too few images of a class for 1,000 of all.

    Notes
    -----
    Each draw sets the seeds of ``keras.utils.set_random_seed``, so that the scores do not
    depend on what was drawn before.
    """
    import keras  # here, so that scores of arrays do without it

    labels = images.labels
    codes = labelled_codes(images, encoder.predict_on_batch)
    classes = max(int(of_part.max()) for of_part in labels.values()) + 1
    keras.utils.set_random_seed(0)
    whole = _classifier(
        encoder.input_shape[1:], classes, keras.models.clone_model(encoder)
    )
    last = _classifier(codes["train"].shape[1:], classes)
    seen = {"train": images.train, "valid": images.valid, "test": images.test}

    def train(way, part, places, seed, rate, steps):
        """Return the classifier, trained on the labelled images at some places."""
        keras.utils.set_random_seed(seed)
        new = keras.models.clone_model(whole).get_weights()
        start = {
            "tuned": encoder.get_weights() + new[-2:],
            "fresh": new,
            "frozen": new[-2:],
        }
        network, x = (last, codes) if way == "frozen" else (whole, seen)
        network.set_weights(start[way])
        own = labels[part][places]
        _train(network, x[part][places], own, seed, rate, steps)
        return network

    def chosen(way, count):
        """Return the learning rate and the number of steps that serve validation best."""
        scores = dict.fromkeys(
            product(FROZEN_RATES if way == "frozen" else RATES, STEPS), 0
        )
        for seed in range(TRIAL_DRAWS):
            places = draw_labelled(labels["valid"], count, seed)
            rest = np.delete(np.arange(len(labels["valid"])), places)[:ASKED]
            asked = (codes if way == "frozen" else seen)["valid"][rest]
            for setting in scores:
                network = train(way, "valid", places, seed, *setting)
                scores[setting] += _accuracy(network, asked, labels["valid"][rest])
        return max(scores, key=scores.get)

    found = {"tuned_labels": list(TUNED_LABELS)}
    for way in WAYS:
        asked = (codes if way == "frozen" else seen)["test"]
        rows = {
            f"test_{way}": [],
            f"{way}_sd": [],
            f"{way}_rate": [],
            f"{way}_steps": [],
        }
        for count in TUNED_LABELS:
            rate, steps = chosen(way, count)
            right = []
            for seed in range(DRAWS):
                places = draw_labelled(labels["train"], count, seed)
                network = train(way, "train", places, seed, rate, steps)
                right.append(_accuracy(network, asked, labels["test"]))
            values = (float(np.mean(right)), float(np.std(right, ddof=1)), rate, steps)
            for row, value in zip(rows.values(), values):
                row.append(value)
        found |= rows
    return found


def _classifier(shape, classes, encoder=None):
    """Return a compiled classifier of what has a shape: a layer, or an encoder and it."""
    import keras

    before = [] if encoder is None else [encoder, keras.layers.Flatten()]
    network = keras.Sequential(
        [keras.Input(shape), *before, keras.layers.Dense(classes, activation="softmax")]
    )
    network.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
    return network


def _train(network, x, labels, seed, rate, steps):
    """Train from the weights that a network has, with a rate that falls to 0."""
    for variable in network.optimizer.variables:  # compiled once: Adam begins anew
        variable.assign(np.zeros(variable.shape, variable.dtype))
    rng = np.random.default_rng(seed)  # the same order on every backend
    rounds = -(-steps * BATCH // len(x))
    order = np.concatenate([rng.permutation(len(x)) for _ in range(rounds)])
    for place in range(steps):
        network.optimizer.learning_rate = rate * (1 - place / steps)
        rows = order[place * BATCH : (place + 1) * BATCH]
        network.train_on_batch(x[rows], labels[rows])


def _accuracy(network, x, labels):
    """Return the share of images whose likeliest class is their own."""
    told = mapped(network.predict_on_batch, x).argmax(axis=1)
    return np.mean(told == labels)
