"""One training run of one model: the experiment most of the book is made of."""

from dataclasses import dataclass, field, replace
from functools import partial
from inspect import signature
from math import prod

import numpy as np

from ..checks import check_sizes
from ..scores.corruptions import CORRUPTIONS, corrupt
from ..scores.measures import MEASURES, applied, reconstruction_scores
from .experiment import (
    Experiment,
    refuse_unknown,
    refuse_unknown_measures,
    refuse_unless_positive,
)

__all__ = ["Training", "find_model", "refuse_unknown_model"]


@dataclass(frozen=True, kw_only=True)
class Training(Experiment):
    """A model, a recipe and a seed.

    Attributes
    ----------
    model : str
        Name of a function in ``convae_lib.models.MODELS`` that builds the model.
    options : dict
        Its arguments; ``image_shape`` is that of the images, unless given.
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
    mixed : bool
        Whether training and validation images are put together and dealt out again at
        random, as many to each: tiles of one photograph are then in both.
    mirrored : bool
        Whether the training images are joined by their mirror images, left and right.
    damage : str, optional
        A kind of `corrupt`: the model learns to repair images that are damaged so. Its
        scores are those of undamaged ones; the measure "repair" damages them.
    amount : float, optional
        How much of it.
    measures : tuple of str
        Of "bits", "few labels", "files", "fine tuning", "graph", "neighbours",
        "photographs", "repair", "test", "test repair", "train" and "weave": what else is
        asked of the trained model.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range.

    Examples
    --------
    >>> from convae_lib.experiments import Training
    >>> training = Training(
    ...     name="a small one",
    ...     model="dense_autoencoder",
    ...     options={"code_size": 4},
    ...     optimizer="adam",
    ...     learning_rate=0.001,
    ...     schedule="constant",
    ...     seed=3,
    ... )
    >>> training.settings["epochs"], training.settings["batch_size"]
    (5, 32)

    Its ``run`` is handed images and returns the record; `sweep` runs many.
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
    mixed: bool = False
    mirrored: bool = False
    damage: str | None = None
    amount: float | None = None
    seed: int = 1
    measures: tuple = ()

    kind = "training"

    def __post_init__(self):
        # Here, so that records are read without Keras.
        from ..training.losses import LOSSES
        from ..training.optimizers import OPTIMIZERS, SCHEDULES

        refuse_unknown("optimizer", self.optimizer, OPTIMIZERS)
        refuse_unknown("schedule", self.schedule, SCHEDULES)
        refuse_unknown("loss", self.loss, LOSSES)
        refuse_unknown_model(self.model, self.options)
        refuse_unknown_measures(self.measures, MEASURES)
        refuse_unless_positive(learning_rate=self.learning_rate)
        check_sizes(batch_size=self.batch_size, epochs=self.epochs)
        check_sizes(0, seed=self.seed)
        if self.images is not None:
            check_sizes(images=self.images)
        for name in ("permuted", "mixed", "mirrored"):
            if not isinstance(value := getattr(self, name), bool):
                raise ValueError(f"{name} {value!r} must be True or False")
        if (self.damage is None) != (self.amount is None):
            raise ValueError(
                f"damage {self.damage!r} and amount {self.amount!r}: give both or none"
            )
        if self.damage is not None:
            refuse_unknown("damage", self.damage, CORRUPTIONS)
            object.__setattr__(self, "amount", float(self.amount))
        # One experiment has one id, whether its rate was written 1 or 1.0.
        object.__setattr__(self, "learning_rate", float(self.learning_rate))

    @property
    def recipe_settings(self):
        """Optimizer, learning rate and schedule."""
        names = ("optimizer", "learning_rate", "schedule")
        return {name: getattr(self, name) for name in names}

    def measure(self, images, models=None, keep=None):
        """Train, and return scores, losses of each epoch, and sizes.

        ``keep(self, model, images)`` is called with the model, trained.
        """
        from ..models.costs import code_size, multiply_adds
        from ..training.fit import train

        images = self.prepare(images)
        model = self.build(images, models)
        log = train(
            model,
            images,
            **self.recipe_settings,
            batch_size=self.batch_size,
            epochs=self.epochs,
            loss=self.loss,
            damage=self.damage and self.damaged,
        )
        result = {
            "images": len(images.train),
            "code_size": code_size(model),
            "parameters": model.count_params(),
            "multiply_adds": multiply_adds(model),
            **log,
            **reconstruction_scores("val", images.valid, applied(model)),
        }
        for name in self.measures:
            result |= MEASURES[name](model, images)
        if keep is not None:
            keep(self, model, images)
        return result

    def prepare(self, images):
        """Return the images as this experiment sees them: fewer, permuted, dealt anew."""
        if self.images is not None:
            images = images.first(self.images)
        if self.permuted:
            pixels = prod(images.image_shape[:2])
            order = np.random.default_rng(0).permutation(pixels)
            images = images.map(partial(reorder, order=order))
        if self.mixed:
            images = mix(images, self.seed)
        if self.mirrored:
            both = np.concatenate([images.train[:], images.train[:][:, :, ::-1]])
            images = replace(images, train=both, labels=only_test(images))
        return images

    def damaged(self, batch, rng):
        """Return a batch of images as the model is given them to repair."""
        return corrupt(batch, self.damage, self.amount, rng)

    def build(self, images, models=None):
        """Return the untrained model, from its seed."""
        import keras

        keras.utils.set_random_seed(self.seed)
        options = {"image_shape": images.image_shape, **self.options}
        return find_model(self.model, models)(**options)


def reorder(batch, order):
    """Return images whose pixels stand in another order."""
    pixels = batch.reshape(len(batch), len(order), -1)  # (n, pixels, channels)
    return pixels[:, order].reshape(batch.shape)


def mix(images, seed):
    """Return images of which training and validation are dealt anew."""
    count = len(images.train)
    both = np.concatenate([images.train[:], images.valid[:]])
    order = np.random.default_rng(seed).permutation(len(both))
    train, valid = both[order[:count]], both[order[count:]]
    return replace(images, train=train, valid=valid, labels=only_test(images))


def only_test(images):
    """Return the labels of the test images, if they have any, for images dealt anew."""
    return {part: images.labels[part] for part in ("test",) if part in images.labels}


def find_model(name, models=None):
    """Return what builds a model, from a table or from that of the library."""
    if models is None:
        from ..models import MODELS as models
    refuse_unknown("model", name, models)
    return models[name]


def refuse_unknown_model(name, options):
    """Raise a ValueError for a model that is not there, or options it does not take."""
    build = find_model(name)
    try:
        signature(build).bind(**{"image_shape": None, **options})
    except TypeError as error:
        raise ValueError(f"options {options!r} do not fit {name}: {error}") from None
