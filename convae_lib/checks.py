"""What every room shares: checks of whole numbers, and one way to write a file."""

import os
import tempfile
from numbers import Integral
from pathlib import Path

__all__ = ["check_sizes", "is_whole", "write_whole"]


def is_whole(value):
    """Tell whether `value` is an integer (bool excluded), NumPy's included."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_sizes(least=1, **sizes):
    """Refuse sizes that are no whole numbers from `least` up.

    Raises
    ------
    ValueError
        Names the argument and the value.
    """
    for name, value in sizes.items():
        if not is_whole(value) or value < least:
            raise ValueError(f"{name} {value!r} must be a whole number from {least} up")


def write_whole(path, text):
    """Write a text file in one step.

    It is written beside its place and then moved there: whoever reads it, or
    kills the writer, finds the old text or the new one.

    Parameters
    ----------
    path : path-like
        The file; its folder is made if need be.
    text : str
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8"
    )
    try:
        with file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)  # once it is closed: Windows moves no open file
    except BaseException:
        os.unlink(file.name)
        raise
