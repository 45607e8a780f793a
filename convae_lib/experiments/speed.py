"""How fast a model trains, beside the fastest that the machine multiplies matrices."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

import keras
import numpy as np

from .. import models
from ..checks import check_sizes
from ..models.costs import multiply_adds
from .experiment import Experiment, refuse_unknown
from .training import OPTIMIZERS, refuse_unknown_model

__all__ = ["Speed"]

PASSES = 3  # multiply-adds of a training step over those of the forward pass
ROUNDS = 3
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
        Name of a function of the library that builds the model.
    options : dict
        Its arguments.
    optimizer : {"sgd", "adam", "muon"}
        As in `Training`; SGD costs least beside the model.
    batch_sizes : tuple of int
    backends : tuple of str
        Of those that Keras has, each with its own extra of this project.
    """

    model: str
    options: dict = field(default_factory=dict)
    optimizer: str = "sgd"
    batch_sizes: tuple = (8, 32, 128, 512)
    backends: tuple = ("tensorflow", "jax")

    kind = "speed"
    alone = True

    def __post_init__(self):
        refuse_unknown_model(self.model, self.options)
        refuse_unknown("optimizer", self.optimizer, OPTIMIZERS)
        for batch_size in self.batch_sizes:
            check_sizes(batch_size=batch_size)
        for backend in self.backends:
            refuse_unknown("backend", backend, BACKENDS)

    def measure(self, data):
        """Return shares of the peak, and images a second, per backend and batch size."""
        found = {backend: self._in_process(backend) for backend in self.backends}
        return {
            "parameters": found[self.backends[0]]["parameters"],
            "multiply_adds": found[self.backends[0]]["multiply_adds"],
            "images_per_second": {b: found[b]["images_per_second"] for b in found},
            "share_of_peak": {b: found[b]["share_of_peak"] for b in found},
            "peak_multiply_adds_per_second": found[self.backends[0]]["peak"],
        }

    def _in_process(self, backend):
        process = subprocess.run(
            [sys.executable, "-m", __name__, json.dumps(self.settings)],
            env={**os.environ, "KERAS_BACKEND": backend},
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode:
            raise RuntimeError(f"{backend} failed: {process.stderr[-2000:]}")
        return json.loads(process.stdout.splitlines()[-1])


def train_in_turns(settings):
    """Time one backend, that of this process; return what `Speed.measure` collects."""
    model = models.MODELS[settings["model"]](**settings["options"])
    images = np.random.default_rng(0).random((1024, 28, 28), np.float32)
    epochs = {}
    for batch in settings["batch_sizes"]:
        copy = keras.models.clone_model(model)
        copy.compile(
            OPTIMIZERS[settings["optimizer"]](),
            "binary_crossentropy",
            steps_per_execution=len(images) // batch,
        )
        epochs[batch] = lambda copy=copy, batch=batch: copy.fit(
            images, images, batch_size=batch, verbose=0
        )
    side = np.random.default_rng(0).random((2048, 2048), np.float32)
    jobs = {**epochs, "peak": lambda: side @ side}
    for job in jobs.values():
        job()  # compiles
    seconds = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            begin = perf_counter()
            job()
            seconds[name].append(perf_counter() - begin)
    peak = len(side) ** 3 / median(seconds.pop("peak"))
    rates = {str(b): len(images) / median(times) for b, times in seconds.items()}
    work = PASSES * multiply_adds(model)
    return {
        "parameters": model.count_params(),
        "multiply_adds": multiply_adds(model),
        "images_per_second": rates,
        "share_of_peak": {batch: rate * work / peak for batch, rate in rates.items()},
        "peak": peak,
    }


if __name__ == "__main__":
    print(json.dumps(train_in_turns(json.loads(sys.argv[1]))))
