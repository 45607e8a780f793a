"""Ten colour photographs that come with packages, whose licences are known.

scikit-image, scikit-learn and Matplotlib each bring sample images, which lie on the disk
once a package is installed: nothing is fetched. Those that are photographs in colour and
whose licence the package tells are listed here.
"""

import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ..checks import check_sizes
from .folder.read import read_folder
from .images import PARTS, Images

__all__ = [
    "PHOTOGRAPHS",
    "Photograph",
    "load_photographs",
    "photograph_tiles",
    "write_photographs",
]

LONGEST = 640  # pixels; the two that are longer would outweigh all others


@dataclass(frozen=True)
class Photograph:
    """A photograph, where it lies, and what may be done with it.

    Attributes
    ----------
    name : str
    file : str
        From the folder of installed packages on; its first part is the package.
    shows : str
    by : str
        Whom its source names.
    licence : str
    told_by : str
        Where the licence is told.

    Examples
    --------
    >>> from convae_lib import PHOTOGRAPHS
    >>> PHOTOGRAPHS[1].shows, PHOTOGRAPHS[1].by, PHOTOGRAPHS[1].licence
    ('a cat', 'Stefan van der Walt', 'CC0')
    """

    name: str
    file: str
    shows: str
    by: str
    licence: str
    told_by: str


def _of_skimage(name, file, shows, by, licence, function=None):
    told_by = f"skimage.data.{function or name}"
    return Photograph(name, f"skimage/data/{file}", shows, by, licence, told_by)


def _of_sklearn(name, shows, by):
    folder = "sklearn/datasets/images"
    return Photograph(
        name, f"{folder}/{name}.jpg", shows, by, "CC BY 2.0", f"{folder}/README.txt"
    )


PHOTOGRAPHS = (
    _of_skimage(
        "astronaut", "astronaut.png", "Eileen Collins", "NASA", "public domain"
    ),
    _of_skimage("chelsea", "chelsea.png", "a cat", "Stefan van der Walt", "CC0"),
    _of_sklearn("china", "a temple", "danielbuechele"),
    _of_skimage("coffee", "coffee.png", "a cup", "Rachel Michetti", "CC0"),
    _of_sklearn("flower", "a dahlia", "vultilion"),
    Photograph(
        "hopper",
        "matplotlib/mpl-data/sample_data/grace_hopper.jpg",
        "Grace Hopper",
        "US Navy",
        "public domain",
        "github.com/matplotlib/matplotlib/pull/1599",
    ),
    _of_skimage(
        "hubble",
        "hubble_deep_field.jpg",
        "galaxies",
        "NASA",
        "public domain",
        function="hubble_deep_field",
    ),
    _of_skimage(
        "ihc",
        "ihc.png",
        "stained tissue",
        "CMMI",
        "no known restrictions",
        function="immunohistochemistry",
    ),
    _of_skimage("retina", "retina.jpg", "an eye's inside", "Mikael Häggström", "CC0"),
    _of_skimage("rocket", "rocket.jpg", "a launch", "SpaceX", "public domain"),
)
"""All of them, by their names."""

NAMES = [photograph.name for photograph in PHOTOGRAPHS]


def load_photographs(longest=LONGEST):
    """Return the photographs, by their names.

    Parameters
    ----------
    longest : int, default 640
        Photographs with a side longer than this are scaled down to it.

    Returns
    -------
    dict of str to ndarray of uint8, shape (height, width, 3)

    Raises
    ------
    FileNotFoundError
        If a file is not there: the package is not installed, or brings it no more.
    ModuleNotFoundError
        If Pillow is not installed.
    ValueError
        If `longest` is no whole number from 1 up.

    Examples
    --------
    >>> from convae_lib import load_photographs
    >>> photographs = load_photographs()
    >>> len(photographs), photographs["coffee"].shape, photographs["retina"].shape
    (10, (400, 600, 3), (640, 640, 3))
    """
    check_sizes(longest=longest)
    if find_spec("PIL") is None:
        raise ModuleNotFoundError(
            "reading photographs needs Pillow, which is not installed: pip install pillow",
            name="PIL",
        )
    return {photo.name: _read(photo, int(longest)) for photo in PHOTOGRAPHS}


def write_photographs(folder, longest=LONGEST):
    """Write the photographs as PNG files into a folder, which is made if need be.

    Parameters
    ----------
    folder : path-like
    longest : int, default 640
        As in `load_photographs`.

    Returns
    -------
    list of pathlib.Path
        One for each, such as ``coffee.png``; a file of this name is replaced.

    Raises
    ------
    FileNotFoundError, ModuleNotFoundError, ValueError
        As in `load_photographs`; nothing is written then.
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from convae_lib import read_folder, write_photographs
    >>> folder = tempfile.mkdtemp()
    >>> len(write_photographs(folder))
    10
    >>> images, _ = read_folder(folder, size=64, tiles=True)
    >>> images.image_shape
    (64, 64, 3)
    """
    photographs = load_photographs(longest)
    from PIL import Image

    folder, written = Path(folder), []
    folder.mkdir(parents=True, exist_ok=True)
    for name, pixels in photographs.items():
        written.append(folder / f"{name}.png")
        Image.fromarray(pixels).save(written[-1])
    return written


def photograph_tiles(size=64, split=(0.6, 0.2, 0.2), seed=0):
    """Return tiles of the photographs, split by photograph, as experiments see them.

    Parameters
    ----------
    size, split, seed
        As in `read_folder`, which does it.

    Returns
    -------
    Images
        Arrays, under the name "photographs". The tiles of one photograph are neighbours,
        and their label is its place in `PHOTOGRAPHS`.

    Raises
    ------
    FileNotFoundError, ModuleNotFoundError
        As in `load_photographs`.
    ValueError
        As in `read_folder`.

    Examples
    --------
    >>> print(photograph_tiles(size=96))
    photographs: 145 training, 49 validation, 60 test images, 96×96, 3 channels, in [0, 1]
    """
    with tempfile.TemporaryDirectory() as folder:
        write_photographs(folder)
        tiles, _ = read_folder(folder, size=size, tiles=True, split=split, seed=seed)
        parts, labels = {}, {}
        for part in PARTS:
            found = getattr(tiles, part)
            parts[part] = found[:]
            names = [Path(found.name(row)).stem for row in range(len(found))]
            labels[part] = np.array([NAMES.index(name) for name in names])
    source = "files of installed packages"
    return Images(**parts, labels=labels, name="photographs", source=source)


def _read(photograph, longest):
    from PIL import Image, ImageOps

    package, _, inside = photograph.file.partition("/")
    spec = find_spec(package)  # it is not imported
    path = Path(spec.origin).parent / inside if spec else None
    if path is None or not path.is_file():
        lack = "brings it no more" if spec else "is not installed"
        raise FileNotFoundError(
            f"the photograph {photograph.name!r}, {photograph.file}, is not there: "
            f"{package} {lack}; requirements.lock names versions that bring all"
        )
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    if max(image.size) > longest:
        image = ImageOps.contain(image, (longest, longest), Image.Resampling.LANCZOS)
    return np.asarray(image)
