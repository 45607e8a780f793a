"""One way to train an autoencoder: on arrays, or on images read a batch at a time."""

from inspect import signature
from math import prod

import keras
import numpy as np

from ..checks import check_sizes
from .accuracy import rounded_accuracy
from .losses import LOSSES
from .optimizers import make_optimizer

__all__ = ["train"]

BATCHES_AT_ONCE = 191  # steps_per_execution of Keras; it changes the speed only
VALIDATION_IMAGES = 500  # a batch
VALIDATION_SEED = (0,)  # of the damage, the same after each epoch


def train(
    model,
    images,
    *,
    optimizer,
    learning_rate,
    schedule="constant",
    batch_size=32,
    epochs=5,
    loss="mean",
    damage=None,
):
    """Compile a model and fit it to reconstruct the training images.

    Parameters
    ----------
    model : keras.Model
        Built after ``keras.utils.set_random_seed``, if runs are to repeat.
    images : Images
        Training and validation images.
    optimizer, learning_rate, schedule
        As in `~convae_lib.training.optimizers.make_optimizer`.
    batch_size, epochs : int, default 32 and 5
    loss : {"mean", "sum"}, default "mean"
        Binary cross-entropy as the mean over the pixels, or as their sum.
    damage : callable, optional
        From a batch of images and a random generator to damaged images: the model is
        fit to repair those. Training images are damaged anew in each epoch, validation
        images always in the same way.

    Returns
    -------
    dict of list
        Losses of each epoch in nats per pixel, and the rounded accuracy; with
        more than 30 epochs the validation scores are taken at fewer.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range.

    Examples
    --------
    >>> import keras
    >>> from convae_lib import dense_autoencoder, draw_garments
    >>> from convae_lib.data import Images
    >>> drawn = draw_garments(60)[0]
    >>> images = Images(train=drawn[:40], valid=drawn[40:50], test=drawn[50:])
    >>> keras.utils.set_random_seed(1)
    >>> model = dense_autoencoder(code_size=3, hidden=8)
    >>> history = train(model, images, optimizer="adam", learning_rate=0.01, epochs=2)
    >>> [len(scores) for scores in history.values()]
    [2, 2, 2]
    """
    _refuse_settings(batch_size, epochs, loss)
    steps = epochs * -(-len(images.train) // batch_size)
    pixels = prod(images.image_shape) if loss == "sum" else 1
    made = make_optimizer(optimizer, learning_rate, schedule, steps)
    compile_to_reconstruct(model, made, loss, BATCHES_AT_ONCE)
    history = model.fit(
        **pairs(images.train, batch_size, damage),
        epochs=epochs,
        validation_data=validation_pairs(images.valid, damage),
        validation_batch_size=VALIDATION_IMAGES,
        validation_freq=epochs_between_scores(epochs),
        callbacks=[keras.callbacks.TerminateOnNaN()],
        verbose=0,
    ).history
    return {
        "loss_by_epoch": [value / pixels for value in history["loss"]],
        "val_loss_by_epoch": [value / pixels for value in history["val_loss"]],
        "val_rounded_accuracy_by_epoch": history["val_rounded_accuracy"],
    }


def complete_settings(model, images, as_train):
    """Return the settings of ``train`` with its defaults, for a training like it.

    Parameters
    ----------
    model : keras.Model
    images : Images
    as_train : dict
        Keyword arguments of ``train``.

    Raises
    ------
    ValueError
        If the model is not built, or a setting is unknown or out of range.
    TypeError
        If ``train`` has no argument of a name, or one is missing that it needs.
    """
    given = signature(train).bind(model, images, **as_train)
    given.apply_defaults()
    settings = dict(given.arguments)
    del settings["model"], settings["images"]
    if not model.built:
        raise ValueError(f"{model.name} is not built; call it on images first")
    _refuse_settings(*(settings[name] for name in ("batch_size", "epochs", "loss")))
    settings["learning_rate"] = float(settings["learning_rate"])
    return settings


def _refuse_settings(batch_size, epochs, loss):
    check_sizes(batch_size=batch_size, epochs=epochs)
    if loss not in LOSSES:
        raise ValueError(f"loss {loss!r} is not one of {', '.join(LOSSES)}")


def compile_to_reconstruct(model, optimizer, loss, steps_per_execution):
    """Compile a model with one of the `LOSSES`, and rounded accuracy."""
    model.compile(
        optimizer,
        LOSSES[loss],
        metrics=[rounded_accuracy],
    )
    # Set afterwards, it is not saved with the model: PyTorch would refuse to predict.
    model.steps_per_execution = steps_at_once(steps_per_execution)


def steps_at_once(count):
    """Return how many steps Keras may take at once: with PyTorch, one at a time."""
    return 1 if keras.backend.backend() == "torch" else count


def epochs_between_scores(epochs):
    """Return after how many epochs validation scores are taken, 30 times at most."""
    return -(-epochs // 30)


def scored_epochs(epochs):
    """Return the epochs after which validation scores are taken, from 1 up.

    Examples
    --------
    >>> scored_epochs(3), scored_epochs(61)[:3]
    ([1, 2, 3], [3, 6, 9])
    """
    every = epochs_between_scores(epochs)
    return [*range(every, epochs + 1, every)]


def pairs(images, batch_size, damage=None):
    """Return how `fit` is given images as their own targets, in batches, shuffled."""
    if isinstance(images, np.ndarray) and damage is None:
        return {"x": images, "y": images, "batch_size": batch_size}
    return {"x": Pairs(images, batch_size, damage, shuffle=True)}


def validation_pairs(images, damage=None):
    """Return the same for validation: in order."""
    if isinstance(images, np.ndarray) and damage is None:
        return images, images
    return Pairs(images, VALIDATION_IMAGES, damage)


class Pairs(keras.utils.PyDataset):
    """Batches of images that are read when they are needed, each its own target.

    With ``damage`` a batch is the damaged images, and the target what they were.
    """

    def __init__(self, images, batch_size, damage=None, shuffle=False):
        super().__init__()
        self.images, self.batch_size, self.damage = images, batch_size, damage
        self.shuffle, self.order = shuffle, np.arange(len(images))
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self.images) // self.batch_size)

    def __getitem__(self, place):
        start = place * self.batch_size
        batch = self.images[self.order[start : start + self.batch_size]]
        if self.damage is None:
            return batch, batch
        rng = np.random.default_rng([*self.seed, place])  # whoever reads it, and when
        return self.damage(batch, rng), batch

    def on_epoch_end(self):
        self.seed = VALIDATION_SEED
        if self.shuffle:  # by the seed of `keras.utils.set_random_seed`
            np.random.shuffle(self.order)
            self.seed = (np.random.randint(2**31),)
