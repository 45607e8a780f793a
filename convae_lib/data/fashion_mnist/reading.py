"""Find the official files in a folder, read them and verify their content.

Nothing is trusted: no more is read or decompressed than the official files have,
and what comes out has the official SHA-256 or is refused.
"""

import gzip
import hashlib
import os
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np

from .official import FILES

__all__ = [
    "locate_files",
    "read_bytes",
    "read_content",
    "read_file",
    "read_folder",
    "why_none",
]

_GZIP_MAGIC = b"\x1f\x8b"


def locate_files(folder):
    """Return where the four official files lie in a folder.

    Each file may be compressed, as published, or plain, without ``.gz``.

    Parameters
    ----------
    folder : str or os.PathLike
        Folder to look in; it need not exist.

    Returns
    -------
    dict of str to list of pathlib.Path
        The paths for each key of ``FILES``, two where a file is there both ways; empty
        if the folder holds none of the four files.

    Raises
    ------
    FileNotFoundError
        If the folder holds some of the four files but not all; says what lies in
        place of a file.

    Examples
    --------
    >>> locate_files("no-such-folder")
    {}
    """
    folder = Path(folder)
    found = {}
    for key, official in FILES.items():
        # Unlike Path.is_file, false where the folder may not be looked into; false
        # for pipes and devices, too, which might never end.
        if paths := [*filter(os.path.isfile, _both_ways(folder, official))]:
            found[key] = paths
    missing = [official for key, official in FILES.items() if key not in found]
    if found and missing:
        names = ", ".join(official.name for official in missing)
        raise FileNotFoundError(
            f"{folder} holds {len(found)} of the {len(FILES)} Fashion-MNIST files; "
            f"missing, with or without .gz: {names}{_in_place(folder, missing)}."
        )
    return found


def _both_ways(folder, official):
    return folder / official.name, folder / Path(official.name).stem


def _in_place(folder, missing):
    """Say what lies under the names of missing files, and is no file."""
    paths = [path for official in missing for path in _both_ways(folder, official)]
    names = [path.name for path in paths if os.path.lexists(path)]
    return f" ({', '.join(names)}: there, but no file to be read)" if names else ""


def read_folder(folder):
    """Return the arrays of the four official files in a folder, verified.

    Parameters
    ----------
    folder : str or os.PathLike
        A folder with the four files, each compressed or plain; where one is there
        both ways, one of them may be bad.

    Returns
    -------
    dict of str to ndarray of uint8
        The array for each key of ``FILES``.

    Raises
    ------
    FileNotFoundError
        If one of the four files, or the folder, is missing.
    OSError
        If a file cannot be read.
    ValueError
        If a file's content is not the official one.
    """
    paths = locate_files(folder)
    if not paths:
        names = ", ".join(official.name for official in FILES.values())
        raise FileNotFoundError(
            f"{folder} holds no Fashion-MNIST files{why_none(Path(folder))}; expected "
            f"{names}, with or without .gz."
        )
    return {key: _read_whole(paths[key], FILES[key]) for key in paths}


def _read_whole(paths, official):
    """Return the array in the first of some files that has the official content."""
    *others, last = paths
    for path in others:
        with suppress(OSError, ValueError):
            return read_file(path, official)
    return read_file(last, official)


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
    OSError
        If the file cannot be read.
    ValueError
        If the file is truncated or its content is not the official one.
    """
    return read_content(read_bytes(path, official), official, path)


def read_bytes(path, official):
    """Return the bytes of a file as it lies there, one more than allowed at most.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read(official.largest + 1)
    except OSError as error:
        raise OSError(f"{path} cannot be read ({error.strerror}).") from error


def read_content(raw, official, origin):
    """Return the array in the bytes of one official file, after verifying them.

    No more is decompressed than the official content has.

    Parameters
    ----------
    raw : bytes
        The file, compressed or plain.
    official : OfficialFile
        What it should be: one of ``FILES.values()``.
    origin : str or os.PathLike
        Where the bytes come from, for the message.

    Returns
    -------
    ndarray of uint8, shape ``official.shape``
        Grey values 0 to 255, or labels 0 to 9; read-only.

    Raises
    ------
    ValueError
        If it is too large or truncated or its content is not the official one.
    """
    if len(raw) > official.largest:
        raise ValueError(
            f"{origin} is not the official {official.name}: it has more than "
            f"{official.largest:,} bytes."
        )
    content = raw
    if raw.startswith(_GZIP_MAGIC):
        try:
            content = gzip.GzipFile(fileobj=BytesIO(raw)).read(official.size + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(
                f"{origin} is truncated or damaged: it cannot be decompressed ({error})."
            ) from error
    if content.lstrip().startswith(b"<"):
        raise ValueError(
            f"{origin} is not the official {official.name} but a web page, perhaps to "
            "log in: open it in a browser."
        )
    if len(content) > official.size:
        raise ValueError(
            f"{origin} is not the official {official.name}: its decompressed content "
            f"has more than {official.size:,} bytes."
        )
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != official.sha256:
        raise ValueError(
            f"{origin} is not the official {official.name}: its decompressed content "
            f"has {len(content):,} bytes and SHA-256 {sha256}; expected SHA-256 "
            f"{official.sha256}."
        )
    return np.frombuffer(content, np.uint8, offset=official.header_size).reshape(
        official.shape
    )


def why_none(folder):
    """Say why a folder holds none of the files, where it is not simply without them."""
    try:
        (folder / FILES["train_images"].name).stat()
    except FileNotFoundError:
        if not folder.is_dir():
            return " (there is no such folder)"
    except OSError as error:
        return f" ({error.strerror})"
    return _in_place(folder, FILES.values())
