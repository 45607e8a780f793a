"""Experiments as data, and what one run of them leaves behind: a record.

``task`` says what an experiment is and how it is told from others, ``records``
keeps one row a run, ``training``, ``closed_form``, ``race`` and ``speed`` are the
kinds of experiment, ``measures`` what a trained model can be asked. Nothing here knows
which experiments the book makes: that is the list in ``tools/questions.py``.
"""

from .closed_form import LinearCode, Lossless
from .race import Race
from .records import read_records, write_records
from .speed import Speed
from .task import Task
from .training import Training, train

__all__ = [
    "LinearCode",
    "Lossless",
    "Race",
    "Speed",
    "Task",
    "Training",
    "read_records",
    "train",
    "write_records",
]
