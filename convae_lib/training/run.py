"""A training that takes some steps at a time, and can stand still between them."""

from math import isfinite, nan, prod
from time import perf_counter

import keras
import numpy as np

from .fit import (
    VALIDATION_IMAGES,
    Pairs,
    compile_to_reconstruct,
    epochs_between_scores,
    validation_pairs,
)
from .generators import set_torch_states, torch_states
from .identity import identify
from .optimizers import make_optimizer

__all__ = ["PartOfEpoch", "Run"]

STEPS_AT_ONCE = 16  # between two calls of `progress`; it changes the speed only


class PartOfEpoch(Pairs):
    """Some steps of an epoch, whose order and damage follow from seed and epoch.

    All batches are of one size: the last one of an epoch is filled with its first images.
    """

    def __init__(self, images, batch_size, damage, *, seed, steps):
        super().__init__(images, batch_size, damage)
        self.seed, self.steps = seed, steps
        order = np.random.default_rng(seed).permutation(len(images))
        self.order = np.append(order, order[: -len(order) % batch_size])

    def __len__(self):
        return len(self.steps)

    def __getitem__(self, place):
        return super().__getitem__(self.steps[place])

    def on_epoch_end(self):
        """Keep the order: what Keras calls an epoch is a part of one."""


class Run:
    """A training at its position: epochs that are done, and steps in the next one.

    Parameters
    ----------
    model : keras.Model
    images : Images
    settings : dict
        As `complete_settings` returns them.
    seed : int
        Of the order of the images, and of their damage.
    progress : callable or None
        As `train_resumable` takes it.

    Attributes
    ----------
    identity : dict
        What tells this training from others.
    epoch, step : int
        The position.
    losses : float
        Sum over the steps of this epoch.
    history : dict of list
        As ``train`` returns it, of the epochs that are done.
    """

    part = PartOfEpoch  # what `fit` is given

    def __init__(self, model, images, settings, seed, progress):
        self.model, self.images = model, images
        self.settings, self.seed, self.progress = settings, seed, progress
        self.epoch = self.step = 0
        self.losses = 0.0
        self.history = {
            "loss_by_epoch": [],
            "val_loss_by_epoch": [],
            "val_rounded_accuracy_by_epoch": [],
        }
        self.batch_size = min(settings["batch_size"], len(images.train))
        self.steps = -(-len(images.train) // self.batch_size)  # of an epoch
        sums = settings["loss"] == "sum"
        self.pixels = prod(images.image_shape) if sums else 1
        self.identity = identify(model, images, settings, seed)
        names = ("optimizer", "learning_rate", "schedule")
        recipe = {name: settings[name] for name in names}
        optimizer = make_optimizer(**recipe, steps=settings["epochs"] * self.steps)
        compile_to_reconstruct(model, optimizer, settings["loss"], STEPS_AT_ONCE)
        model.optimizer.build(model.trainable_variables)  # else nothing is restored

    def parts(self, every):
        """Train to the end; yield after `every` steps and each epoch, to be saved.

        As in ``train``, a loss that is not finite ends it. Nothing is yielded then, for
        the weights are spoilt.
        """
        clock = _Clock(self)
        while self.epoch < self.settings["epochs"]:
            end = min(self.step + every, self.steps)
            loss = self.fit(end, clock)
            self.losses += loss * (end - self.step)
            self.step = end
            if not isfinite(loss):
                return self.finish_epoch()
            if end == self.steps:
                self.finish_epoch()
            yield

    def fit(self, end, clock):
        """Take the steps up to `end`, and return their mean loss."""
        part = self.part(
            self.images.train,
            self.batch_size,
            self.settings["damage"],
            seed=(self.seed, self.epoch),
            steps=range(self.step, end),
        )
        drawn = torch_states()  # the first `fit` draws to build its metrics
        undo = keras.callbacks.LambdaCallback(
            on_train_begin=lambda logs: set_torch_states(drawn)
        )
        found = self.model.fit(
            part,
            shuffle=False,  # Keras would shuffle batches by Python's generator
            callbacks=[keras.callbacks.TerminateOnNaN(), undo, clock],
            verbose=0,
        )
        return found.history["loss"][0] / self.pixels

    def finish_epoch(self):
        """Note the epoch's loss, score the model if it is due, and go to the next."""
        self.history["loss_by_epoch"].append(self.losses / self.step)
        self.epoch, self.step, self.losses = self.epoch + 1, 0, 0.0
        if self.epoch % epochs_between_scores(self.settings["epochs"]):
            return
        pairs = validation_pairs(self.images.valid, self.settings["damage"])
        if isinstance(pairs, tuple):
            x, y = pairs
            pairs = dict(x=x, y=y, batch_size=VALIDATION_IMAGES)
        else:
            pairs = dict(x=pairs)
        found = self.evaluate(**pairs, verbose=0, return_dict=True)
        self.history["val_loss_by_epoch"].append(found["loss"] / self.pixels)
        self.history["val_rounded_accuracy_by_epoch"].append(found["rounded_accuracy"])

    def evaluate(self, **options):
        """Score the model as Keras does."""
        return self.model.evaluate(**options)


class _Clock(keras.callbacks.Callback):
    """Tells how far a training is, and how long it will take."""

    def __init__(self, run):
        super().__init__()
        self.run, self.measured = run, False

    def on_train_batch_end(self, batch, logs=None):
        run = self.run
        if run.progress is None:
            return
        taken = min(batch + 1, self.params["steps"])  # of this call of `fit`
        step = run.step + taken
        done = run.epoch * run.steps + step
        pace, left = nan, run.settings["epochs"] * run.steps - done
        if self.measured:
            pace = (perf_counter() - self.begin) / (done - self.at)
        else:  # the first steps include compilation; later ones do not
            self.begin, self.at, self.measured = perf_counter(), done, True
        seconds = pace * left if left else 0.0
        loss = (run.losses + logs["loss"] / run.pixels * taken) / step
        run.progress(run.epoch + 1, step, run.steps, loss, seconds)
