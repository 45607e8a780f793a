"""How long training takes: until a loss is reached, and per image.

Only training steps are timed; the first include compilation, so a total is the
median execution times their number.
"""

import json
import sys
from importlib import import_module
from statistics import median
from time import perf_counter

import keras
import numpy as np

from ..models.costs import multiply_adds
from ..scores.measures import applied, reconstruction_scores
from .fit import pairs, steps_at_once
from .optimizers import OPTIMIZERS, make_optimizer

__all__ = ["images_per_second", "time_training"]

PASSES = 3  # multiply-adds of a training step over those of the forward pass
ROUNDS = 3
IMAGES = 1024
PEAK_SIDE = 2048  # of the matrices whose product is the machine's peak


class Stopwatch(keras.callbacks.Callback):
    """Times training steps, and stops the training at a validation loss."""

    def __init__(self, valid, target):
        super().__init__()
        self.valid, self.target, self.laps = valid, target, []

    def on_train_batch_begin(self, batch, logs=None):
        self.since = perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.laps.append(perf_counter() - self.since)
        if self.target is not None:
            found = reconstruction_scores("val", self.valid, applied(self.model))
            self.model.stop_training = found["val_loss"] <= self.target


def time_training(model, images, *, recipe, batch_size, epochs, every, target=None):
    """Train to a validation loss, or to the last epoch, and time the steps.

    Parameters
    ----------
    model : keras.Model
    images : Images
    recipe : dict
        Optimizer, learning rate and schedule, as `make_optimizer` takes them.
    batch_size, epochs : int
    every : int
        Steps of an execution: between two looks at the validation loss.
    target : float, optional
        Validation loss, in nats per pixel, that ends the training.

    Returns
    -------
    dict
        Only training steps are timed; the first executions include compilation,
        so ``train_seconds`` is the median execution times their number.
    """
    steps = epochs * -(-len(images.train) // batch_size)
    model.compile(
        make_optimizer(**recipe, steps=steps),
        "binary_crossentropy",
        steps_per_execution=steps_at_once(every),
    )
    watch = Stopwatch(images.valid, target)
    model.fit(
        **pairs(images.train, batch_size), epochs=epochs, callbacks=[watch], verbose=0
    )
    done = int(model.optimizer.iterations) * batch_size
    return {
        "train_seconds": median(watch.laps) * len(watch.laps),
        "train_images": min(done, epochs * len(images.train)),
    }


def images_per_second(build, options, *, optimizer, batch_sizes):
    """Time one backend, that of this process.

    The batch sizes take turns, and so does a product of two large matrices, the
    peak that a training can reach.

    Parameters
    ----------
    build : callable
        Returns the model.
    options : dict
        Its arguments.
    optimizer : {"sgd", "adam", "muon"}
    batch_sizes : sequence of int

    Returns
    -------
    dict
        Parameters, multiply-adds, and for each batch size images a second and
        the share of the peak; the peak in multiply-adds a second.
    """
    model = build(**options)
    shape = (IMAGES, *model.input_shape[1:])
    images = np.random.default_rng(0).random(shape, np.float32)
    epochs = {}
    for batch in batch_sizes:
        copy = keras.models.clone_model(model)
        copy.compile(
            OPTIMIZERS[optimizer](),
            "binary_crossentropy",
            steps_per_execution=steps_at_once(IMAGES // batch),
        )
        epochs[batch] = lambda copy=copy, batch=batch: copy.fit(
            images, images, batch_size=batch, verbose=0
        )
    side = np.random.default_rng(0).random((PEAK_SIDE, PEAK_SIDE), np.float32)
    jobs = {**epochs, "peak": lambda: side @ side}
    for job in jobs.values():
        job()  # compiles
    seconds = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            begin = perf_counter()
            job()
            seconds[name].append(perf_counter() - begin)
    peak = PEAK_SIDE**3 / median(seconds.pop("peak"))
    rates = {str(b): IMAGES / median(times) for b, times in seconds.items()}
    work = PASSES * multiply_adds(model)
    return {
        "parameters": model.count_params(),
        "multiply_adds": multiply_adds(model),
        "images_per_second": rates,
        "share_of_peak": {batch: rate * work / peak for batch, rate in rates.items()},
        "peak_multiply_adds_per_second": peak,
    }


if __name__ == "__main__":  # in a process of its own, for a backend of its own
    given = json.loads(sys.argv[1])
    module, name = given.pop("build")
    print(json.dumps(images_per_second(getattr(import_module(module), name), **given)))
