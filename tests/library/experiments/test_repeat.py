"""Repeating a record: what is compared, and what two runs may differ by."""

import math
from concurrent.futures import Future

import pytest

from convae_lib.experiments import LinearCode, Race, Speed, Store
from convae_lib.experiments.repeat import repeat, tolerance
from tests.library.experiments.examples import FORMATS
from tests.library.experiments.trainings import SMALL

LINEAR = LinearCode(name="", patch=2, components=2)


def test_what_has_no_seed_may_hardly_differ():
    race = Race(name="", runner=SMALL, reference=SMALL, target=0.3, every=5)
    speed = Speed(name="", model=SMALL.model)
    assert [tolerance(e) for e in (SMALL, race, speed)] == [0.2] * 3
    assert tolerance(LINEAR) == 0.001 and tolerance(FORMATS[0]) == 0.02


class Now:
    """Stands for an executor that has finished already, with a result or an error."""

    def __init__(self, result):
        self.answer = result

    def __call__(self, jobs):
        return self

    def submit(self, run, images, models):
        future = Future()
        if isinstance(self.answer, Exception):
            future.set_exception(self.answer)
        else:
            future.set_result(self.answer)
        return future

    def shutdown(self, cancel_futures):
        pass


@pytest.mark.parametrize(
    ("key", "now", "differs"),
    [
        ("val_excess", 0.02 * 1.0009, False),
        ("val_excess", 0.02 * 1.0011, True),
        ("val_excess", 0.02 * 0.9989, True),
        ("test_mse", 0.03 * 1.0011, True),
        ("test_mse", None, True),
        ("bits_excess", [0.3, 0.1 * 1.0009], False),
        ("bits_excess", [0.3, 0.1 * 1.0011], True),
        ("bits_excess", [0.3], True),
        ("parameters", 13, True),
        ("parameters", None, True),
        ("wall_seconds", 500.0, False),
    ],
)
def test_scores_are_compared_and_times_are_told(tmp_path, key, now, differs):
    row = {"val_excess": 0.02, "test_mse": 0.03, "wall_seconds": 5.0, "parameters": 12}
    row |= {"bits": [2, 3], "bits_excess": [0.3, 0.1], "val_loss_by_epoch": [0.4]}
    row |= {"images_from": "drawn"}
    store = Store(tmp_path, {"codes": [LINEAR]})
    store.save(LINEAR.label(LINEAR.settings | row))
    executor = Now(LINEAR.settings | row | {key: now})
    ((experiment, numbers),) = repeat(store, [LINEAR.id], None, executor=executor)
    assert experiment == LINEAR
    found = {number.key: number for number in numbers}
    scores = [
        "val_excess",
        "test_mse",
        "parameters",
        "bits_excess[0]",
        "bits_excess[1]",
    ]
    assert [k for k, number in found.items() if number.compared] == scores
    assert {*found} == {*scores, "wall_seconds", "bits[0]", "bits[1]"}
    if isinstance(now, list):
        key, now = "bits_excess[1]", now[1] if now[1:] else None
    assert [k for k, number in found.items() if number.differs] == [key] * differs
    assert found[key].now == now or (now is None and math.isnan(found[key].now))


def test_a_run_that_fails_is_told(tmp_path):
    store = Store(tmp_path, {"codes": [LINEAR]})
    store.save(LINEAR.label(LINEAR.settings | {"images_from": "drawn"}))
    failed = MemoryError("no room")
    said = repeat(store, [LINEAR.id], None, executor=Now(failed))
    assert [*said] == [(LINEAR, failed)]


def test_nothing_runs_where_a_record_is_not_there(tmp_path):
    store = Store(tmp_path, {"formats": FORMATS})
    with pytest.raises(KeyError, match=FORMATS[0].id):
        next(repeat(store, [FORMATS[0].id], None, executor=None))
