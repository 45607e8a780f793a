"""How fast a network trains on a graphics card, and what share of the card that takes."""

import re
from statistics import median
from time import perf_counter

import numpy as np

from ..models.costs import multiply_adds
from ..scores.measures import applied, reconstruction_scores
from .fit import BATCHES_AT_ONCE, compile_to_reconstruct
from .optimizers import make_optimizer

__all__ = ["PEAKS", "peak_of", "share_of_peak", "time_on_card"]

PEAKS = {
    r"H200(?! NVL)|H100 80GB HBM3|GH200": 494.7,
    r"A100": 156.0,
    r"\bL4\b": 60.0,
    r"\bT4\b": 8.1,
}
"""TFLOPS of cards by their names, for products of float32 and without sparsity.

From NVIDIA's data sheets and the white paper of the H100. All but the T4 multiply in
TF32, as TensorFlow and JAX let them by default; where a data sheet counts sparse
matrices, half of its number stands here.
"""

FLOPS = 2  # of a multiply-add
PASSES = 3  # multiply-adds of a training step over those of the forward pass


def peak_of(card, tflops=None):
    """Return how many floating point operations a second a card could do.

    Parameters
    ----------
    card : str
        Its name, as ``nvidia-smi`` has it.
    tflops : float, optional
        In 10¹² a second; for cards that `PEAKS` does not have.

    Raises
    ------
    ValueError
        If the card is unknown and `tflops` is not given, or is not positive.

    Examples
    --------
    >>> peak_of("NVIDIA A100-SXM4-40GB"), peak_of("a card", tflops=2)
    (156000000000000.0, 2000000000000.0)
    """
    if tflops is None:
        for name, known in PEAKS.items():
            if re.search(name, card):
                return known * 1e12
        raise ValueError(
            f"the peak of {card!r} is not known here; give it in TFLOPS, as its data sheet "
            "has it for TF32, or for FP32 where there is none, without sparsity"
        )
    if not 0 < tflops < float("inf"):
        raise ValueError(f"a peak of {tflops!r} TFLOPS must be positive")
    return tflops * 1e12


def share_of_peak(model, images_per_second, peak):
    """Return the share of a card's peak that training a model takes.

    Counted are the multiply-adds of its layers, three times those of the forward pass,
    as two operations each.

    Parameters
    ----------
    model : keras.Model
    images_per_second : float
    peak : float
        Floating point operations a second.

    Examples
    --------
    >>> from convae_lib import dense_autoencoder
    >>> model = dense_autoencoder()  # 162,800 multiply-adds
    >>> round(share_of_peak(model, 1_000_000, 1e12), 4)
    0.9768
    """
    return FLOPS * PASSES * multiply_adds(model) * images_per_second / peak


def time_on_card(build, images, *, recipe, batch_size, epochs, target, every=50):
    """Train for some epochs, and time them; train again until a loss is reached.

    What is timed ends with a number on the host: a card goes on computing after it was
    told what to do. The first epoch compiles and does not count.

    Parameters
    ----------
    build : callable
        Returns the model, anew in each call, from its seed.
    images : Images
    recipe : dict
        Optimizer, learning rate and schedule, as `make_optimizer` takes them.
    batch_size : int
    epochs : int
        From 2 up.
    target : float
        Validation loss, in nats per pixel.
    every : int, default 50
        Steps between two looks at the validation loss.

    Returns
    -------
    dict
        ``epoch_seconds``, the median; ``images_per_second`` in it; ``val_loss`` and
        ``val_excess`` after the last epoch; ``steps_to_target``, and
        ``seconds_to_target`` at the speed of an epoch, both None if the loss is not
        reached.
    """
    if epochs < 2:
        raise ValueError(f"epochs {epochs!r} must be at least 2: the first compiles")
    x, steps = images.train, -(-len(images.train) // batch_size)
    model, seconds = _compiled(build, recipe, steps * epochs, BATCHES_AT_ONCE), []
    for _ in range(epochs):
        begin = perf_counter()
        model.fit(x, x, batch_size=batch_size, verbose=0)
        seconds.append(perf_counter() - begin)
    scores = reconstruction_scores("val", images.valid, applied(model))
    epoch = median(seconds[1:])
    reached = _steps_to(target, build, images, recipe, batch_size, epochs, every)
    return {
        "epoch_seconds": epoch,
        "images_per_second": len(x) / epoch,
        "val_loss": scores["val_loss"],
        "val_excess": scores["val_excess"],
        "steps_to_target": reached,
        "seconds_to_target": None if reached is None else reached * epoch / steps,
    }


def _compiled(build, recipe, steps, at_once):
    model = build()
    compile_to_reconstruct(
        model, make_optimizer(**recipe, steps=steps), "mean", at_once
    )
    return model


def _steps_to(target, build, images, recipe, batch_size, epochs, every):
    """Return after how many steps the validation loss is reached; None if it is not."""
    x, rng, done = images.train, np.random.default_rng(0), 0
    steps = -(-len(x) // batch_size)
    model = _compiled(build, recipe, steps * epochs, every)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), every * batch_size):
            some = x[order[start : start + every * batch_size]]
            model.fit(some, some, batch_size=batch_size, verbose=0)
            done += -(-len(some) // batch_size)
            found = reconstruction_scores("val", images.valid, applied(model))
            if found["val_loss"] is None:  # it diverged
                return None
            if found["val_loss"] <= target:
                return done
    return None
