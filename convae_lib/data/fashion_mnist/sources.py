"""Where the official files are looked for, and what becomes of those that are bad.

A folder that is asked for holds the files, or that is an error. The others are only
where they may be found: a bad one is passed over, and told about, wherever the real
images can be had elsewhere.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from . import fetch
from .cache import cache_folder, keep_files
from .fetch import download_official
from .official import FILES
from .reading import locate_files, read_content, read_folder, why_none

__all__ = ["NotAvailable", "Official", "SYSTEM_FOLDERS", "find_official"]

SYSTEM_FOLDERS = (
    Path("/usr/share/datasets/fashion-mnist"),
    Path("/usr/local/share/datasets/fashion-mnist"),
)


class NotAvailable(OSError):
    """No source has the official files, and none has bad ones."""


@dataclass(frozen=True)
class Official:
    """The official arrays, and how they were found.

    Attributes
    ----------
    arrays : dict of str to ndarray of uint8
        The array for each key of ``FILES``, verified.
    folder : pathlib.Path or None
        Where the files lie; None if they were fetched and could not be kept.
    origin : str
        How they were fetched; empty if they were at hand.
    note : str
        What a reader is told: what was passed over, what could not be kept. Empty
        if all is well.
    """

    arrays: dict
    folder: Path | None
    origin: str = ""
    note: str = ""


def find_official(directory=None, ways=None):
    """Return the official images, from the first source that has them.

    Parameters
    ----------
    directory : str, bytes or os.PathLike, optional
        The folder that is asked for; that of ``CONVAE_DATA_DIR`` by default.
    ways : dict of str to callable, optional
        Ways to fetch the files where they are not at hand; the download by default.

    Returns
    -------
    Official

    Raises
    ------
    NotAvailable
        If they are nowhere, and cannot be fetched; says why.
    OSError, ValueError
        If the folder asked for does not hold the official files; or another one
        holds bad ones, and they cannot be had elsewhere. Says what helps.
    """
    ways = {"official download": download_official} if ways is None else ways
    if directory is not None:
        return _asked_for(
            directory, "Name a folder that holds the four official files."
        )
    if named := os.environ.get("CONVAE_DATA_DIR"):
        remedy = (
            "Set CONVAE_DATA_DIR to a folder with the four official files, or unset it, "
            "and they are looked for and downloaded, or set CONVAE_DATA=stand-in to do "
            "without them."
        )
        if not os.path.isdir(os.path.expanduser(named)):
            raise FileNotFoundError(
                f"CONVAE_DATA_DIR={named!r} is no folder{_meant(named)}. {remedy}"
            )
        return _asked_for(named, remedy)
    bad = []
    for folder in _usual_folders():
        try:
            if locate_files(folder):
                return Official(read_folder(folder), folder, note=_passed_over(bad))
        except (OSError, ValueError) as error:
            bad.append(error)
    reasons = []
    for origin, way in ways.items():
        try:
            return _fetched(way(), origin, bad)
        except (OSError, ValueError) as error:
            reasons.append(str(error).rstrip("."))
    if not bad:
        raise NotAvailable("; ".join(reasons))
    raise type(bad[0])(
        f"{bad[0]} The files cannot be fetched either ({'; '.join(reasons)}). Remove or "
        f"replace what is bad, or {_elsewhere()}, or set CONVAE_DATA=stand-in to do "
        "without them."
    )


def _asked_for(folder, remedy):
    folder = Path(os.path.expanduser(os.fsdecode(folder)))
    try:
        return Official(read_folder(folder), folder)
    except (OSError, ValueError) as error:
        raise type(error)(f"{error} {remedy}") from error


def _meant(named):
    """Return a hint at the folder that is named in quotes, say, or by a variable."""
    plain = os.path.expanduser(os.path.expandvars(named.strip(" \t\r\n'\"")))
    if os.path.isdir(plain):
        return f"; did you mean {plain}?"
    return why_none(Path(os.path.expanduser(named)))


def _usual_folders():
    """Return the folders in which the files may be found."""
    keras_home = os.path.expanduser(os.environ.get("KERAS_HOME") or "~/.keras")
    return (
        *SYSTEM_FOLDERS,
        *filter(None, [cache_folder()]),
        Path(keras_home, "datasets", "fashion-mnist"),
    )


def _fetched(files, origin, bad):
    """Return what was fetched, once it is verified, and keep it if possible."""
    arrays = {
        key: read_content(files[key], official, f"{official.name} ({origin})")
        for key, official in FILES.items()
    }
    folder, note = cache_folder(), _passed_over(bad)
    try:
        keep_files(files)
    except OSError as error:
        note += (
            f" The images were fetched ({origin}) and verified, but cannot be kept "
            f"({error}). Mend that, or {_elsewhere()}."
        )
        folder = None
    return Official(arrays, folder, origin, note.strip())


def _passed_over(bad):
    return " ".join(f"{error} It is passed over." for error in bad)


def _elsewhere():
    names = ", ".join(official.name for official in FILES.values())
    return (
        f"put the four files of {fetch.BASE_URL} ({names}) into a folder and set "
        "CONVAE_DATA_DIR to it"
    )
