"""Trainings that can be killed at any moment, and go on where they stood."""

import random
import sys
from inspect import signature
from math import isfinite, nan, prod
from pathlib import Path
from time import perf_counter

import keras
import numpy as np

from ..checks import check_sizes, remove_parts
from .checkpoint_file import CHECKPOINT, read, read_checkpoint, tell_position, write
from .fit import (
    LOSSES,
    VALIDATION_IMAGES,
    PartOfEpoch,
    compile_to_reconstruct,
    epochs_between_scores,
    make_optimizer,
    train,
    validation_pairs,
)
from .identity import identify, refuse_another

__all__ = ["CHECKPOINT", "EVERY", "read_checkpoint", "train_resumable"]

EVERY = 500
"""Steps between two checkpoints."""

STEPS_AT_ONCE = 16  # between two calls of `progress`; it changes the speed only


def train_resumable(
    model,
    images,
    *,
    folder,
    every=EVERY,
    resume=False,
    seed=None,
    progress=None,
    **as_train,
):
    """Fit a model as ``train`` does, and keep what it takes to go on after a kill.

    A training that is killed, at any moment, and resumed ends with the weights of one
    that was not: bit for bit where the machine computes the same way twice, which takes
    ``tf.config.experimental.enable_op_determinism()`` in TensorFlow.

    Parameters
    ----------
    model : keras.Model
        Built after ``keras.utils.set_random_seed``, and anew with the same seed to
        resume. Layers that draw numbers do so from a `keras.random.SeedGenerator` of
        their own, as Keras's do.
    images : Images
        Training and validation images.
    folder : path-like
        Where the checkpoint is kept, one file; it is made if need be.
    every : int, default 500
        Steps between two checkpoints, the most that a kill costs; there is one after
        each epoch, too.
    resume : bool, default False
        Whether to go on from the checkpoint in the folder. Where there is none, the
        training begins.
    seed : int, optional
        Of the order of the images, and of their damage; by default it is drawn from
        NumPy's generator, as ``keras.utils.set_random_seed`` left it.
    progress : callable, optional
        Called every few steps with the epoch, from 1 up, the steps done in it, the steps
        of an epoch, the mean loss of the epoch so far, in nats per pixel, and the seconds
        that are left; NaN after the first steps, which include compilation.
    **as_train
        Optimizer, learning rate and the other settings of ``train``.

    Returns
    -------
    dict of list
        As ``train`` returns it, of all epochs.

    Raises
    ------
    ValueError
        If the folder holds a checkpoint and `resume` is False; if the checkpoint is
        damaged, or of another model, other images, another seed or other settings; if a
        setting is unknown or out of range.
    OSError
        If a checkpoint cannot be written. The one before it stays whole.

    Notes
    -----
    An epoch's order of images follows from seed and epoch, so that it needs no record.
    All batches are of one size, which makes all steps the same compiled function: the
    last one of an epoch is filled with the first images of that epoch. Losses are
    therefore not those of ``train`` to the last digit.

    The file holds weights, the states of seed generators, the optimizer with its step,
    which is the schedule's, the generators of Python and NumPy, and the position.
    `keras.callbacks.BackupAndRestore` (Keras 3.15) keeps neither of the last two: it
    goes on with the first step of the epoch in which it was interrupted, and overwrites
    its only file in place.

    Examples
    --------
    >>> import keras, tempfile
    >>> from convae_lib import dense_autoencoder, draw_garments
    >>> from convae_lib.data import Images
    >>> drawn = draw_garments(60)[0]
    >>> images = Images(train=drawn[:40], valid=drawn[40:50], test=drawn[50:])
    >>> def run(folder, **options):
    ...     keras.utils.set_random_seed(1)
    ...     model = dense_autoencoder(code_size=3, hidden=8)
    ...     recipe = dict(optimizer="adam", learning_rate=0.01, epochs=2)
    ...     return train_resumable(model, images, folder=folder, **recipe, **options)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     history = run(folder)
    ...     again = run(folder, resume=True)  # it is finished: nothing is left to do
    >>> history == again, len(history["loss_by_epoch"])
    (True, 2)
    """
    settings = read_settings(model, images, as_train)
    check_sizes(every=every)
    if seed is None:
        seed = int(np.random.randint(2**31))
    check_sizes(0, seed=seed)
    path = read_folder(folder, resume)
    run = Run(model, images, settings, int(seed), path, progress)
    remove_parts(path.parent, path.name)  # of a writer that was killed
    return run.carry_out(int(every), resume and path.exists())


