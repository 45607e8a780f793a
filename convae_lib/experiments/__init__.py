"""Experiments as data, and what one run of them leaves behind: a record.

``experiment`` says what an experiment is and how it is told from others, ``records``
keeps one row a run and ``store`` a folder of them, ``sweep`` runs what has no row yet,
``repeat`` compares a second run with a row. ``training``, ``closed_form``, ``repair``,
``odd_ones``, ``race`` and ``speed`` are the kinds of experiment. Nothing here knows which experiments somebody makes, on which images, or
where the records lie: it is handed them. The book's own are listed in
``results/questions.py``.
"""

from .closed_form import LinearCode, Lossless
from .experiment import Experiment
from .odd_ones import OddByRule, OddOnes
from .race import Race
from .records import read_records, write_records
from .repair import RepairByRule
from .repeat import repeat
from .speed import Speed
from .store import Store
from .sweep import processes, sweep
from .training import Training

__all__ = [
    "Experiment",
    "LinearCode",
    "Lossless",
    "OddByRule",
    "OddOnes",
    "Race",
    "RepairByRule",
    "Speed",
    "Store",
    "Training",
    "processes",
    "read_records",
    "repeat",
    "sweep",
    "write_records",
]
