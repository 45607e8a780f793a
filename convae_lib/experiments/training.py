"""One training run of one model: the experiment most of the book is made of."""

from dataclasses import dataclass, field, replace
from inspect import signature

import keras
import numpy as np

from .. import models
from ..checks import check_sizes
from ..models.costs import code_size, multiply_adds
from ..optimizers import KernelMuon, WarmupLinearDecay
from ..scores.measures import MEASURES, reconstruct, scores
from ..scores.metrics import rounded_accuracy
from .experiment import (
    Experiment,
    refuse_unknown,
    refuse_unless_positive,
)

__all__ = ["BATCHES_AT_ONCE", "Training", "build", "optimizer_of", "train"]

OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "muon": KernelMuon,
}
SCHEDULES = ("constant", "linear")
LOSSES = ("mean", "sum")
BATCHES_AT_ONCE = 191  # of the 1,719 of an epoch; it changes the speed only


@dataclass(frozen=True, kw_only=True)
class Training(Experiment):
    """A model, a recipe and a seed.

    Attributes
    ----------
    model : str
        Name of a function of the library that builds the model.
    options : dict
        Its arguments.
    optimizer : {"sgd", "adam", "muon"}
        `keras.optimizers.SGD`, `Adam`, or `KernelMuon`.
    learning_rate : float
    schedule : {"constant", "linear"}
        "linear" is `WarmupLinearDecay`: up in 5 % of the steps, then down to 0.
    batch_size, epochs, seed : int
    loss : {"mean", "sum"}
        Binary cross-entropy as the mean over the pixels, or as their sum.
    images : int, optional
        How many training images are used, from the first on; by default all.
        A record says how many there were.
    permuted : bool
        Whether the pixels of all images are reordered, by one fixed random
        permutation.
    measures : tuple of str
        "bits", "checkerboard", "test": what else is asked of the trained model.
    """

    model: str
    options: dict = field(default_factory=dict)
    optimizer: str
    learning_rate: float
    schedule: str
    batch_size: int = 32
    epochs: int = 5
    loss: str = "mean"
    images: int | None = None
    permuted: bool = False
    seed: int = 1
    measures: tuple = ()

    kind = "training"

    def __post_init__(self):
        refuse_unknown("optimizer", self.optimizer, OPTIMIZERS)
        refuse_unknown("schedule", self.schedule, SCHEDULES)
        refuse_unknown("loss", self.loss, LOSSES)
        refuse_unknown_model(self.model, self.options)
        if isinstance(self.measures, str):
            raise ValueError(f"measures {self.measures!r} must be a tuple of names")
        for name in self.measures:
            refuse_unknown("measure", name, MEASURES)
        refuse_unless_positive(learning_rate=self.learning_rate)
        check_sizes(batch_size=self.batch_size, epochs=self.epochs)
        check_sizes(0, seed=self.seed)
        if self.images is not None:
            check_sizes(images=self.images)
        if not isinstance(self.permuted, bool):
            raise ValueError(f"permuted {self.permuted!r} must be True or False")
        # One experiment has one id, whether its rate was written 1 or 1.0.
        object.__setattr__(self, "learning_rate", float(self.learning_rate))

    def measure(self, data):
        """Train, and return scores, losses of each epoch, and sizes."""
        data = self.prepare(data)
        model, log = train(self, data)
        result = {
            "images": len(data.x_train),
            "code_size": code_size(model),
            "parameters": model.count_params(),
            "multiply_adds": multiply_adds(model),
            **log,
            **scores("val", data.x_valid, reconstruct(model, data.x_valid)),
        }
        for name in self.measures:
            result |= MEASURES[name](model, data)
        return result

    def prepare(self, data):
        """Return `data` as this experiment sees it: fewer images, or permuted."""
        if (self.images or 0) > len(data.x_train):
            raise ValueError(
                f"images {self.images} are asked for, and there are {len(data.x_train)}"
            )
        data = replace(data, x_train=data.x_train[: self.images])
        if self.permuted:
            order = np.random.default_rng(0).permutation(28 * 28)
            shuffled = {
                part: getattr(data, part).reshape(-1, 784)[:, order].reshape(-1, 28, 28)
                for part in ("x_train", "x_valid", "x_test")
            }
            data = replace(data, **shuffled)
        return data


def train(experiment, data):
    """Build, compile and fit the model of an experiment.

    Parameters
    ----------
    experiment : Training
    data : FashionMNIST
        As `experiment.prepare` returns it.

    Returns
    -------
    model : keras.Model
        Trained.
    log : dict of list
        Losses of each epoch in nats per pixel, and the rounded accuracy; with
        more than 30 epochs the validation scores are taken at fewer.
    """
    keras.utils.set_random_seed(experiment.seed)
    model = build(experiment)
    pixels = 28 * 28 if experiment.loss == "sum" else 1
    model.compile(
        optimizer_of(experiment, len(data.x_train)),
        "binary_crossentropy" if pixels == 1 else summed_binary_crossentropy,
        metrics=[rounded_accuracy],
        steps_per_execution=BATCHES_AT_ONCE,
    )
    x, valid = data.x_train, data.x_valid
    history = model.fit(
        x,
        x,
        batch_size=experiment.batch_size,
        epochs=experiment.epochs,
        validation_data=(valid, valid),
        validation_batch_size=500,
        validation_freq=-(-experiment.epochs // 30),
        callbacks=[keras.callbacks.TerminateOnNaN()],
        verbose=0,
    ).history
    return model, {
        "loss_by_epoch": [loss / pixels for loss in history["loss"]],
        "val_loss_by_epoch": [loss / pixels for loss in history["val_loss"]],
        "val_rounded_accuracy_by_epoch": history["val_rounded_accuracy"],
    }


def build(experiment):
    """Return the untrained model of an experiment."""
    return models.MODELS[experiment.model](**experiment.options)


def optimizer_of(experiment, images):
    """Return the optimizer of an experiment, with its schedule for so many images."""
    rate = experiment.learning_rate
    if experiment.schedule == "linear":
        steps = experiment.epochs * -(-images // experiment.batch_size)
        rate = WarmupLinearDecay(rate, steps)
    return OPTIMIZERS[experiment.optimizer](rate)


def summed_binary_crossentropy(images, reconstructions):
    """Binary cross-entropy summed over the pixels of each image."""
    of_rows = keras.losses.binary_crossentropy(images, reconstructions)
    return images.shape[-1] * keras.ops.sum(of_rows, axis=-1)


def refuse_unknown_model(name, options):
    """Raise a ValueError for a model that is not there, or options it does not take."""
    refuse_unknown("model", name, models.MODELS)
    try:
        signature(models.MODELS[name]).bind(**options)
    except TypeError as error:
        raise ValueError(f"options {options!r} do not fit {name}: {error}") from None
