"""What every kind of experiment shares: settings, an id, and a record of its run."""

import hashlib
import json
import os
from dataclasses import MISSING, dataclass, fields
from math import isfinite
from numbers import Real
from time import perf_counter
from typing import ClassVar

from ..checks import is_whole
from ..training.devices import describe_device, describe_versions

__all__ = ["Experiment"]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One thing to measure. A subclass adds its kind, settings and ``measure``.

    All fields but the labels are settings: what decides the outcome. The id is
    made of the settings that differ from their defaults, so that a new field
    with a default changes no id. A default is therefore never changed; where
    another value is wanted, add a field, or say the value where it is used.

    Attributes
    ----------
    name, recipe : str
        What tables call it. They can change without a new run.
    images_from : str, optional
        The name of the images that it is made for, and refuses to do without; by default
        any will do, and the record says which they were.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> import numpy as np
    >>> from convae_lib.data import Images
    >>> @dataclass(frozen=True, kw_only=True)
    ... class Brightness(Experiment):
    ...     rows: int
    ...     kind = "brightness of the upper rows"
    ...     def measure(self, images, models=None):
    ...         return {"mean": images.valid[:, : self.rows].mean()}
    >>> x = np.full((3, 4, 4), 0.5)
    >>> row = Brightness(name="top", rows=2).run(Images(train=x, valid=x, test=x))
    >>> row["name"], row["rows"], row["mean"]
    ('top', 2, 0.5)
    >>> _ = Experiment.kinds.pop(Brightness.kind)  # known to records no longer
    """

    name: str
    recipe: str = ""
    images_from: str | None = None

    kind: ClassVar[str]  # how records name the class: it outlives a renaming
    kinds: ClassVar[dict] = {}  # every kind to its class
    labels: ClassVar[tuple] = ("name", "recipe")
    alone: ClassVar[bool] = False  # True where its time is the result

    def __init_subclass__(cls):
        if "kind" in vars(cls):  # without one it is its parent, with more fields
            cls.kinds[cls.kind] = cls

    @property
    def settings(self):
        """All fields but the labels, as a dict ready for JSON."""
        return self._settings(defaults=True)

    @property
    def id(self):
        """A short name of the settings, the same on every machine."""
        text = json.dumps(self._settings(defaults=False), sort_keys=True)
        return "r" + hashlib.sha256(text.encode()).hexdigest()[:8]

    def _settings(self, defaults):
        found = {"kind": self.kind}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Experiment):
                found[field.name] = value._settings(defaults)
            elif field.name not in self.labels:
                value = plain(value)
                if defaults or value != plain(default(field)):
                    found[field.name] = value
        return found

    @classmethod
    def filled(cls, row):
        """Return a record with the defaults of settings that it is too old to have."""
        for field in fields(cls):
            value = row.get(field.name)
            if field.name in cls.labels:
                continue
            if isinstance(value, dict) and value.get("kind") in cls.kinds:
                value = cls.kinds[value["kind"]].filled(value)
            elif field.name not in row and default(field) is not MISSING:
                value = plain(default(field))
            elif field.name not in row:
                continue
            row = row | {field.name: value}
        return row

    def label(self, row):
        """Return `row` under the names that this experiment has now."""
        named = {key: getattr(self, key) for key in self.labels}
        return {
            "id": self.id,
            **named,
            **{k: v for k, v in row.items() if k not in ("id", *named)},
        }

    def measure(self, images, models=None):
        """Return what was measured, as a dict of numbers, strings and lists.

        A measured entry may say what a setting left open, under its name.
        """
        raise NotImplementedError

    def run(self, images, models=None, **more):
        """Measure, and return the whole record.

        Parameters
        ----------
        images : Images
        models : dict of str to callable, optional
            What builds a model by its name; ``convae_lib.models.MODELS`` unless
            given.
        **more
            What ``measure`` takes besides.

        Returns
        -------
        dict
            Ready for JSON: id, labels, settings, what was measured, wall and
            CPU seconds, device, library versions, and the name of the images.

        Raises
        ------
        ValueError
            If the experiment is made for other images.
        """
        if self.images_from not in (None, images.name):
            raise ValueError(
                f"{self.id} is made for the images {self.images_from!r}, and is given "
                f"{images.name!r}"
            )
        wall, cpu = perf_counter(), cpu_seconds()
        measured = self.measure(images, models, **more)
        row = {
            **self.settings,
            **measured,
            "wall_seconds": perf_counter() - wall,
            "cpu_seconds": cpu_seconds() - cpu,
            "device": describe_device(),
            "versions": describe_versions(),
            "images_from": images.name,
        }
        return self.label(plain(row))


def default(field):
    """Return the default of a dataclass's field, or MISSING."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def refuse_unknown(name, value, known):
    """Raise a ValueError for a value that is not one of the known ones."""
    if value not in known:
        raise ValueError(f"{name} {value!r} is not one of {(*known,)}")


def refuse_unknown_measures(names, known):
    """Raise a ValueError unless `names` is a tuple of measures of a table."""
    if isinstance(names, str):
        raise ValueError(f"measures {names!r} must be a tuple of names")
    for name in names:
        refuse_unknown("measure", name, known)


def refuse_unless_positive(**numbers):
    """Raise a ValueError for what is no finite number above 0."""
    for name, value in numbers.items():
        real = isinstance(value, Real) and not isinstance(value, bool)
        if not real or not 0 < value < float("inf"):
            raise ValueError(f"{name} {value!r} must be a finite number above 0")


def cpu_seconds():
    """Return what this process and those it started and awaited have used."""
    return sum(os.times()[:4])


def plain(value):
    """Return `value` as JSON has it: six significant digits, None for no number."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, bool | str | None) or value is MISSING:
        return value
    if is_whole(value):
        return int(value)
    number = float(value)
    return float(f"{number:.6g}") if isfinite(number) else None
