"""Trainings that can be killed at any moment, and go on where they stood."""

import keras
import numpy as np

from ..checks import check_sizes, remove_parts
from .checkpoint_file import CHECKPOINT, EVERY, locate, read, read_checkpoint, write
from .fit import complete_settings
from .generators import (
    generator_states,
    set_generator_states,
    set_torch_states,
    torch_states,
)
from .identity import refuse_another
from .run import Run

__all__ = ["CHECKPOINT", "EVERY", "read_checkpoint", "train_resumable"]


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
    settings = complete_settings(model, images, as_train)
    check_sizes(every=every)
    if seed is None:
        seed = int(np.random.randint(2**31))
    check_sizes(0, seed=seed)
    path = locate(folder, resume)
    run = Run(model, images, settings, int(seed), progress)
    return carry_out(run, path, int(every), resume and path.exists())


def carry_out(run, path, every, resume, *, saves=True):
    """Train to the end, from the checkpoint or from the beginning; return the history.

    Parameters
    ----------
    run : Run
        At its beginning.
    path : pathlib.Path
        The file of the checkpoint.
    every : int
        Steps between two checkpoints.
    resume : bool
        Whether to go on from the checkpoint, which is there.
    saves : bool, default True
        Whether this process writes checkpoints; of several that share a training, one
        does.
    """
    if saves:
        remove_parts(path.parent, path.name)  # of a writer that was killed
    if resume:
        _load(path, run)
    elif saves:
        _save(path, run)  # a place that takes no file is found before an hour's work
    for _ in run.parts(every):
        if saves:
            _save(path, run)
    return run.history


def _save(path, run):
    about = {
        **run.identity,
        "epoch": run.epoch,
        "step": run.step,
        "losses": run.losses,
        "history": run.history,
        **generator_states(),
    }
    arrays = {
        name: keras.ops.convert_to_numpy(variable)
        for name, variable in _variables(run.model).items()
    }
    write(path, about, arrays | torch_states())


def _load(path, run):
    about, arrays = read(path)
    refuse_another(path, about, run.identity)
    torch = {name: x for name, x in arrays.items() if name.startswith("torch")}
    kept = {name: x.shape for name, x in arrays.items() if name not in torch}
    variables = _variables(run.model)
    if kept != {name: tuple(x.shape) for name, x in variables.items()}:
        raise ValueError(
            f"{path} holds other arrays than this model and optimizer have; "
            "remove it to begin again"
        )
    for name, variable in variables.items():
        variable.assign(arrays[name])
    run.epoch, run.step = about["epoch"], about["step"]
    run.losses, run.history = about["losses"], about["history"]
    set_generator_states(about)
    set_torch_states(torch)


def _variables(model):
    """Return all that training changes, by the names it has in the file."""
    return {
        f"{owner}_{place}": variable
        for owner, kept in (("model", model), ("optimizer", model.optimizer))
        for place, variable in enumerate(kept.variables)
    }
