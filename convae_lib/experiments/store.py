"""The records of many questions: a folder into which several runs may save at once."""

import hashlib
from pathlib import Path
from shutil import copyfile

from .records import (
    only_writer,
    read_lines,
    read_records,
    refuse_no_folder,
    refuse_no_record,
    replace_records,
)

__all__ = ["Store"]


class Store:
    """The records of some questions, in a folder of one file each.

    Several processes may save into one folder at once.

    Parameters
    ----------
    folder : path-like
    questions : dict of str to list of Experiment
        Name of a file, without its ending, to the experiments whose records are
        in it, in this order.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from convae_lib.experiments import LinearCode, Store
    >>> few, many = (LinearCode(name="patches", patch=2, components=k) for k in (1, 4))
    >>> store = Store(mkdtemp(), {"codes": [few, many]})
    >>> store.save({"id": few.id, "images_from": "mine", "val_loss": 0.25})
    >>> [code.components for code in store.missing(["codes"])]
    [4]
    >>> store.rows()[few.id]["val_loss"]
    0.25

    `sweep` runs what is missing, and saves it.
    """

    def __init__(self, folder, questions):
        self.folder, self.questions = Path(folder), questions

    @property
    def experiments(self):
        """All experiments by their id."""
        return {e.id: e for asked in self.questions.values() for e in asked}

    def path(self, name):
        """Return the file of a question."""
        return self.folder / f"{name}.jsonl"

    def rows(self):
        """Return all rows by their id, from whichever file; warn as `read_records`."""
        refuse_no_folder(self.folder)
        files = {*self.folder.glob("*.jsonl")}
        own = {self.path(name) for name in self.questions}
        # Last, so that they count where another file has the same record.
        ordered = [*sorted(files - own), *sorted(own)]
        return {row["id"]: row for file in ordered for row in read_records(file)}

    def missing(self, names):
        """Return the experiments of some questions that have no record, each once."""
        rows = self.rows()
        asked = {e.id: e for name in names for e in self.questions[name]}
        return [experiment for id, experiment in asked.items() if id not in rows]

    def save(self, *new):
        """Add records to the files of their questions, in place of any that they repeat.

        Raises
        ------
        OSError
            If they cannot be written: the disk is full, say.
        ValueError
            If one is no record or belongs to no question, or is from other images than
            its file.
        """
        for row in new:
            refuse_no_record(row)
        self._write({row["id"]: row for row in new}, keep_unknown=True)

    def tidy(self):
        """Put all files in the order of the list, under its names, without other rows."""
        self._write({}, keep_unknown=False)

    def _write(self, new, keep_unknown):
        known = self.experiments
        if unknown := new.keys() - known.keys():
            raise ValueError(f"no question asks for {', '.join(sorted(unknown))}")
        with only_writer(self.folder):
            rows = self.rows() | new
            # First what comes, then what goes: a row that moves is never in no file.
            for all_stay in (True, False):
                for name, asked in self.questions.items():
                    before, damages = read_lines(self.path(name))
                    after = [e.label(rows[e.id]) for e in asked if e.id in rows]
                    here = {row["id"] for row in after}
                    after += [
                        row
                        for row in before
                        if row["id"] not in here
                        and (all_stay or (keep_unknown and row["id"] not in known))
                    ]
                    if after != before:
                        if damages:  # somebody may want to mend them
                            keep_damaged(self.path(name))
                        replace_records(self.path(name), after)


def keep_damaged(path):
    """Copy a damaged file beside itself, under a name that no other content has."""
    content = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    copyfile(path, path.with_name(f"{path.name}.damaged-{content}"))
