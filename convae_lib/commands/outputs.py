"""What a command writes: whole, or not at all, and never over what is there."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import time

from ..checks import LONGEST_WRITE, write_whole
from .arguments import WrongUse
from .named_models import SUFFIX

__all__ = ["check_out", "save_model", "whole_folder", "write_all", "writing"]


def check_out(path, what, suffix=None, overwrite=False):
    """Refuse a place to write to that cannot be meant.

    Parameters
    ----------
    path : str
    what : str
        The option, for the refusal.
    suffix : str, optional
        That of a file; a folder has none.
    overwrite : bool, default False
        Whether what is there may be replaced.
    """
    path = Path(path)
    if suffix and path.suffix != suffix:
        raise WrongUse(f"{what} {str(path)!r} must end in {suffix}, as out{suffix}")
    parent = next(p for p in path.absolute().parents if os.path.lexists(p))
    if not parent.exists():
        raise WrongUse(f"{what} {str(path)!r} cannot be: {parent} leads nowhere")
    if not parent.is_dir():
        raise WrongUse(f"{what} {str(path)!r} cannot be: {parent} is a file")
    if not os.access(parent, os.W_OK):
        raise WrongUse(f"{what} {str(path)!r} cannot be written: no right in {parent}")
    if suffix and path.is_dir():
        raise WrongUse(f"{what} {str(path)!r} is a folder; name a file")
    if not suffix and path.exists() and not path.is_dir():
        raise WrongUse(f"{what} {str(path)!r} is a file; name a folder")
    taken = path.exists() and (suffix or any(path.iterdir()))
    if taken and not overwrite:
        raise WrongUse(
            f"{what} {str(path)!r} is there already; name another place, or add "
            "--overwrite"
        )


@contextmanager
def writing(path):
    """Name what is written where the system does not, as of a full disk."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.strerror is None:
            raise
        raise OSError(f"{path} cannot be written ({error.strerror})") from error


def save_model(model, path):
    """Write a .keras file, in one step."""
    with writing(path), tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / f"model{SUFFIX}"
        model.save(written)
        write_whole(path, written.read_bytes())


def write_all(contents):
    """Write files, each in one step; where one cannot be, those before it go again.

    Parameters
    ----------
    contents : dict of path-like to bytes or str
        What is there is replaced.
    """
    done = []
    try:
        for path, content in contents.items():
            with writing(path):
                write_whole(path, content)
            done.append(path)
    except BaseException:
        for path in done:
            Path(path).unlink(missing_ok=True)
        raise


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
        with writing(path):
            yield under_way
        os.chmod(under_way, 0o755)
        if path.exists():
            shutil.rmtree(path)
        under_way.rename(path)
    except BaseException:
        shutil.rmtree(under_way, ignore_errors=True)
        raise
