"""What can be asked of an autoencoder.

The functions in `MEASURES` take the trained model and the images, and return
entries for the record.
"""

import numpy as np

from .batches import batches, mapped
from .code_files import file_scores
from .codes import excess_by_bits
from .denoising import repair_scores
from .few_labels import few_label_scores, graph_scores
from .fine_tuning import fine_tuning_scores
from .losses import binary_crossentropy, excess_over_floor
from .neighbours import neighbour_scores
from .picture_files import picture_file_scores
from .weave import PERIODS, weave

__all__ = [
    "CODE_MEASURES",
    "MEASURES",
    "ROUND_TRIP_MEASURES",
    "applied",
    "fine_tuning",
    "of_both",
    "of_encoder",
    "reconstruction_scores",
    "repair",
    "test",
    "test_repair",
    "train",
    "woven",
]

SCORES = ("loss", "excess", "rounded_accuracy", "mse")


def reconstruction_scores(part, images, reconstruct):
    """Return the four scores of reconstructions, under names that begin with `part`.

    Parameters
    ----------
    part : str
        "val" or "test".
    images : ndarray or what is read like one
    reconstruct : callable
        From a batch of images to their reconstructions.

    Returns
    -------
    dict
        Loss and excess in nats per pixel, rounded accuracy and mean squared
        error; all None if a reconstruction holds something else than numbers.
    """
    totals = np.zeros(len(SCORES))
    for x in batches(images):
        y = reconstruct(x)
        if not np.isfinite(y).all():
            totals[:] = np.nan
            break
        of_batch = (
            binary_crossentropy(x, y),
            excess_over_floor(x, y),
            np.mean(np.round(x) == np.round(y)),
            np.mean((x - y) ** 2),
        )
        totals += len(x) * np.array(of_batch)
    means = totals / len(images)
    if np.isnan(means).any():
        means = [None] * len(SCORES)
    return {f"{part}_{name}": value for name, value in zip(SCORES, means)}


def applied(model):
    """Return a Keras model as a function of arrays, on any backend."""
    from keras import ops  # here, so that scores of arrays do without it

    return lambda batch: ops.convert_to_numpy(model(batch, training=False))


def test(model, images):
    """Score the model on the test images: once, when all choices are made."""
    return reconstruction_scores("test", images.test, applied(model))


def train(model, images):
    """Score the model on the training images: how much of them has it learnt by heart?"""
    return reconstruction_scores("train", images.train, applied(model))


def repair(model, images):
    """Damage the validation images, and score what the model makes of them."""
    return repair_scores("val", images.valid, applied(model))


def test_repair(model, images):
    """The same with the test images: once, when all choices are made."""
    return repair_scores("test", images.test, applied(model))


def woven(model, images):
    """Measure the patterns that the model draws on flat cloth: see `weave`."""
    y = mapped(applied(model), images.valid)
    waves = weave(images.valid[:], np.clip(y, 0, 1)) if np.isfinite(y).all() else {}
    found = [waves.get(period, np.nan) for period in PERIODS]
    return {"weave": found if np.isfinite(found).all() else [None] * len(PERIODS)}


def fine_tuning(model, images):
    """Train classifiers on a few labels, from the encoder's weights and from new ones."""
    return fine_tuning_scores(images, model.layers[0])


def of_encoder(measure):
    """Return what is asked of a code as a measure of the model that makes it."""

    def asked(model, images):
        return measure(images, applied(model.layers[0]))

    return asked


def of_both(measure):
    """Return what is asked of a code and its decoder as a measure of the model of both."""

    def asked(model, images):
        encoder, decoder = model.layers
        return measure(images, applied(encoder), applied(decoder))

    return asked


CODE_MEASURES = {
    "few labels": few_label_scores,
    "graph": graph_scores,
    "neighbours": neighbour_scores,
}
"""What a code can be asked, given images and what encodes them."""

ROUND_TRIP_MEASURES = {
    "bits": excess_by_bits,
    "files": file_scores,
    "photographs": picture_file_scores,
}
"""What can be asked given what decodes them, too."""

MEASURES = {
    "fine tuning": fine_tuning,
    "repair": repair,
    "test": test,
    "test repair": test_repair,
    "train": train,
    "weave": woven,
    **{name: of_encoder(measure) for name, measure in CODE_MEASURES.items()},
    **{name: of_both(measure) for name, measure in ROUND_TRIP_MEASURES.items()},
}
"""What a trained model can be asked, by the names that experiments use."""