class Run:
    """A training at its position: epochs that are done, and steps in the next one."""

    part = PartOfEpoch  # what `fit` is given

    def __init__(self, model, images, settings, seed, path, progress):
        self.model, self.images, self.path = model, images, path
        self.settings, self.seed, self.progress = settings, seed, progress
        self.epoch = self.step = 0
        self.losses = 0.0  # of the steps of this epoch
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

    def carry_out(self, every, resume):
        """Train to the end, from the checkpoint or from the beginning."""
        if resume:
            self.load()
        else:
            self.save()  # a place that takes no file is found before an hour's work
        self.train(every)
        return self.history

    def train(self, every):
        clock = _Clock(self)
        while self.epoch < self.settings["epochs"]:
            end = min(self.step + every, self.steps)
            loss = self.fit(end, clock)
            self.losses += loss * (end - self.step)
            self.step = end
            if not isfinite(loss):  # as in `train`, it ends here; nothing of it is kept
                return self.finish_epoch()
            if end == self.steps:
                self.finish_epoch()
            self.save()

    def fit(self, end, clock):
        """Take the steps up to `end`, and return their mean loss."""
        part = self.part(
            self.images.train,
            self.batch_size,
            self.settings["damage"],
            seed=(self.seed, self.epoch),
            steps=range(self.step, end),
        )
        clock.drawn = _torch_states()
        found = self.model.fit(
            part,
            shuffle=False,  # Keras would shuffle batches by Python's generator
            callbacks=[keras.callbacks.TerminateOnNaN(), clock],
            verbose=0,
        )
        return found.history["loss"][0] / self.pixels

    def finish_epoch(self):
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
        return self.model.evaluate(**options)

    def variables(self):
        """Return all that training changes, by the names it has in the file."""
        return {
            f"{owner}_{place}": variable
            for owner, kept in (
                ("model", self.model),
                ("optimizer", self.model.optimizer),
            )
            for place, variable in enumerate(kept.variables)
        }

    def save(self):
        name, keys, *numpy = np.random.get_state()
        about = {
            **self.identity,
            "epoch": self.epoch,
            "step": self.step,
            "losses": self.losses,
            "history": self.history,
            "python": random.getstate(),
            "numpy": [name, keys.tolist(), *numpy],
        }
        arrays = {
            name: keras.ops.convert_to_numpy(variable)
            for name, variable in self.variables().items()
        }
        write(self.path, about, arrays | _torch_states())

    def load(self):
        about, arrays = read(self.path)
        refuse_another(self.path, about, self.identity)
        torch = {name: x for name, x in arrays.items() if name.startswith("torch")}
        variables = self.variables()
        shapes = {name: tuple(x.shape) for name, x in variables.items()}
        if shapes != {
            name: arrays[name].shape for name in arrays.keys() - torch.keys()
        }:
            raise ValueError(
                f"{self.path} holds other arrays than this model and optimizer have; "
                "remove it to begin again"
            )
        for name, variable in variables.items():
            variable.assign(arrays[name])
        self.epoch, self.step = about["epoch"], about["step"]
        self.losses, self.history = about["losses"], about["history"]
        version, state, gauss = about["python"]
        random.setstate((version, tuple(state), gauss))
        np.random.set_state(tuple(about["numpy"]))
        _set_torch_states(torch)


def _torch_states():
    """Return the states of PyTorch's own generators, where it computes.

    There some layers of Keras, as ``Dropout``, draw from these and not from their own.
    """
    if keras.backend.backend() != "torch":
        return {}
    torch = sys.modules["torch"]
    states = {
        f"torch_cuda_{k}": x for k, x in enumerate(torch.cuda.get_rng_state_all())
    }
    return {k: x.numpy() for k, x in {"torch": torch.get_rng_state(), **states}.items()}


def _set_torch_states(states):
    if keras.backend.backend() != "torch" or not states:
        return
    torch = sys.modules["torch"]
    states = {name: torch.from_numpy(state) for name, state in states.items()}
    torch.set_rng_state(states.pop("torch"))
    for name, state in states.items():
        torch.cuda.set_rng_state(state, int(name.removeprefix("torch_cuda_")))


class _Clock(keras.callbacks.Callback):
    """Tells how far a training is, and how long it will take."""

    def __init__(self, run):
        super().__init__()
        self.run, self.measured = run, False

    def on_train_begin(self, logs=None):
        _set_torch_states(self.drawn)  # the first `fit` has drawn to build its metrics

    def place(self):
        return self.run.epoch * self.run.steps + self.run.step

    def on_train_batch_end(self, batch, logs=None):
        run = self.run
        if run.progress is None:
            return
        steps = self.params["steps"]
        taken = min(batch + 1, steps)
        step = run.step + taken
        done = self.place() + taken
        pace, left = nan, run.settings["epochs"] * run.steps - done
        if self.measured:
            pace = (perf_counter() - self.begin) / (done - self.at)
        else:  # the first steps include compilation; later ones do not
            self.begin, self.at, self.measured = perf_counter(), done, True
        seconds = pace * left if left else 0.0
        loss = (run.losses + logs["loss"] / run.pixels * taken) / step
        run.progress(run.epoch + 1, step, run.steps, loss, seconds)


def read_settings(model, images, as_train):
    """Return the settings of ``train`` with its defaults; refuse what cannot be."""
    given = signature(train).bind(model, images, **as_train)
    given.apply_defaults()
    settings = dict(given.arguments)
    model, images = settings.pop("model"), settings.pop("images")
    if not model.built:
        raise ValueError(f"{model.name} is not built; call it on images first")
    check_sizes(batch_size=settings["batch_size"], epochs=settings["epochs"])
    if settings["loss"] not in LOSSES:
        raise ValueError(f"loss {settings['loss']!r} is not one of {', '.join(LOSSES)}")
    settings["learning_rate"] = float(settings["learning_rate"])
    return settings


def read_folder(folder, resume):
    """Return where the checkpoint is kept; refuse one that would be lost."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"folder {folder} is a file; give a folder for the checkpoint")
    path = folder / CHECKPOINT
    if not resume and path.exists():
        about, _ = read(path)
        if about["epoch"] or about["step"]:  # else there is nothing to lose
            raise ValueError(
                f"{path} is there already, {tell_position(about)}: resume it, or remove "
                "it to begin again"
            )
    return path
