"""A training that several processes share, and that waits once to be killed."""

import os
from functools import partial
from pathlib import Path

from tests.library.training import resumable
from tests.workers.waits import wait_once

SEED, EPOCHS, STEPS = 3, 3, 15
SETTINGS = resumable.RECIPE | dict(epochs=EPOCHS, every=6, seed=SEED)


def train_alone(folder):
    """Return the history of the training in this process."""
    from convae_lib.training.checkpoints import train_resumable

    options = SETTINGS | dict(folder=folder, damage=resumable.noisy)
    return train_resumable(resumable.build(SEED), resumable.garments(), **options)


def train_shared(folder, moment=None, **more):
    """Return model and history of the training by two processes."""
    from convae_lib.training.workers import train_on_workers

    made = partial(build, str(folder), moment, os.getpid())
    options = SETTINGS | dict(folder=Path(folder) / "run", damage=resumable.noisy)
    return train_on_workers(made, resumable.garments(), workers=2, **options | more)


def build(folder, moment, driver):
    """Return the model; in a worker, leave its number in a folder, and wait at a moment."""
    if os.getpid() != driver:
        (Path(folder) / f"{os.getpid()}.worker").touch()
        if moment is not None:
            wait_at(moment, Path(folder) / "waits")
    return resumable.build(SEED)


def workers(folder):
    """Return the numbers of the processes that were workers."""
    return {int(path.stem) for path in Path(folder).glob("*.worker")}


def wait_at(moment, mark):
    """Have this process wait at the twentieth step, or at a write of the checkpoint."""
    from convae_lib.training import checkpoints, fit

    if moment == "step":
        change(fit.Pairs, "__getitem__", mark, 20)
    if moment == "before a write":
        change(checkpoints, "write", mark, 4)
    if moment == "in a write":
        change(os, "replace", mark, 3, about="checkpoint.npz")


def change(owner, name, mark, count, about=""):
    """Have a function wait at the call of this count, once in all processes."""
    function = getattr(owner, name)

    def waiting(*args, **options):
        nonlocal count
        count -= about in str(args)
        if count == 0:
            wait_once(mark)
        return function(*args, **options)

    setattr(owner, name, waiting)
