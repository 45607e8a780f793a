"""Networks that come trained: their weights ship with the library."""

import json
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import numpy as np

from ..checks import write_whole
from . import MODELS

__all__ = ["load_trained", "trained_networks", "write_trained"]

FOLDER = files("convae_lib") / "weights"
"""One file a network: arrays in half precision, and how the network was made."""


def load_trained(name, folder=None):
    """Return one of the book's networks with the weights it was trained to.

    They are kept in half precision, which moves the loss by less than 1e-4.

    Parameters
    ----------
    name : str
        One of `trained_networks`.
    folder : path-like, optional
        Where to look, instead of among those that ship with the library.

    Returns
    -------
    keras.Model
        Not compiled: ``model.predict(images)`` reconstructs.

    Raises
    ------
    ValueError
        If no such network ships.

    Examples
    --------
    >>> from convae_lib import load_trained
    >>> load_trained("published").count_params()
    46529
    """
    made, weights = _read(name, folder)
    model = MODELS[made["build"]](**made["options"])
    model.set_weights(weights)
    return model


def trained_networks(folder=None):
    """Return the networks that come trained, and how they were made.

    Parameters
    ----------
    folder : path-like, optional
        As in `load_trained`.

    Returns
    -------
    dict of dict
        By name: ``record``, the id of the record that the same run left in results/;
        ``build`` and ``options``, what builds the network; ``images_from``, the images
        it was trained on.

    Examples
    --------
    >>> from convae_lib import trained_networks
    >>> trained_networks()["published"]["build"]
    'conv_autoencoder'
    """
    return {name: _read(name, folder)[0] for name in _names(folder)}


def write_trained(folder, name, model, **made):
    """Keep the weights of a network, in one step.

    Parameters
    ----------
    folder : path-like
    name : str
    model : keras.Model
    **made
        What `trained_networks` shall tell of it, ready for JSON.

    Raises
    ------
    ValueError
        If a weight is no number or too large for half precision; nothing is written.
    """
    with np.errstate(over="ignore"):  # it is told below
        weights = [weight.astype(np.float16) for weight in model.get_weights()]
    if not all(np.isfinite(weight).all() for weight in weights):
        raise ValueError(f"{name} has weights that half precision does not hold")
    packed = BytesIO()
    np.savez_compressed(packed, *weights, made=json.dumps(made, ensure_ascii=False))
    write_whole(Path(folder) / f"{name}.npz", packed.getvalue())


def _folder(folder):
    return FOLDER if folder is None else Path(folder)


def _names(folder):
    at = _folder(folder)
    found = [file.name for file in at.iterdir()] if at.is_dir() else []
    return sorted(name.removesuffix(".npz") for name in found if name.endswith(".npz"))


def _read(name, folder):
    """Return how a network was made, and its weights."""
    if name not in (names := _names(folder)):
        raise ValueError(
            f"no network {name!r} comes trained; there are {', '.join(names)}"
        )
    at = _folder(folder) / f"{name}.npz"
    with np.load(BytesIO(at.read_bytes()), allow_pickle=False) as kept:
        arrays = (kept[f"arr_{place}"] for place in range(len(kept) - 1))
        return json.loads(str(kept["made"])), [array.astype("f4") for array in arrays]
