"""The models, images and places that a command line names."""

import json
import os
import sys
import tempfile
import zipfile
from importlib.resources import files
from pathlib import Path

from ..checks import write_whole
from .arguments import WrongUse

__all__ = [
    "FASHION_MNIST",
    "add_data",
    "add_model",
    "add_tiles",
    "check_data",
    "check_model",
    "check_out",
    "in_pixels",
    "load_keras",
    "look_into",
    "number",
    "read_images",
    "read_model",
    "read_notes",
    "report_entries",
    "save_model",
    "trained_names",
    "was_cut_into_tiles",
]

FASHION_MNIST = "fashion-mnist"
SUFFIX = ".keras"


def add_model(parser):
    """Add the argument that names a model."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="a .keras file, or a network that comes trained, as published",
    )


def add_data(parser):
    """Add the argument that names images."""
    parser.add_argument(
        "data",
        metavar="FOLDER|fashion-mnist",
        help="a folder of pictures, flat or nested, or the word fashion-mnist",
    )


def add_tiles(parser):
    """Add the option to cut pictures, for a model that was trained on tiles."""
    parser.add_argument(
        "--tiles",
        action="store_true",
        help="cut pictures into tiles of the model's size (default: as convae train's "
        "notes beside the model say)",
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


def check_data(name):
    """Refuse the name of images that cannot be meant, before anything is loaded."""
    path = Path(name)
    if name == FASHION_MNIST or path.is_dir():
        return
    what = "is a file" if path.exists() else "is not there"
    raise WrongUse(
        f"{name!r} {what}; name a folder of pictures, or the word {FASHION_MNIST}"
    )


def load_keras(debug=False):
    """Import Keras and let its backend start; keep what they print to themselves.

    TensorFlow writes lines about processors and cards past Python, where no setting
    reaches them. With --debug they are shown.
    """
    if debug:
        return _start_keras()
    sys.stderr.flush()
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        _start_keras()
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def _start_keras():
    import keras

    keras.ops.zeros(1)


def read_images(screen, name, *, size=None, colour=None, tiles=False):
    """Return images in three parts, and what became of the files of a folder.

    Parameters
    ----------
    screen : Screen
    name : str
        A folder, or "fashion-mnist".
    size : (int, int), optional
        Height and width to which pictures of a folder are brought.
    colour : bool, optional
        Whether they are read in colour; by default, if one of them has any.
    tiles : bool, default False
        Whether they are cut into tiles of that size, and not resized.

    Returns
    -------
    Images, Report or None
    """
    from ..data import load_fashion_mnist, read_folder

    check_data(name)
    if name == FASHION_MNIST:
        if size or colour or tiles:
            raise WrongUse(
                f"{FASHION_MNIST} is grey, of 28 by 28: --size, --colour and --tiles are "
                "for folders"
            )
        return load_fashion_mnist(), None
    asked = {"size": size, "colour": colour, "tiles": tiles}
    return look_into(screen, read_folder, name, **asked)


def look_into(screen, read, folder, **asked):
    """Return the images of a folder and the report, which is told, by one way to read.

    Raises
    ------
    WrongUse
        If the folder does not hold what is asked for.
    """
    try:
        with screen.progress("reading") as advance:
            images, report = read(folder, **asked, progress=advance)
    except ValueError as error:
        raise WrongUse(str(error)) from error
    for line in report.lines():
        screen.line(line)
    return images, report


def check_out(path, what, suffix=None, overwrite=False):
    """Refuse a place to write to that cannot be meant.

    Parameters
    ----------
    path : str
    what : str
        The option, for the refusal.
    suffix : str, optional
        That of a file; a folder has none.
    overwrite : bool, default False
        Whether what is there may be replaced.
    """
    path = Path(path)
    if suffix and path.suffix != suffix:
        raise WrongUse(f"{what} {str(path)!r} must end in {suffix}, as out{suffix}")
    parent = next(p for p in path.absolute().parents if p.exists())
    if not parent.is_dir():
        raise WrongUse(f"{what} {str(path)!r} cannot be: {parent} is a file")
    if not os.access(parent, os.W_OK):
        raise WrongUse(f"{what} {str(path)!r} cannot be written: no right in {parent}")
    if suffix and path.is_dir():
        raise WrongUse(f"{what} {str(path)!r} is a folder; name a file")
    if not suffix and path.exists() and not path.is_dir():
        raise WrongUse(f"{what} {str(path)!r} is a file; name a folder")
    taken = path.exists() and (suffix or any(path.iterdir()))
    if taken and not overwrite:
        raise WrongUse(
            f"{what} {str(path)!r} is there already; name another place, or add "
            "--overwrite"
        )


def save_model(model, path):
    """Write a .keras file, in one step."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / f"model{SUFFIX}"
        model.save(written)
        write_whole(path, written.read_bytes())


def read_notes(model):
    """Return what `convae train` wrote beside a model; empty if nothing is there."""
    path = Path(model).with_suffix(".json")
    if Path(model).suffix != SUFFIX or not path.is_file():
        return {}
    try:
        notes = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def in_pixels(image_shape):
    """Return a shape as it is said.

    Examples
    --------
    >>> in_pixels((28, 28)), in_pixels((64, 48, 3))
    ('28 by 28, grey', '64 by 48, in colour')
    """
    height, width, *channels = image_shape
    return f"{height} by {width}, {'in colour' if channels == [3] else 'grey'}"


def number(name, value):
    """Return a score, unless the model gave none."""
    if value is None:
        raise ValueError(
            f"the {name} is no number: the model diverged in its training; train it "
            "again with a smaller --learning-rate"
        )
    return float(value)


def report_entries(report):
    """Return what became of the files of a folder, for machines."""
    return None if report is None else report.as_dict()


def was_cut_into_tiles(model):
    """Tell whether a model was trained on tiles, as the notes beside it say."""
    return bool(read_notes(model).get("settings", {}).get("tiles"))
