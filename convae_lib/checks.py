"""What every room shares: arrays and whole numbers that are checked, and a file written."""

import os
import tempfile
from contextlib import suppress
from numbers import Integral
from pathlib import Path
from time import time

import numpy as np

__all__ = [
    "check_sizes",
    "is_whole",
    "read_array",
    "read_numbers",
    "refuse_no_numbers",
    "refuse_not_finite",
    "remove_parts",
    "white_of",
    "write_whole",
]

LARGEST_LOGIT = 40
"""Its sigmoid is 1 in double precision: what is larger is a grey level."""

LONGEST_WRITE = 3600.0
"""Seconds after which a part is a killed writer's, not a slow one's."""


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


def read_array(name, values):
    """Return `values` as a NumPy array: from lists, arrays, or tensors of any framework.

    Parameters
    ----------
    name : str
        What a refusal calls them.
    values : array_like or tensor
        A tensor may carry a gradient or lie on another device.

    Returns
    -------
    numpy.ndarray
        A view where there can be one.

    Raises
    ------
    ValueError
        If an entry is masked, which an array would forget, or rows are of unequal
        length, or the array is sparse.

    Examples
    --------
    >>> import numpy as np
    >>> read_array("kernel", [[1, 2], [3, 4]]).shape
    (2, 2)
    >>> read_array("kernel", np.ma.masked_equal([1, 2], 2))
    Traceback (most recent call last):
        ...
    ValueError: kernel has 1 masked value; say what stands there, as in kernel.filled(0)
    """
    if isinstance(values, np.ma.MaskedArray):
        masked = int(np.ma.count_masked(values))
        if masked:
            plural = "value" if masked == 1 else "values"
            raise ValueError(
                f"{name} has {masked} masked {plural}; say what stands there, as in "
                f"{name}.filled(0)"
            )
        return values.data
    if hasattr(values, "toarray"):
        raise ValueError(f"{name} is sparse; give {name}.toarray()")
    if hasattr(values, "detach"):  # of PyTorch
        values = values.detach().cpu()
        if str(values.dtype) == "torch.bfloat16":  # which NumPy does not have
            values = values.float()
    if isinstance(values, list | tuple):  # of arrays or tensors, perhaps
        values = [
            read_array(name, each) if hasattr(each, "ndim") else each for each in values
        ]
    try:
        return np.asarray(values)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(f"{name} has rows of unequal length") from error


def read_numbers(name, values):
    """Return `values` as float64, read as by `read_array`; refuse what are no real numbers.

    Raises
    ------
    ValueError
        Names the dtype, or the type of what is no array.

    Examples
    --------
    >>> read_numbers("images", [[True, False]])
    array([[1., 0.]])
    """
    if hasattr(values, "matmat"):  # of SciPy
        raise ValueError(
            f"{name} is an operator; give {name} @ np.eye({name}.shape[1]), its matrix"
        )
    array = read_array(name, values)
    if array.dtype == object and not array.ndim:  # a sparse or ragged tensor, say
        raise ValueError(
            f"{name} is a {type(values).__name__}, which is no array; give a dense one"
        )
    refuse_no_numbers(name, array)
    return array.astype(np.float64, copy=False)


def refuse_no_numbers(name, values):
    """Raise a ValueError for an array whose dtype has no real numbers."""
    if not np.can_cast(values.dtype, np.float64, "same_kind"):
        raise ValueError(f"{name} has dtype {values.dtype}; give real numbers")


def refuse_not_finite(name, values):
    """Raise a ValueError for an array with NaN or infinity in it."""
    count = int(np.count_nonzero(~np.isfinite(values)))
    if count:
        raise ValueError(
            f"{name} has {count} of {values.size} values that are NaN or infinite; "
            f"np.isfinite({name}) tells where (a network that diverged needs a smaller "
            "learning rate)"
        )


def white_of(name, values):
    """Say by what grey levels are to be divided; None if these are no grey levels.

    They are not below 0 and whole, or so large that they are no logits either.

    Examples
    --------
    >>> white_of("x", np.array([0, 3000]))
    '4095 or 65535, whichever is white'
    >>> white_of("x", np.array([0.5, 1.5]))
    """
    low, high = values.min(), values.max()
    whole = (values == np.round(values)).all()
    if low < 0 or high <= 1 or not (whole or high > LARGEST_LOGIT):
        return None
    if high <= 255:
        return "255"
    whites = [str(white) for white in (1023, 4095, 65535) if high <= white]
    several = ", whichever is white" if len(whites) > 1 else ""
    return " or ".join(whites or [f"{name}.max()"]) + several


def write_whole(path, content):
    """Write a file in one step.

    It is written beside its place, as a part, and then moved there: whoever reads
    it, or kills the writer, finds the old text or the new one. A killed writer leaves
    its part behind, which the next one removes when it is an hour old.

    Parameters
    ----------
    path : path-like
        The file; its folder is made if need be. Where it is a link, what it leads to
        is written.
    content : str or bytes
    """
    if isinstance(content, str):
        content = content.encode()
    path = Path(path).resolve()  # else a link would be replaced, not what it leads to
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_parts(path.parent, path.name, LONGEST_WRITE)
    file = tempfile.NamedTemporaryFile(
        "wb",
        dir=path.parent,
        prefix=f".{path.name}.",
        suffix=".part",
        delete=False,
    )
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)  # once it is closed: Windows moves no open file
    except BaseException:
        os.unlink(file.name)
        raise


def remove_parts(folder, names="*", age=0.0):
    """Remove the parts of files that killed writers left in a folder.

    Parameters
    ----------
    folder : path-like
    names : str, default "*"
        Pattern for the names of the files.
    age : float, default 0
        Seconds for which a part has not been written to. With 0, nobody may be
        writing such a file now.
    """
    for part in Path(folder).glob(f".{names}.*.part"):
        with suppress(OSError):  # somebody else removed it, or Windows has it open
            if time() - part.stat().st_mtime >= age:
                part.unlink()
