"""The four official files of Fashion-MNIST, and how one of them is verified.

A file is known by the SHA-256 of its decompressed content: Debian's package
compresses the files anew, so the ``.gz`` wrapping differs and the images do
not.

References
----------
.. [1] H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset
   for benchmarking machine learning algorithms", 2017, arXiv:1708.07747.
"""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

__all__ = [
    "CLASS_NAMES",
    "FILES",
    "OfficialFile",
    "locate_files",
    "read_file",
    "read_folder",
]

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


@dataclass(frozen=True)
class OfficialFile:
    """One official file: its name, its content's SHA-256, its array's shape."""

    name: str
    sha256: str
    shape: tuple


FILES = {
    "train_images": OfficialFile(
        "train-images-idx3-ubyte.gz",
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        (60_000, 28, 28),
    ),
    "train_labels": OfficialFile(
        "train-labels-idx1-ubyte.gz",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        (60_000,),
    ),
    "test_images": OfficialFile(
        "t10k-images-idx3-ubyte.gz",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        (10_000, 28, 28),
    ),
    "test_labels": OfficialFile(
        "t10k-labels-idx1-ubyte.gz",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        (10_000,),
    ),
}

_GZIP_MAGIC = b"\x1f\x8b"
_REMEDY = (
    "Replace it by the official file, or set CONVAE_DATA_DIR to a folder with the "
    "four official files, or CONVAE_DATA=stand-in to do without them."
)


def locate_files(folder):
    """Return where the four official files lie in a folder.

    Each file may be compressed, as published, or plain, without ``.gz``.

    Parameters
    ----------
    folder : str or os.PathLike
        Folder to look in; it need not exist.

    Returns
    -------
    dict of str to pathlib.Path
        The path for each key of ``FILES``; empty if the folder holds none of
        the four files.

    Raises
    ------
    FileNotFoundError
        If the folder holds some of the four files but not all.

    Examples
    --------
    >>> locate_files("no-such-folder")
    {}
    """
    folder = Path(folder)
    found = {}
    for key, official in FILES.items():
        for path in (folder / official.name, folder / Path(official.name).stem):
            if path.is_file():
                found[key] = path
                break
    missing = [FILES[key].name for key in FILES if key not in found]
    if found and missing:
        raise FileNotFoundError(
            f"{folder} holds {len(found)} of the {len(FILES)} Fashion-MNIST files; "
            f"missing, with or without .gz: {', '.join(missing)}. Add what is "
            "missing, or remove the others so that the folder is passed over."
        )
    return found


def read_file(path, official):
    """Return the array in one official file, after verifying its content.

    Parameters
    ----------
    path : str or os.PathLike
        The file, compressed or plain.
    official : OfficialFile
        What it should be: one of ``FILES.values()``.

    Returns
    -------
    ndarray of uint8, shape ``official.shape``
        Grey values 0 to 255, or labels 0 to 9; read-only.

    Raises
    ------
    ValueError
        If the file is truncated or its content is not the official one.
    """
    content = Path(path).read_bytes()
    if content.startswith(_GZIP_MAGIC):
        try:
            content = gzip.decompress(content)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(
                f"{path} is truncated or damaged: it cannot be decompressed "
                f"({error}). {_REMEDY}"
            ) from error
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != official.sha256:
        raise ValueError(
            f"{path} is not the official {official.name}: its decompressed content "
            f"has {len(content):,} bytes and SHA-256 {sha256}; expected SHA-256 "
            f"{official.sha256}. {_REMEDY}"
        )
    header_size = 4 + 4 * len(official.shape)
    return np.frombuffer(content, np.uint8, offset=header_size).reshape(official.shape)


def read_folder(folder):
    """Return the arrays of the four official files in a folder, verified.

    Parameters
    ----------
    folder : str or os.PathLike
        A folder with the four files, each compressed or plain.

    Returns
    -------
    dict of str to ndarray of uint8
        The array for each key of ``FILES``.

    Raises
    ------
    FileNotFoundError
        If one of the four files, or the folder, is missing.
    ValueError
        If a file's content is not the official one.
    """
    paths = locate_files(folder)
    if not paths:
        names = ", ".join(official.name for official in FILES.values())
        raise FileNotFoundError(
            f"{folder} holds no Fashion-MNIST files; expected {names}, with or "
            "without .gz."
        )
    return {key: read_file(path, FILES[key]) for key, path in paths.items()}
