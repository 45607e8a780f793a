"""A folder of a reader's own images, as training, experiments and commands see it."""

import os
from importlib.util import find_spec
from math import inf
from numbers import Real

import numpy as np

from ...checks import check_sizes, is_whole
from ..images import PARTS, Images
from .decoding import MAX_PIXELS
from .looking import look_at_all
from .parts import FolderImages, Index
from .report import Report
from .splitting import far_from, read_shares, split_files
from .stores import make_store
from .walking import find_files, shown

__all__ = ["read_folder", "read_images"]


def read_folder(
    path,
    *,
    size=None,
    colour=None,
    tiles=False,
    split=(0.8, 0.1, 0.1),
    seed=0,
    by_parent=False,
    memory=256,
    progress=None,
):
    """Return the images of a folder in three parts, and what became of each file.

    Each file is decoded once to see that it can be, and again when it is asked for: of
    each, some 100 bytes stay in memory. AVIF, BMP, GIF, JPEG, JPEG 2000, PNG, PPM, TIFF
    and WebP are read, whatever their names end with. What is damaged, or no image, is
    left out and counted.

    A file's part is decided by a hash of `seed` and its path from the folder on:
    neither the order on disk nor where the folder lies matters, and a new file moves
    few others. Tiles of one file are all in one part.

    Parameters
    ----------
    path : path-like
        The folder; folders in it are read, too, and are the classes of its images.
    size : int or (int, int), optional
        Side, or height and width, of the images or tiles. Images are scaled to fill it,
        and what juts out at two sides is cropped. Without it they must be of one size.
    colour : bool, optional
        Whether images are (height, width, 3) or grey, (height, width). Without it they
        have colour if any file has.
    tiles : bool, default False
        Cut images into tiles that do not overlap, without scaling. Files smaller than
        a tile are left out, and so are equal margins that hold no whole tile.
    split : tuple of 3 float, default (0.8, 0.1, 0.1)
        Shares of the files for training, validation and test; each gets at least one.
    seed : int, default 0
    by_parent : bool, default False
        Keep the files of one folder in one part, as for crops of one photograph.
    memory : float, default 256
        MiB of decoded files that may stay in memory. If they need more, images or tiles
        are kept in a file without a name in the library's cache, which ends with the
        program; without room for that, files are decoded again and again.
    progress : callable, optional
        Called with the files looked at so far and their number.

    Returns
    -------
    images : Images
        With labels, the places in ``report.classes``, if files lie in several folders.
    report : Report

    Raises
    ------
    OSError
        If there is no such folder, or it may not be read; when a batch is read, if a
        file is not as it was.
    ValueError
        If there are fewer than three images (or folders, with `by_parent`), sizes
        differ and `size` is not given, or an argument is none.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from PIL import Image
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "photographs")
    >>> folder.mkdir()
    >>> for shade in range(10):
    ...     Image.new("RGB", (50, 40), (25 * shade, 0, 0)).save(folder / f"{shade}.webp")
    >>> _ = (folder / "notes.txt").write_text("no image")
    >>> from convae_lib import read_folder
    >>> images, report = read_folder(folder, size=16)
    >>> print(images)
    photographs: 8 training, 1 validation, 1 test images, 16×16, 3 channels, in [0, 1]
    >>> print(report)
    10 of 11 files read: 16×16×3 pixels
    files in train: 8, valid: 1, test: 1
    scaled down, and cropped to the middle: 10
    files that are no images: 1
    """
    split = read_shares(split)
    check_sizes(0, seed=seed)
    index, report, parents = _look(path, size, colour, tiles, memory, progress)
    groups = report.classes if by_parent else index
    if len(groups) < len(PARTS):
        what = "folders with images" if by_parent else "readable images"
        raise ValueError(
            f"{report.folder} has too few {what}, {len(groups)}: {len(PARTS)} are "
            f"needed, one for each of {', '.join(PARTS)}{report.left_out()}"
        )
    parts, labels = {}, {}
    store, report.kept_in = make_store(index, int(memory * 2**20))
    for part, files in split_files(
        index, parents if by_parent else None, split, seed
    ).items():
        parts[part] = FolderImages(index, files, store)
        report.parts[part] = len(files)
        if len(report.classes) > 1:
            labels[part] = parts[part].of_images(parents)
    folders = len(report.classes) if by_parent else None
    report.remarks += far_from(split, [*report.parts.values()], folders)
    name = shown(os.path.basename(os.path.abspath(os.fsencode(path)))) or "images"
    return Images(**parts, labels=labels, name=name, source=report.folder), report


