"""What every kind of experiment shares: an identity, and a record of its run."""

import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import isfinite
from time import perf_counter
from typing import ClassVar

import tensorflow as tf

__all__ = ["Task"]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to measure. A subclass adds its settings and ``measure(data)``.

    Attributes
    ----------
    name, recipe : str
        What tables call it. They can change without a new run.
    """

    name: str
    recipe: str = ""

    labels: ClassVar[tuple] = ("name", "recipe")
    alone: ClassVar[bool] = False  # True where its time is the result
    apart: ClassVar[float] = 0.2  # share by which scores of a repeat may differ

    @property
    def settings(self):
        """All fields but the labels, as a dict: what decides the outcome."""
        every = {"kind": type(self).__name__, **asdict(self)}
        return plain({k: v for k, v in every.items() if k not in self.labels})

    @property
    def id(self):
        """A short name of the settings, the same on every machine."""
        text = json.dumps(self.settings, sort_keys=True)
        return "r" + hashlib.sha256(text.encode()).hexdigest()[:8]

    def label(self, row):
        """Return `row` under the names that this task has now."""
        named = {key: getattr(self, key) for key in self.labels}
        return {
            "id": self.id,
            **named,
            **{k: v for k, v in row.items() if k not in named},
        }

    def measure(self, data):
        """Return what was measured, as a dict of numbers, strings and lists."""
        raise NotImplementedError

    def run(self, data):
        """Measure, and return the whole record.

        Parameters
        ----------
        data : FashionMNIST
            The images.

        Returns
        -------
        dict
            Ready for JSON: id, labels, settings, what was measured, wall and
            CPU seconds, device, library versions, and where the images are from.
        """
        wall, cpu = perf_counter(), cpu_seconds()
        measured = self.measure(data)
        row = {
            **self.settings,
            **measured,
            "wall_seconds": perf_counter() - wall,
            "cpu_seconds": cpu_seconds() - cpu,
            "device": device(),
            "versions": versions(),
            "images_from": "stand-in" if data.is_stand_in else "Fashion-MNIST",
        }
        return self.label(plain(row))


def cpu_seconds():
    """Return what this process and those it started and awaited have used."""
    return sum(os.times()[:4])


def plain(value):
    """Return `value` as JSON has it: six significant digits, None for no number."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, bool | str | int | None):
        return value
    number = float(value)
    return float(f"{number:.6g}") if isfinite(number) else None


def device():
    """Name the processor, and a graphics card where TensorFlow uses one."""
    cards = tf.config.list_physical_devices("GPU")
    if cards:
        return tf.config.experimental.get_device_details(cards[0])["device_name"]
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as lines:
            name = next(x.split(":")[1].strip() for x in lines if "model name" in x)
    except (OSError, StopIteration):
        pass
    threads = tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count()
    return f"{name}, {threads} of {os.cpu_count()} cores"


def versions():
    names = ("keras", "tensorflow", "numpy")
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }
