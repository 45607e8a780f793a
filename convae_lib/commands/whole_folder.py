"""A folder that is there with all its files, or not at all."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import time

from ..checks import LONGEST_WRITE

__all__ = ["whole_folder"]


@contextmanager
def whole_folder(path):
    """Fill a folder beside its place, and move it there when it is whole.

    Where it is not filled to the end, nothing is left. Somebody who kills the process
    leaves a hidden folder behind, which the next one removes when it is an hour old.

    Parameters
    ----------
    path : path-like
        The folder; what is there is replaced.

    Yields
    ------
    pathlib.Path
        Where to write.
    """
    path = Path(path).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{path.name}.*.part"):
        if left.is_dir() and time() - left.stat().st_mtime >= LONGEST_WRITE:
            shutil.rmtree(left, ignore_errors=True)
    under_way = Path(
        tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    )
    try:
        yield under_way
        os.chmod(under_way, 0o755)
        if path.exists():
            shutil.rmtree(path)
        under_way.rename(path)
    except BaseException:
        shutil.rmtree(under_way, ignore_errors=True)
        raise
