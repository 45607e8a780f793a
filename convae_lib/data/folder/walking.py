"""The files of a folder and of the folders in it, in an order that no disk changes."""

import os
import stat
from dataclasses import dataclass, field

__all__ = ["Found", "find_files", "shown"]


@dataclass
class Found:
    """What lies in a folder.

    Attributes
    ----------
    paths : list of bytes
        The files, as paths from the folder on with "/" between names, sorted as bytes.
    hidden : int
        Files and folders whose names begin with a dot, which are left alone.
    refused : list of (bytes, str, str)
        Path, reason and details of what is neither file nor folder.
    """

    paths: list = field(default_factory=list)
    hidden: int = 0
    refused: list = field(default_factory=list)


def find_files(folder):
    """Return the files of a folder, with all folders in it but those that links lead to.

    Names are bytes, as on disk, so that those that are not UTF-8 are files like others.

    Parameters
    ----------
    folder : path-like

    Returns
    -------
    Found

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> (folder / "b").mkdir()
    >>> for name in ("b/one.png", "two.png", ".hidden"):
    ...     _ = (folder / name).write_text(name)
    >>> found = find_files(folder)
    >>> found.paths, found.hidden
    ([b'b/one.png', b'two.png'], 1)
    """
    found, waiting = Found(), [b""]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(os.path.join(os.fsencode(folder), inside)) as entries:
                for entry in entries:
                    _sort(entry, inside, found, waiting)
        except OSError as error:
            if not inside:
                raise
            reason = "no permission" if isinstance(error, PermissionError) else "broken"
            found.refused.append((inside, reason, f"folder: {error.strerror}"))
    found.paths.sort()
    found.refused.sort()
    return found


def _sort(entry, inside, found, waiting):
    """Put an entry of a folder where it belongs."""
    path = inside + b"/" + entry.name if inside else entry.name
    if entry.name.startswith(b"."):
        found.hidden += 1
        return
    if entry.is_dir(follow_symlinks=False):
        waiting.append(path)
        return
    try:
        kind = entry.stat()  # of what a link leads to
    except OSError as error:
        found.refused.append((path, "link", f"leads nowhere: {error.strerror}"))
        return
    if stat.S_ISDIR(kind.st_mode):
        found.refused.append((path, "link", "leads to a folder, and is not followed"))
    elif not stat.S_ISREG(kind.st_mode):  # a pipe would be waited for forever
        found.refused.append((path, "no plain file", "a pipe, socket or device"))
    elif not kind.st_size:
        found.refused.append((path, "empty", "0 bytes"))
    else:
        found.paths.append(path)


def shown(path):
    """Return a path as text that every terminal and file can take.

    Examples
    --------
    >>> print(shown("Bär.png"), shown(b"B\\xe4r.png"), shown("a\\nb.png"))
    Bär.png B\\xe4r.png a\\nb.png
    """
    text = path.decode("utf-8", "backslashreplace") if isinstance(path, bytes) else path
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )
