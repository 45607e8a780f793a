"""Find Fashion-MNIST, verify it, and split it into training, validation and test."""

import os
import sys
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from ..garments.draw import draw_garments
from ..images import Images
from .official import CLASS_NAMES
from .sources import NotAvailable, find_official

__all__ = ["FashionMNIST", "load_fashion_mnist", "stand_in_requested"]

NAME, STAND_IN = "Fashion-MNIST", "stand-in"
TEST_SIZE = 10_000
VALID_SIZE = 5_000
TRAIN_SIZE = 55_000


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class FashionMNIST(Images):
    """The images in three parts, with their labels and their source.

    Attributes
    ----------
    x_train, x_valid, x_test : ndarray of float32, shape (n, 28, 28)
        Grey images in [0, 1]: 55,000, 5,000 and 10,000 of them; ``train``,
        ``valid`` and ``test`` of `Images`.
    y_train, y_valid, y_test : ndarray of int64, shape (n,)
        Labels 0 to 9, the places in ``class_names``.
    class_names : tuple of str
        The ten names.
    name : str
        "Fashion-MNIST", or "stand-in" where the images are drawn.
    source : str
        Where the images come from.
    is_stand_in : bool
        True if the images are drawn by ``draw_garments``, not Fashion-MNIST.

    Examples
    --------
    >>> from convae_lib import load_fashion_mnist
    >>> images = load_fashion_mnist()
    >>> images.x_valid.shape, images.class_names[9]
    ((5000, 28, 28), 'Ankle boot')
    """

    name: str = NAME

    class_names = CLASS_NAMES
    x_train = property(attrgetter("train"))
    x_valid = property(attrgetter("valid"))
    x_test = property(attrgetter("test"))
    y_train = property(lambda self: self.labels["train"])
    y_valid = property(lambda self: self.labels["valid"])
    y_test = property(lambda self: self.labels["test"])

    @property
    def is_stand_in(self):
        return self.name == STAND_IN

    @property
    def title(self):
        if self.is_stand_in:
            return "STAND-IN images drawn by convae_lib, not Fashion-MNIST"
        return self.name


def load_fashion_mnist(directory=None):
    """Return Fashion-MNIST, or a stand-in that says it is one.

    The first of these sources is used:

    1. ``directory``, or else the folder named by the environment variable
       ``CONVAE_DATA_DIR``;
    2. the folder of Debian's package ``dataset-fashion-mnist``;
    3. this library's own cache, filled by ``python -m convae_lib.data``;
    4. the Keras cache, ``datasets/fashion-mnist`` in ``~/.keras``;
    5. a download of the official files into this library's cache;
    6. images drawn by ``draw_garments``, with a line on standard error.

    Files are verified by their content. The folder asked for in 1 must hold the four
    files. In 2 to 4 a folder whose files are missing, bad or unreadable is passed
    over, with a line on standard error, where the real images can be had elsewhere;
    where they cannot, it is an error. What is downloaded is used also where it cannot
    be kept, with a line that says so. ``CONVAE_DATA=stand-in`` in the environment asks
    for the stand-in, unless ``directory`` is given.

    Parameters
    ----------
    directory : str or os.PathLike, optional
        A folder with the four official files, compressed or plain; ``~`` is the home.

    Returns
    -------
    FashionMNIST
        55,000 training, 5,000 validation and 10,000 test images in the
        official order; validation is the end of the official training file.

    Raises
    ------
    FileNotFoundError
        If the folder asked for, or one of the four files, is missing.
    OSError
        If a file cannot be read.
    ValueError
        If a file is not the official one, or ``CONVAE_DATA`` has a value
        other than ``stand-in``.

    Examples
    --------
    >>> data = load_fashion_mnist()
    >>> data.x_train.shape, data.x_valid.shape, data.x_test.shape
    ((55000, 28, 28), (5000, 28, 28), (10000, 28, 28))
    """
    if stand_in_requested() and directory is None:
        return _stand_in("asked for by CONVAE_DATA=stand-in")
    try:
        official = find_official(directory)
    except NotAvailable as error:
        print(
            f"Fashion-MNIST was not found and cannot be downloaded ({error}); stand-in "
            "images drawn by convae_lib are used instead. For the real ones run "
            "python -m convae_lib.data where a network is, or set CONVAE_DATA_DIR to a "
            "folder with the four official files.",
            file=sys.stderr,
        )
        return _stand_in("Fashion-MNIST was not found")
    if official.note:
        kept = "" if official.folder else " They are used now, and fetched again later."
        print(f"{official.note}{kept}", file=sys.stderr)
    return _from_official(official)


def stand_in_requested():
    """Return whether ``CONVAE_DATA`` asks for the stand-in.

    Raises
    ------
    ValueError
        If it has any other value.
    """
    value = os.environ.get("CONVAE_DATA", "")
    if value not in ("", STAND_IN):
        raise ValueError(
            f"CONVAE_DATA={value!r} is not known; the one valid value is {STAND_IN!r}. "
            "To name a folder, set CONVAE_DATA_DIR."
        )
    return value == STAND_IN


def _from_official(official):
    arrays = official.arrays
    if official.folder is None:
        source = f"official files, fetched ({official.origin}) and not kept"
    else:
        source = f"official files in {official.folder}"
    return _split(
        *(_scaled(arrays[key]) for key in ("train_images", "test_images")),
        *(arrays[key].astype(np.int64) for key in ("train_labels", "test_labels")),
        source=source,
    )


def _stand_in(reason):
    images, labels, _ = draw_garments(TRAIN_SIZE + VALID_SIZE + TEST_SIZE)
    return _split(
        images[:-TEST_SIZE],
        images[-TEST_SIZE:],
        labels[:-TEST_SIZE],
        labels[-TEST_SIZE:],
        source=f"stand-in images drawn by convae_lib with seed 0; {reason}",
        name=STAND_IN,
    )


def _scaled(images):
    """Return grey values 0 to 255 as float32 in [0, 1]."""
    return images / np.float32(255)


def _split(x_full, x_test, y_full, y_test, **description):
    """Return a FashionMNIST whose validation part is the end of the training file."""
    return FashionMNIST(
        train=x_full[:-VALID_SIZE],
        valid=x_full[-VALID_SIZE:],
        test=x_test,
        labels={
            "train": y_full[:-VALID_SIZE],
            "valid": y_full[-VALID_SIZE:],
            "test": y_test,
        },
        **description,
    )
