"""The library's own folder for the official files, filled whole or not at all."""

import os
import shutil
import tempfile
from pathlib import Path

from platformdirs import user_cache_dir

from .official import FILES
from .reading import read_folder

__all__ = ["cache_folder", "keep_files", "remove_leftovers"]

UNDER_WAY = "fetch-"


def cache_folder():
    """Return the library's own folder for the official files.

    Returns
    -------
    pathlib.Path or None
        ``fashion-mnist`` in the user's cache folder for ``convae_lib``; it
        need not exist yet. None where no home is known.
    """
    try:
        folder = Path(user_cache_dir("convae_lib"), "fashion-mnist")
    except RuntimeError:  # newer platformdirs; older ones leave a relative ~
        return None
    return folder if folder.is_absolute() else None


def keep_files(files):
    """Put verified files into the cache; what else lies there stays.

    They are written beside their place and then moved there. Several processes may
    do so at once, and any of them may be killed: each file in the cache is whole,
    and the next to fill it removes what the others left behind.

    Parameters
    ----------
    files : dict of str to bytes
        A file for each key of ``FILES``.

    Raises
    ------
    OSError
        If the cache cannot be written; says why.
    """
    folder = cache_folder()
    if folder is None:
        raise FileNotFoundError("no home is known; set HOME or XDG_CACHE_HOME")
    there = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    if not there.is_dir():
        raise NotADirectoryError(f"{there} is no folder; remove it")
    try:
        _write(files, folder)
    except OSError as error:
        try:
            read_folder(folder)  # another process was first, and its files serve, too
        except (OSError, ValueError):
            raise OSError(f"{folder}: {error.strerror or error}") from error
    remove_leftovers()


def remove_leftovers():
    """Remove what killed processes left beside a whole cache.

    One that is still writing there finds the cache filled, and needs no more.
    """
    folder = cache_folder()
    for place in (folder, folder.parent):
        for left in place.glob(f"{UNDER_WAY}*"):
            shutil.rmtree(left, ignore_errors=True)


def _write(files, folder):
    """Write all files, then move them: the whole folder where there is none yet."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    is_new = not folder.is_dir()
    with tempfile.TemporaryDirectory(
        prefix=UNDER_WAY,
        dir=folder.parent if is_new else folder,  # from there a move is one step
        ignore_cleanup_errors=True,
    ) as under_way:
        written = Path(under_way) / "files"
        written.mkdir()
        for key, content in files.items():
            (written / FILES[key].name).write_bytes(content)
        if is_new:
            written.replace(folder)
        else:
            for path in written.iterdir():
                path.replace(folder / path.name)
