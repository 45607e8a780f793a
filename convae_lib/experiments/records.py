"""Files of records: JSON lines, a row a run, written whole or not at all."""

import json
from pathlib import Path

from ..checks import write_whole
from .experiment import Experiment

__all__ = ["read_records", "write_records"]


def read_records(path):
    """Return the rows of a file of records.

    Parameters
    ----------
    path : path-like
        A file with one JSON object a line; if there is none, it has no rows.

    Returns
    -------
    list of dict
        Where a row is older than a setting of its kind, it has the default, so
        that it can be selected by it like the others.

    Raises
    ------
    ValueError
        If a line is no JSON, naming the line.
    """
    path = Path(path)
    if not path.exists():
        return []
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}, line {number} is no record: {error}") from error
        known = Experiment.kinds.get(row.get("kind"))
        rows.append(known.filled(row) if known else row)
    return rows


def write_records(path, rows):
    """Replace a file of records in one step: a reader finds the old rows or the new.

    Parameters
    ----------
    path : path-like
        The file; its folder is made if need be.
    rows : list of dict
        Records, all from the same images.

    Raises
    ------
    ValueError
        If rows from Fashion-MNIST and from the stand-in are mixed; nothing is
        written then.
    """
    path = Path(path)
    sources = sorted({row["images_from"] for row in rows})
    if len(sources) > 1:
        raise ValueError(f"{path.name} would mix records from {' and '.join(sources)}")
    lines = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows]
    write_whole(path, "".join(f"{line}\n" for line in lines))
