"""Running the experiment of a record again, and what the two may differ by."""

from dataclasses import dataclass

from .sweep import finished, processes

__all__ = ["Comparison", "repeat", "tolerance"]

SCORES = ("val_", "test_", "bits_per_image")  # what is compared: how these begin

# Largest relative difference of a score that is allowed when a run is repeated. Seeds do
# not carry over between machines, so that trainings differ most.
TRAINING_TOLERANCE = 0.2
TOLERANCES = {
    "linear_code": 0.001,  # no seed, and rounding errors only
    "lossless": 0.02,  # compressors differ a little
}


def tolerance(experiment):
    """Return the largest relative difference of its scores that is allowed."""
    return TOLERANCES.get(experiment.kind, TRAINING_TOLERANCE)


@dataclass(frozen=True)
class Comparison:
    """A number of a record, and the same of its repetition.

    Attributes
    ----------
    key : str
    stored, now : float
        ``now`` is not a number where the repeated run has none.
    differs : bool
        True for a score whose relative difference is beyond the tolerance.
    """

    key: str
    stored: float
    now: float
    differs: bool


def repeat(store, ids, images, *, executor=processes, models=None):
    """Run the experiments of some records again, one at a time.

    Parameters
    ----------
    store, images, executor
        As in `sweep`.
    ids : list of str
    models : dict of str to callable, optional
        As in `Experiment.run`.

    Yields
    ------
    experiment : Experiment
    comparisons : list of Comparison or Exception
        One for each number of the record that is not a setting, or what ended the run.

    Raises
    ------
    KeyError
        If there is no such record; nothing is run then.
    """
    rows, known = store.rows(), store.experiments
    for id in ids:
        if id not in rows or id not in known:
            raise KeyError(id)
    again = [known[id] for id in ids]
    for experiment, future in finished(again, (images, models), executor, 1):
        if failed := future.exception():
            yield experiment, failed
            continue
        now = future.result()
        yield (
            experiment,
            [
                _compared(experiment, key, value, now.get(key))
                for key, value in rows[experiment.id].items()
                if isinstance(value, float) and key not in experiment.settings
            ],
        )


def _compared(experiment, key, stored, now):
    now = float("nan") if now is None else now
    close = abs(now - stored) <= tolerance(experiment) * abs(stored)
    return Comparison(key, stored, now, key.startswith(SCORES) and not close)
