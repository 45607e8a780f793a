"""Experiments as data, and what one run of them leaves behind: a record.

``experiment`` says what an experiment is and how it is told from others, ``records``
keeps one row a run, ``training``, ``closed_form``, ``race`` and ``speed`` are the
kinds of experiment, ``measures`` what a trained model can be asked. Nothing here knows
which experiments the book makes: that is the list in ``tools/questions.py``.
"""

from .closed_form import LinearCode, Lossless
from .experiment import Experiment
from .race import Race
from .records import read_records, write_records
from .speed import Speed
from .training import Training, train

__all__ = [
    "Experiment",
    "LinearCode",
    "Lossless",
    "Race",
    "Speed",
    "Training",
    "read_records",
    "train",
    "write_records",
]
