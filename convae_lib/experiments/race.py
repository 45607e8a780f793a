"""How long training takes to reach a loss, beside the published recipe."""

from dataclasses import dataclass

from ..checks import check_sizes
from ..scores.measures import applied, reconstruction_scores
from .experiment import Experiment, refuse_unless_positive
from .training import Training

__all__ = ["Race"]


@dataclass(frozen=True, kw_only=True)
class Race(Experiment):
    """A training that stops at a loss, timed beside another that runs to its end.

    Both run in one process, one after the other. Only training steps are timed;
    the first include compilation, so the total is the median execution times
    their number. The reference gets larger executions (``steps_per_execution``),
    which make it faster.

    Attributes
    ----------
    runner, reference : Training
        What is stopped at `target`, and what it is compared with.
    target : float
        Validation loss to reach, in nats per pixel.
    every : int
        Training steps between two looks at the validation loss of the runner.

    Raises
    ------
    ValueError
        If one of the two is no `Training`, or a number is out of range.

    Examples
    --------
    >>> from convae_lib.experiments import Race, Training
    >>> model = dict(model="small_conv_autoencoder", options={"code_size": 30})
    >>> slow = dict(optimizer="sgd", learning_rate=0.1, schedule="constant")
    >>> fast = dict(optimizer="muon", learning_rate=0.02, schedule="linear")
    >>> race = Race(
    ...     name="Muon beside SGD",
    ...     runner=Training(name="Muon", **model, **fast),
    ...     reference=Training(name="SGD", **model, **slow, epochs=50),
    ...     target=0.29,
    ...     every=100,
    ... )
    >>> race.alone  # `sweep` runs nothing beside it, for its time is the result
    True

    Its ``run`` is handed images, as that of a `Training` is.
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

    def measure(self, images, models=None):
        """Return seconds, images and scores of both, and how many times faster."""
        from ..training.fit import BATCHES_AT_ONCE

        fast = run_timed(self.runner, images, models, self.every, self.target)
        slow = run_timed(self.reference, images, models, BATCHES_AT_ONCE)
        return {
            **fast,
            **{f"reference_{key}": value for key, value in slow.items()},
            "times_faster": slow["train_seconds"] / fast["train_seconds"],
        }


def run_timed(training, images, models, every, target=None):
    """Train to the target, or to the last epoch; return sizes, times and scores."""
    from ..models.costs import code_size
    from ..training.timing import time_training

    images = training.prepare(images)
    model = training.build(images, models)
    times = time_training(
        model,
        images,
        recipe=training.recipe_settings,
        batch_size=training.batch_size,
        epochs=training.epochs,
        every=every,
        target=target,
    )
    return {
        "code_size": code_size(model),
        "parameters": model.count_params(),
        **times,
        **reconstruction_scores("val", images.valid, applied(model)),
    }
