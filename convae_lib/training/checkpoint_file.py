"""The file of a checkpoint: arrays, and beside them what a training says of itself."""

import json
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np

from ..checks import write_whole

__all__ = ["CHECKPOINT", "EVERY", "locate", "read", "read_checkpoint", "write"]

CHECKPOINT = "checkpoint.npz"
"""The file in the folder of a training."""

EVERY = 500
"""Steps between two checkpoints."""

FORMAT = "convae checkpoint 1"


def read_checkpoint(folder):
    """Return what a training's checkpoint says of it.

    Parameters
    ----------
    folder : path-like
        As `train_resumable` was given it.

    Returns
    -------
    dict
        ``"settings"`` as ``train`` takes them (of ``damage`` the name), ``"seed"``,
        ``"model"`` and ``"images"`` with names and fingerprints, ``"epoch"`` and
        ``"step"``, the position, and ``"history"`` so far.

    Raises
    ------
    ValueError
        If there is no checkpoint, or it is damaged.

    Examples
    --------
    >>> read_checkpoint("nowhere")
    Traceback (most recent call last):
        ...
    ValueError: nowhere/checkpoint.npz is not there: no training was begun in nowhere
    """
    return read(Path(folder) / CHECKPOINT)[0]


def locate(folder, resume):
    """Return where the checkpoint of a training is kept; refuse one that would be lost.

    Parameters
    ----------
    folder : path-like
    resume : bool
        Whether the training is to go on from it.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ValueError
        If the folder is a file, or `resume` is False and the checkpoint is not one of
        the beginning.

    Examples
    --------
    >>> locate("run", resume=False).as_posix()
    'run/checkpoint.npz'
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"folder {folder} is a file; give a folder for the checkpoint")
    path = folder / CHECKPOINT
    if not resume and path.exists():
        about, _ = read(path)
        if about["epoch"] or about["step"]:
            raise ValueError(
                f"{path} is there already, {_position(about)}: resume it, or remove it "
                "to begin again"
            )
    return path


def write(path, about, arrays):
    """Write a checkpoint; the one before stays until this one is whole.

    Parameters
    ----------
    path : pathlib.Path
    about : dict
        What JSON can hold.
    arrays : dict of str to ndarray

    Raises
    ------
    OSError
        If it cannot be written.
    """
    file = BytesIO()
    np.savez(file, about=json.dumps({"format": FORMAT, **about}), **arrays)
    try:
        write_whole(path, file.getvalue())
    except OSError as error:
        kept = "nothing is trained yet"
        if path.exists():
            kept = "the checkpoint before it is whole; make room and resume"
        raise OSError(
            f"{path} cannot be written ({error.strerror or error}): {kept}"
        ) from error


def read(path):
    """Return what a checkpoint says, and its arrays.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    about : dict
    arrays : dict of str to ndarray

    Raises
    ------
    ValueError
        If it is not there, is damaged, or is of another version's format.
    """
    damaged = (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        about = json.loads(arrays.pop("about").item())
        whole = about["format"] == FORMAT
    except FileNotFoundError:
        raise ValueError(
            f"{path} is not there: no training was begun in {path.parent}"
        ) from None
    except (*damaged, AttributeError, TypeError, NotImplementedError) as error:
        raise ValueError(
            f"{path} is damaged or no checkpoint ({error}); remove it to begin again"
        ) from error
    if not whole:
        raise ValueError(
            f"{path} is a {about['format']!r}, and this version reads {FORMAT!r}"
        )
    return about, arrays


def _position(about):
    epochs = about["settings"]["epochs"]
    if about["epoch"] == epochs:
        return f"of a training that is finished ({epochs} epochs)"
    return f"of a training in epoch {about['epoch'] + 1} of {epochs}"
