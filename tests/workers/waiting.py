"""Experiments that wait at a moment to be killed, once; Ray's workers import this file."""

import os
from dataclasses import dataclass
from pathlib import Path

from convae_lib.experiments import Experiment
from tests.workers.waits import wait_once


@dataclass(frozen=True, kw_only=True)
class Waiting(Experiment):
    """Says in a folder that it ran, and waits there once, before, in or after its run."""

    folder: str
    moment: str

    def __reduce__(self):
        return revive, (self.name, self.folder, self.moment)

    def measure(self, images, models=None):
        with (Path(self.folder) / f"{self.name}.runs").open("a") as file:
            file.write(f"{os.getpid()}\n")
        wait_at(self, "in")
        return {"mean": images.valid.mean(), "threads": os.environ["OMP_NUM_THREADS"]}

    def run(self, *given, **more):
        return Row(super().run(*given, **more), self)


Waiting.kind = "waiting"  # from here, it is not listed with those of the library


def revive(name, folder, moment):
    experiment = Waiting(name=name, folder=folder, moment=moment)
    wait_at(experiment, "before")
    return experiment


class Row(dict):
    """A record on its way back."""

    def __init__(self, row, experiment):
        super().__init__(row)
        self.experiment = experiment

    def __reduce__(self):
        wait_at(self.experiment, "after")
        return dict, ({**self},)


def wait_at(experiment, moment):
    if experiment.moment == moment:
        wait_once(Path(experiment.folder) / f"{experiment.name}.waits")
