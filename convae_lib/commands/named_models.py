"""The models that a command line names."""

import zipfile
from pathlib import Path

from .arguments import WrongUse, nearest
from .screen import silent

__all__ = [
    "NETWORKS",
    "SUFFIX",
    "add_model",
    "check_model",
    "load_keras",
    "read_model",
]

SUFFIX = ".keras"

NETWORKS = {
    "denoiser": "draws a garment without the noise that lies on it",
    "dense_30": "dense layers, 30 numbers for a garment",
    "published": "the convolutional network of a post, 576 numbers",
    "residual_2": "residual blocks of convolutions, 2 numbers: a map of all garments",
    "residual_22": "the same kind, 22 numbers",
    "residual_30": "the same kind, 30 numbers",
    "residual_539": "the same kind and the book's best, 539 numbers",
    "smallest": "the same kind without blocks, 539 numbers, 2,700 parameters",
    "variational": "30 numbers that may be drawn at random: it makes garments up",
}
"""Those that come trained, in a few words."""


def add_model(parser):
    """Add the argument that names a model."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="a .keras file, or a network that comes trained, as published",
    )


def check_model(name):
    """Refuse the name of a model that cannot be meant, before anything is loaded."""
    if name in NETWORKS:
        return
    path = Path(name)
    if path.is_dir():
        raise WrongUse(f"MODEL {name!r} is a folder; name a .keras file")
    if not path.is_file():
        there = [str(file) for file in path.parent.glob(f"*{SUFFIX}")]
        whole = name + SUFFIX
        near = f"did you mean {whole}?" if whole in there else ""
        raise WrongUse(
            f"MODEL {name!r}: no such file, and no network that comes trained has that "
            f"name; {near or nearest(name, NETWORKS, there)}"
        )
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
    if name in NETWORKS:
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


def load_keras(debug=False):
    """Import Keras and let its backend start."""
    from .arguments import check_backend

    check_backend()
    with silent(debug):
        import keras

        keras.ops.zeros(1)
