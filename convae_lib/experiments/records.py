"""Files of records: JSON lines, a row a run, written whole or not at all.

A row ends in a digest of itself. What damaged a line, or changed a digit in it, is
found when it is read, and costs this row only.
"""

import hashlib
import json
import os
import warnings
from contextlib import contextmanager
from pathlib import Path

from ..checks import remove_parts, write_whole
from .experiment import Experiment

__all__ = ["digest", "read_records", "write_records"]

NEEDED = ("id", "images_from")
"""What a row is known by, and what it must not be mixed by."""


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

    Warns
    -----
    UserWarning
        For each line that is no record, or not the one that was written, or has
        the id of a row above: names file and line. It is left out. A row without
        a digest, as they were written once, is taken as it is.

    Raises
    ------
    OSError
        If there is a folder in place of the file, or a link that leads nowhere.

    Examples
    --------
    >>> read_records("no-such-file.jsonl")
    []

    See `write_records` for rows that are there.
    """
    rows, damages = read_lines(path)
    for damage in damages:
        warnings.warn(damage, stacklevel=2)
    return rows


def read_lines(path):
    """Return the rows of a file, and for each other line what is wrong with it."""
    path = Path(path)
    refuse_no_file(path)
    if not path.exists():
        return [], []
    rows, damages = {}, []
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = read_row(line)
            if row["id"] in rows:
                raise ValueError(f"it repeats {row['id']} of a line above")
            rows[row["id"]] = row
        except (ValueError, TypeError, RecursionError) as error:
            why = error.msg if isinstance(error, json.JSONDecodeError) else error
            damages.append(f"{path}, line {number} is no record, and left out: {why}")
    return list(rows.values()), damages


def read_row(line):
    """Return the record in the bytes of a line; raise an error that says why not."""
    row = json.loads(line.decode("utf-8-sig"))
    refuse_no_record(row)
    stored, found = row.pop("digest", None), digest(row)
    if stored not in (None, found):
        raise ValueError(f"its values are not those that were written ({row['id']})")
    known = Experiment.kinds.get(row.get("kind"))
    return known.filled(row) if known else row


def refuse_no_record(row):
    """Raise a ValueError for what is no dict that has what every record needs."""
    if not isinstance(row, dict):
        raise ValueError(f"it holds {str(row):.20} and no settings")
    for key in NEEDED:
        if not isinstance(row.get(key), str):
            raise ValueError(f"it has no {key!r}")


def refuse_no_json(row):
    """Raise a ValueError that names the first entry of a row that JSON cannot hold."""
    for key, value in row.items():
        try:
            json.dumps({key: value}, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"record {row['id']} has {key!r}: {value!r:.60}, which JSON cannot hold "
                f"({error}); give plain numbers, and None for NaN and infinity"
            ) from error


def digest(values):
    """Return a short name of values that JSON can hold: another digit, another name."""
    text = json.dumps(values, ensure_ascii=False, allow_nan=False)
    return "d" + hashlib.sha256(text.encode()).hexdigest()[:8]


def write_records(path, rows):
    """Replace a file of records in one step: a reader finds the old rows or the new.

    Parameters
    ----------
    path : path-like
        The file; its folder is made if need be.
    rows : list of dict
        Records, all from the same images. The digest of each is added.

    Raises
    ------
    ValueError
        If a row is no record or two have the same id, or JSON cannot hold an entry, as
        NaN; or if rows from Fashion-MNIST and from the stand-in are mixed. Nothing is
        written then.
    OSError
        If the disk is full, say, or the file may not be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp(), "codes.jsonl")
    >>> write_records(path, [{"id": "r1", "images_from": "mine", "val_loss": 0.25}])
    >>> read_records(path)
    [{'id': 'r1', 'images_from': 'mine', 'val_loss': 0.25}]
    """
    path = Path(path)
    with only_writer(path.parent):
        replace_records(path, rows)


def replace_records(path, rows):
    """Do what `write_records` does, for the only writer in the folder."""
    refuse_no_file(path)
    lines = {}
    for row in rows:
        refuse_no_record(row)
        row = {key: value for key, value in row.items() if key != "digest"}
        if row["id"] in lines:
            raise ValueError(f"{path.name} would have two records {row['id']}")
        refuse_no_json(row)
        row["digest"] = digest(row)
        lines[row["id"]] = json.dumps(row, ensure_ascii=False, allow_nan=False)
    sources = sorted({row["images_from"] for row in rows})
    if len(sources) > 1:
        raise ValueError(f"{path.name} would mix records from {' and '.join(sources)}")
    write_whole(path, "".join(f"{line}\n" for line in lines.values()))


@contextmanager
def only_writer(folder):
    """Wait until no other process writes records in a folder, and keep them out.

    The lock is the system's own: it goes with the process that holds it.
    """
    from filelock import FileLock  # here: who only reads does without it

    refuse_no_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    refuse_no_file(folder / ".lock")
    with FileLock(folder / ".lock", timeout=60):
        remove_parts(folder, "*.jsonl")
        yield


def refuse_no_file(path):
    """Raise an OSError for a folder, or a link to nothing, where a file belongs."""
    if path.is_dir():
        raise IsADirectoryError(
            f"{path} is a folder; move it away: a file of this name belongs there"
        )
    if path.is_symlink() and not path.exists():
        raise FileNotFoundError(
            f"{path} is a link to {os.readlink(path)}, which is not there; remove the "
            "link, or put back the file"
        )


def refuse_no_folder(folder):
    """Raise a NotADirectoryError where a folder neither is nor can be made."""
    there = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    if not there.is_dir():
        raise NotADirectoryError(
            f"{there} is no folder; move it away, or name another folder than {folder}"
        )
