"""How long training takes to reach a loss, beside the published recipe."""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

import keras

from ..checks import check_sizes
from ..models.costs import code_size
from ..scores.measures import reconstruct, scores
from .experiment import Experiment, refuse_unless_positive
from .training import BATCHES_AT_ONCE, Training, build, optimizer_of

__all__ = ["Race"]


@dataclass(frozen=True, kw_only=True)
class Race(Experiment):
    """A training that stops at a loss, timed beside another that runs to its end.

    Both run in one process, one after the other. Validation is not on the
    clock; nor is compilation: it falls on the first few executions of several
    steps, and each counts as the median of all. The reference gets larger
    executions (``steps_per_execution``), which make it faster.

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

    kind = "race"
    alone = True

    def __post_init__(self):
        for name in ("runner", "reference"):
            if not isinstance(getattr(self, name), Training):
                raise ValueError(f"{name} {getattr(self, name)!r} must be a Training")
        refuse_unless_positive(target=self.target)
        check_sizes(every=self.every)

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
        self.valid, self.target, self.laps = valid, target, []

    def on_train_batch_begin(self, batch, logs=None):
        self.since = perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.laps.append(perf_counter() - self.since)
        if self.target is not None:
            y = reconstruct(self.model, self.valid)
            reached = scores("val", self.valid, y)["val_loss"] <= self.target
            self.model.stop_training = reached


def timed(experiment, data, every, target=None):
    """Train to the target, or to the last epoch, and time the steps."""
    keras.utils.set_random_seed(experiment.seed)
    model = build(experiment)
    model.compile(
        optimizer_of(experiment, len(data.x_train)),
        "binary_crossentropy",
        steps_per_execution=every,
    )
    watch = Stopwatch(data.x_valid, target)
    x, batch = data.x_train, experiment.batch_size
    model.fit(
        x, x, batch_size=batch, epochs=experiment.epochs, callbacks=[watch], verbose=0
    )
    steps = int(model.optimizer.iterations)
    return {
        "code_size": code_size(model),
        "parameters": model.count_params(),
        "train_seconds": median(watch.laps) * len(watch.laps),
        "train_images": min(steps * batch, experiment.epochs * len(x)),
        **scores("val", data.x_valid, reconstruct(model, data.x_valid)),
    }
