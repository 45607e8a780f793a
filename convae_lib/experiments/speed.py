"""How fast a model trains, beside the fastest that the machine multiplies matrices."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

from ..checks import check_sizes
from .experiment import Experiment, refuse_unknown
from .training import find_model, refuse_unknown_model

__all__ = ["Speed"]

BACKENDS = ("tensorflow", "jax", "torch")


@dataclass(frozen=True, kw_only=True)
class Speed(Experiment):
    """Images a second in training, for several batch sizes and Keras backends.

    Each backend has a process of its own. The batch sizes take turns in it, and
    so does a product of two large matrices, which is the peak that a training
    can reach.

    Attributes
    ----------
    model : str
        Name of a function in ``convae_lib.models.MODELS`` that builds the model.
    options : dict
        Its arguments; ``image_shape`` is that of the images, unless given.
    optimizer : {"sgd", "adam", "muon"}
        As in `Training`; SGD costs least beside the model.
    batch_sizes : tuple of int
    backends : tuple of {"tensorflow", "jax", "torch"}

    Raises
    ------
    ValueError
        If a setting is unknown or out of range.

    Examples
    --------
    >>> from convae_lib.experiments import Speed
    >>> small = {"model": "small_conv_autoencoder", "options": {"code_size": 30}}
    >>> speed = Speed(name="small", **small, batch_sizes=(32, 512), backends=("jax",))
    >>> speed.alone  # `sweep` runs nothing beside it, for its time is the result
    True

    Its ``run`` is handed images, as that of a `Training` is.
    """

    model: str
    options: dict = field(default_factory=dict)
    optimizer: str = "sgd"
    batch_sizes: tuple = (8, 32, 128, 512)
    backends: tuple = ("tensorflow", "jax")

    kind = "speed"
    alone = True

    def __post_init__(self):
        from ..training.optimizers import OPTIMIZERS

        refuse_unknown_model(self.model, self.options)
        refuse_unknown("optimizer", self.optimizer, OPTIMIZERS)
        for batch_size in self.batch_sizes:
            check_sizes(batch_size=batch_size)
        for backend in self.backends:
            refuse_unknown("backend", backend, BACKENDS)

    def measure(self, images, models=None):
        """Return shares of the peak, and images a second, per backend and batch size."""
        build = find_model(self.model, models)
        task = {
            "build": (build.__module__, build.__qualname__),
            "options": {"image_shape": images.image_shape, **self.options},
            "optimizer": self.optimizer,
            "batch_sizes": self.batch_sizes,
        }
        found = {backend: time_backend(backend, task) for backend in self.backends}
        first = found[self.backends[0]]
        per_backend = {
            key: {backend: found[backend][key] for backend in found}
            for key in ("images_per_second", "share_of_peak")
        }
        sizes = {key: first[key] for key in ("parameters", "multiply_adds")}
        peak = "peak_multiply_adds_per_second"
        return {**sizes, **per_backend, peak: first[peak]}


def time_backend(backend, task):
    """Return what `convae_lib.training.timing` prints, in a process of its own."""
    process = subprocess.run(
        [sys.executable, "-m", "convae_lib.training.timing", json.dumps(task)],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise RuntimeError(f"{backend} failed: {process.stderr[-2000:]}")
    return json.loads(process.stdout.splitlines()[-1])
