"""The models that a command line names."""

import os
import sys
import zipfile
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from .arguments import WrongUse

__all__ = [
    "SUFFIX",
    "add_model",
    "check_model",
    "load_keras",
    "read_model",
    "silent",
    "trained_names",
]

SUFFIX = ".keras"


def add_model(parser):
    """Add the argument that names a model."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="a .keras file, or a network that comes trained, as published",
    )


def trained_names():
    """Return the names of the networks that come trained, without loading Keras."""
    there = (file.name for file in files("convae_lib").joinpath("weights").iterdir())
    return sorted(name.removesuffix(".npz") for name in there if name.endswith(".npz"))


def check_model(name):
    """Refuse the name of a model that cannot be meant, before anything is loaded."""
    if name in trained_names():
        return
    path = Path(name)
    if path.suffix != SUFFIX and not path.exists():
        raise WrongUse(
            f"MODEL {name!r} is neither a .keras file nor a network that comes trained; "
            f"those are {', '.join(trained_names())}"
        )
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not there"
        raise WrongUse(f"MODEL {name!r} {what}; name a .keras file")
    if not zipfile.is_zipfile(path):
        raise WrongUse(
            f"MODEL {name!r} is no .keras file, or a damaged one; convae train writes one"
        )


def read_model(name, debug=False):
    """Return a model that maps images to images.

    Raises
    ------
    WrongUse
        If there is no such model, or it does something else.
    """
    check_model(name)
    load_keras(debug)
    if name in trained_names():
        from ..models.trained import load_trained

        return load_trained(name)
    import keras

    try:
        model = keras.saving.load_model(name, compile=False)
    except Exception as error:  # of the file's content: of any kind
        why = str(error).strip().partition("\n")[0] or type(error).__name__
        raise WrongUse(f"MODEL {name!r} cannot be loaded: {why}") from error
    shapes = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    given = shapes[0]
    is_one = (
        isinstance(given, tuple) and shapes[0] == shapes[1] and None not in given[1:]
    )
    if not is_one or not (len(given) == 3 or (len(given) == 4 and given[3] in (1, 3))):
        raise WrongUse(
            f"MODEL {name!r} is no autoencoder of images: it takes {shapes[0]} and gives "
            f"{shapes[1]}; both must be (None, height, width) or (None, height, width, 3)"
        )
    return model


@contextmanager
def silent(debug=False):
    """Keep what libraries write while they start to themselves; with --debug show it.

    TensorFlow writes lines about processors and cards past Python, where no setting
    reaches them.
    """
    if debug:
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def load_keras(debug=False):
    """Import Keras and let its backend start."""
    with silent(debug):
        import keras

        keras.ops.zeros(1)