def read_images(
    path, *, size=None, colour=None, tiles=False, memory=256, progress=None
):
    """Return all images of a folder, in the order of their paths, in one part.

    For models that are trained: what they are asked to reconstruct needs no parts.

    Parameters
    ----------
    path, size, colour, tiles, memory, progress
        As in ``read_folder``.

    Returns
    -------
    images : FolderImages
        Read like an array; ``images.name(row)`` says which file a row comes from.
    report : Report

    Raises
    ------
    OSError, ValueError
        As in ``read_folder``; one image is enough.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from PIL import Image
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> Image.new("L", (50, 40), 51).save(folder / "dark.png")
    >>> images, report = read_images(folder, size=20, tiles=True)
    >>> images.shape, images[3][0, 0], images.name(3)
    ((4, 20, 20), np.float32(0.2), 'dark.png')
    """
    index, report, _ = _look(path, size, colour, tiles, memory, progress)
    store, report.kept_in = make_store(index, int(memory * 2**20))
    return FolderImages(index, np.arange(len(index)), store), report


def _look(path, size, colour, tiles, memory, progress):
    """Return the index of all images of a folder, the report, and each file's class."""
    size = _sides(size)
    for name, value in (("colour", colour), ("tiles", tiles)):
        if value not in (True, False, None):
            raise ValueError(f"{name} {value!r} is neither True nor False")
    if tiles and size is None:
        raise ValueError("tiles need a size, such as size=64")
    if not (isinstance(memory, Real) and 0 <= memory < inf):
        raise ValueError(f"memory {memory!r} must be a number of MiB from 0 up")
    if find_spec("PIL") is None:
        raise ModuleNotFoundError(
            "reading image files needs Pillow, which is not installed: pip install pillow",
            name="PIL",
        )
    folder = os.fsencode(path)
    report = Report(folder=shown(folder))
    if not os.path.exists(folder):
        raise FileNotFoundError(f"{report.folder}: there is no such folder")
    if not os.path.isdir(folder):
        raise NotADirectoryError(
            f"{report.folder} is a file; give the folder that the images lie in"
        )
    try:
        found = find_files(folder)
    except OSError as error:
        raise type(error)(
            f"{report.folder} cannot be read: {error.strerror}"
        ) from error
    report.files, report.hidden = len(found.paths) + len(found.refused), found.hidden
    for refusal in found.refused:
        report.refuse(*refusal)
    files, sizes, any_colour = look_at_all(
        folder, found.paths, size, colour, tiles, report, progress
    )
    if not files:
        raise ValueError(f"{report.folder} holds no image{report.left_out()}")
    size = size or _one_size(report.folder, files, sizes)
    index = Index(
        folder=folder,
        names=b"".join(files),
        ends=np.cumsum([len(name) for name in files], dtype=np.int64),
        sizes=sizes,
        size=size,
        colour=any_colour if colour is None else colour,
        tiles=bool(tiles),
    )
    report.read = len(index)
    report.image_shape = index.tile_shape
    if tiles:
        report.tiles = int(index.ends_of_tiles[-1])
        report.leave_out_rims(int(sizes.prod(axis=1, dtype=np.int64).sum()))
    parents = [os.path.dirname(name) for name in files]
    place_of = {parent: place for place, parent in enumerate(sorted({*parents}))}
    places = np.fromiter(map(place_of.get, parents), np.int32, len(parents))
    for parent, count in zip(place_of, np.bincount(places)):
        name = shown(parent) or "."
        while name in report.classes:  # where two names are shown alike
            name += "'"
        report.classes[name] = int(count)
    return index, report, places


def _one_size(folder, files, sizes):
    """Return the one size of all files, or refuse."""
    first = tuple(int(n) for n in sizes[0])
    others = np.flatnonzero((sizes != first).any(axis=1))
    if len(others):
        height, width = sizes[others[0]]
        raise ValueError(
            f"{folder} holds images of several sizes, such as {first[0]}×{first[1]} "
            f"({shown(files[0])}) and {height}×{width} ({shown(files[others[0]])}); say "
            "to what size they shall be scaled, or cut into tiles, such as size=64"
        )
    return first


def _sides(size):
    if size is None:
        return None
    sides = tuple(size) if hasattr(size, "__len__") else (size, size)
    if len(sides) != 2 or not all(is_whole(n) and n > 0 for n in sides):
        raise ValueError(
            f"size {size!r} must be a whole number of pixels, or height and width"
        )
    height, width = (int(n) for n in sides)
    if height * width > MAX_PIXELS:
        raise ValueError(f"size {size!r} is more than {MAX_PIXELS:,} pixels; give less")
    return height, width
