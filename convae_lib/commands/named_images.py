"""The images that a command line names."""

from pathlib import Path

from .arguments import WrongUse, whole

__all__ = [
    "AS_TRAINED",
    "FASHION_MNIST",
    "add_by_parent",
    "add_data",
    "add_memory",
    "add_tiles",
    "check_data",
    "in_pixels",
    "look_into",
    "read_images",
    "report_entries",
]

FASHION_MNIST = "fashion-mnist"


def add_data(parser):
    """Add the argument that names images."""
    parser.add_argument(
        "data",
        metavar="FOLDER|fashion-mnist",
        help="a folder of pictures, flat or nested, or the word fashion-mnist",
    )


AS_TRAINED = " (default: as convae train's notes beside the model say)"


def add_by_parent(parser, default=""):
    """Add the option to keep the pictures of a folder in one part."""
    parser.add_argument(
        "--by-parent",
        action="store_true",
        help="split by folder and not by file: keep the pictures of one folder together, "
        f"as crops of one photograph are kept{default}",
    )


def add_memory(parser):
    """Add the option that says how much memory pictures may take."""
    parser.add_argument(
        "--memory",
        type=whole(0),
        default=256,
        metavar="MIB",
        help="memory for decoded pictures; what is more is kept on the disk until the "
        "command ends (default: 256)",
    )


def add_tiles(parser):
    """Add the option to cut pictures, for a model that was trained on tiles."""
    parser.add_argument(
        "--tiles",
        action="store_true",
        help=f"cut pictures into tiles of the model's size{AS_TRAINED}",
    )


def check_data(name):
    """Refuse the name of images that cannot be meant, before anything is loaded."""
    path = Path(name)
    if name == FASHION_MNIST or (name and path.is_dir()):  # Path("") is this folder
        return
    what = "is a file" if name and path.exists() else "is not there"
    raise WrongUse(
        f"{name!r} {what}; name a folder of pictures, or the word {FASHION_MNIST}"
    )


def read_images(
    screen, name, *, size=None, colour=None, tiles=False, by_parent=False, memory=256
):
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
    by_parent : bool, default False
        Whether the pictures of one folder stay in one part.
    memory : float, default 256
        MiB that decoded pictures may take.

    Returns
    -------
    Images, Report or None
    """
    from ..data import load_fashion_mnist, read_folder

    check_data(name)
    if name == FASHION_MNIST:
        if size or colour or tiles or by_parent:
            raise WrongUse(
                f"{FASHION_MNIST} is grey, of 28 by 28: --size, --colour, --tiles and "
                "--by-parent are for folders"
            )
        return load_fashion_mnist(), None
    asked = {"size": size, "colour": colour, "tiles": tiles, "by_parent": by_parent}
    return look_into(screen, read_folder, name, memory=memory, **asked)


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
    for line in [*report.lines(), *report.remarks]:
        screen.line(line)
    return images, report


def in_pixels(image_shape):
    """Return a shape as it is said.

    Examples
    --------
    >>> in_pixels((28, 28)), in_pixels((64, 48, 3))
    ('28 by 28, grey', '64 by 48, in colour')
    """
    height, width, *channels = image_shape
    return f"{height} by {width}, {'in colour' if channels == [3] else 'grey'}"


def report_entries(report):
    """Return what became of the files of a folder, for machines."""
    return None if report is None else report.as_dict()
