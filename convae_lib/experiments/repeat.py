"""Running the experiment of a record again, and what the two may differ by."""

from dataclasses import dataclass

from .sweep import finished, processes

__all__ = ["Comparison", "repeat", "tolerance"]

# What is compared: how scores begin, and sizes, which are equal. All else is told: times.
SCORES = ("val_", "test_", "train_excess", "train_mse", "bits_", "file_", "picture_")
SCORES += ("weave", "auroc", "unlabelled_")
SIZES = ("code_size", "parameters", "multiply_adds")

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
        With its place, as in "bits_excess[0]", where the record has a list.
    stored, now : float
        ``now`` is not a number where the repeated run has none.
    compared : bool
        True for scores and sizes; times are told only.
    differs : bool
        True for a score whose relative difference is beyond the tolerance, and for a
        size that is another one.
    """

    key: str
    stored: float
    now: float
    compared: bool
    differs: bool


def repeat(store, ids, images, *, executor=processes, models=None):
    """Run the experiments of some records again, one at a time.

    Each is a new process, as in `sweep`: in a script, call it under
    ``if __name__ == "__main__":``.

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
        One for each number of the record that is no setting, or what ended the run.
        Scores of single epochs are left out: the last is the score.

    Raises
    ------
    KeyError
        At the first result, if there is no such record; nothing is run then.

    Examples
    --------
    See `sweep`.
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
        stored, now = (
            _numbers(row, experiment.settings)
            for row in (rows[experiment.id], future.result())
        )
        yield (
            experiment,
            [_compared(experiment, key, stored[key], now.get(key)) for key in stored],
        )


def _numbers(row, settings):
    """Return the numbers of a record that are no settings, those of lists by place."""
    numbers = {}
    for key, value in row.items():
        if key in settings or key.endswith("_by_epoch"):
            continue
        several = isinstance(value, list)
        for place, number in enumerate(value if several else [value]):
            if isinstance(number, int | float):
                numbers[f"{key}[{place}]" if several else key] = number
    return numbers


def _compared(experiment, key, stored, now):
    now = float("nan") if now is None else now
    size, score = key.endswith(SIZES), key.startswith(SCORES)
    allowed = 0 if size else tolerance(experiment) * abs(stored)
    close = abs(now - stored) <= allowed
    return Comparison(key, stored, now, size or score, (size or score) and not close)
