"""How long training takes to reach a loss, beside the published recipe."""

from dataclasses import dataclass
from time import perf_counter

import keras
import numpy as np

from ..costs import code_size
from .measures import reconstruct, scores
from .task import Task
from .training import BATCHES_AT_ONCE, Training, build, optimizer_of

__all__ = ["Race"]


@dataclass(frozen=True, kw_only=True)
class Race(Task):
    """A training that stops at a loss, timed beside another that runs to its end.

    Both run in one process, one after the other. Neither compilation nor
    validation is on the clock, and the reference gets large executions
    (``steps_per_execution``), which make it faster.

    Attributes
    ----------
    runner, reference : Training
        What is stopped at `target`, and what it is compared with.
    target : float
        Validation loss to reach, in nats per pixel.
    every : int
        Training steps between two looks at the validation loss of the runner.
    """

    runner: Training
    reference: Training
    target: float
    every: int

    alone = True

    @property
    def settings(self):
        both = {"runner": self.runner.settings, "reference": self.reference.settings}
        return {**super().settings, **both}

    def measure(self, data):
        """Return seconds, images and scores of both, and how many times faster."""
        fast = timed(self.runner, data, self.every, self.target)
        slow = timed(self.reference, data, BATCHES_AT_ONCE)
        return {
            **fast,
            **{f"reference_{key}": value for key, value in slow.items()},
            "times_faster": slow["train_seconds"] / fast["train_seconds"],
        }


class Stopwatch(keras.callbacks.Callback):
    """Times training steps, and stops the training at a validation loss."""

    def __init__(self, valid, target):
        super().__init__()
        self.valid, self.target, self.seconds = valid, target, 0.0
        self.steps = 0

    def on_train_begin(self, logs=None):
        self.since = perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.seconds += perf_counter() - self.since
        self.steps = self.model.optimizer.iterations.numpy()
        if self.target is not None:
            y = reconstruct(self.model, self.valid)
            self.model.stop_training = (
                scores("val", self.valid, y)["val_loss"] <= self.target
            )
        self.since = perf_counter()


def timed(experiment, data, every, target=None):
    """Train to the target, or to the last epoch, and time the steps."""
    keras.utils.set_random_seed(experiment.seed)
    model = build(experiment)
    model.compile(
        optimizer_of(experiment), "binary_crossentropy", steps_per_execution=every
    )
    model.optimizer.build(model.trainable_variables)
    variables = [*model.weights, *model.optimizer.variables]
    fresh = [np.array(variable) for variable in variables]
    x, batch = data.x_train, experiment.batch_size
    few = x[: 2 * every * batch]
    model.fit(few, few, batch_size=batch, verbose=0)  # compiles
    for variable, value in zip(variables, fresh):
        variable.assign(value)

    watch = Stopwatch(data.x_valid, target)
    model.fit(
        x, x, batch_size=batch, epochs=experiment.epochs, callbacks=[watch], verbose=0
    )
    return {
        "code_size": code_size(model),
        "parameters": model.count_params(),
        "train_seconds": watch.seconds,
        "train_images": int(watch.steps) * batch,
        **scores("val", data.x_valid, reconstruct(model, data.x_valid)),
    }
