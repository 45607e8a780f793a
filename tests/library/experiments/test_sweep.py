"""Sweeps: nothing twice, nothing lost, and what a repetition may differ by."""

import dataclasses
import errno
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from convae_lib.experiments import Store, read_records, sweep, write_records
from convae_lib.experiments.sweep import expected_seconds
from tests.library.experiments.examples import FORMATS, Here
from tests.library.experiments.trainings import SMALL
from tools.notebooks import ROOT
from tools.reproduce import tell_repeat, tell_sweep


def test_a_sweep_repeats_nothing_and_makes_what_was_deleted(tmp_path, capsys, images):
    store = Store(tmp_path, {"formats": FORMATS})
    assert tell_sweep(store, store.missing(["formats"]), images, jobs=2) == 0
    assert "[3/3]" in capsys.readouterr().out
    assert store.missing(["formats"]) == []
    path = tmp_path / "formats.jsonl"
    rows = read_records(path)
    assert [row["name"] for row in rows] == ["raw", "gzip", "png"]
    assert rows[0]["bits_per_image"] == 784 * 8
    write_records(path, [rows[0], rows[2]])
    assert store.missing(["formats"]) == FORMATS[1:2]
    assert expected_seconds(FORMATS[1], store.rows()) == 120
    tell_sweep(store, store.missing(["formats"]), images, jobs=1)
    made = read_records(path)
    assert made[::2] == rows[::2]
    assert made[1]["bits_per_image"] == rows[1]["bits_per_image"]
    capsys.readouterr()
    assert tell_repeat(store, [FORMATS[2].id], images) == 0
    told = capsys.readouterr().out
    assert FORMATS[2].id in told and "every score is within 2.0%" in told
    assert re.search(r"bits_per_image\s+([\d.]+)\s+\1\s+\+0\n", told)
    write_records(path, [rows[0], rows[1], rows[2] | {"bits_per_image": 1000.0}])
    assert tell_repeat(store, [FORMATS[2].id], images) == 1
    assert "more than 2.0% apart: bits_per_image" in capsys.readouterr().out
    with pytest.raises(KeyError, match="r0"):
        tell_repeat(store, ["r0"], images)


def test_a_longer_training_is_expected_to_take_longer():
    rows = {SMALL.id: {**SMALL.settings, "wall_seconds": 10.0}}
    rows["untimed"] = {**SMALL.settings}
    longer = dataclasses.replace(SMALL, epochs=4, images=1280, seed=2)
    assert expected_seconds(longer, rows) == pytest.approx(40)


def test_what_is_timed_runs_alone_and_last(tmp_path, images):
    timed = [dataclasses.replace(FORMATS[0], name="timed")]
    object.__setattr__(timed[0], "alone", True)
    begun = []

    class Told(Here):
        def __init__(self, jobs):
            begun.append(jobs)

        def submit(self, run, *given):
            begun.append(run.__self__.name)
            return super().submit(run, *given)

    asked = [*timed, *FORMATS[1:]]
    store = Store(tmp_path, {"formats": asked})
    assert len([*sweep(store, asked, images, executor=Told, jobs=3)]) == 3
    assert begun == [3, "gzip", "png", 1, "timed"]


@pytest.fixture
def full_disk(monkeypatch):
    """A disk on which there is room for some writes only."""

    def make(room):
        left = iter(room)

        def fsync(number, fsync=os.fsync):
            if not next(left, False):
                raise OSError(errno.ENOSPC, "No space left on device")
            fsync(number)

        monkeypatch.setattr(os, "fsync", fsync)

    return make


def test_a_full_disk_ends_no_sweep_and_its_record_is_saved_with_the_next(
    tmp_path, images, full_disk
):
    store = Store(tmp_path, {"formats": FORMATS})
    full_disk([False, True, False, True])
    with pytest.warns(UserWarning, match="No space left") as told:
        ran = dict(sweep(store, FORMATS, images, executor=Here))
    assert all(isinstance(outcome, dict) for outcome in ran.values())
    assert len(told) == 2
    for experiment, warning in zip([*ran][::2], told):
        assert str(warning.message).endswith(
            f": {experiment.id} is kept, and saved with the next record; make room for it"
        )
    assert store.rows() == {e.id: row for e, row in ran.items()}
    assert not [*tmp_path.glob(".*.part")]


def test_what_could_not_be_saved_in_the_end_is_told_line_by_line(
    tmp_path, images, full_disk
):
    store = Store(tmp_path, {"formats": FORMATS})
    full_disk([True])
    with pytest.warns(UserWarning, match="No space left") as told:
        ran = dict(sweep(store, FORMATS, images, executor=Here))
    assert [*store.rows()] == [[*ran][0].id]
    head, *lines = str(told[-1].message).splitlines()
    path = tmp_path / "formats.jsonl"
    assert head.endswith(f"when there is room, add these lines to {path}:")
    with path.open("a") as file:
        file.write("\n".join(lines))
    assert store.missing(["formats"]) == []
    assert store.rows() == {e.id: row for e, row in ran.items()}


def test_a_sweep_that_is_stopped_saves_what_waits(tmp_path, images, full_disk):
    store = Store(tmp_path, {"formats": FORMATS})
    full_disk([False, True])
    running = sweep(store, FORMATS, images, executor=Here)
    with pytest.warns(UserWarning, match="No space left"):
        next(running)
    running.close()
    assert len(store.rows()) == 1


def test_nothing_runs_whose_record_could_not_be_kept(tmp_path, images):
    store = Store(tmp_path, {"formats": FORMATS})
    with pytest.raises(ValueError, match=f"no question asks for {SMALL.id}"):
        next(sweep(store, [FORMATS[0], SMALL], images, executor=None))
    store.save(FORMATS[0].label({"images_from": "Fashion-MNIST"}))
    with pytest.raises(
        ValueError, match="records from Fashion-MNIST.*from drawn in an"
    ):
        next(sweep(store, FORMATS[1:], images, executor=None))


def test_records_of_images_that_are_asked_for_stand_beside_others(tmp_path, images):
    mine = dataclasses.replace(FORMATS[0], images_from="mine")
    store = Store(tmp_path, {"formats": FORMATS, "mine": [mine]})
    store.save(FORMATS[0].label({"images_from": images.name}))
    store.save(mine.label({"images_from": "mine"}))
    done = [
        row["images_from"]
        for _, row in sweep(store, FORMATS[1:2], images, executor=Here)
    ]
    assert done == [images.name]
    own = dataclasses.replace(images, name="mine")
    done = [row["images_from"] for _, row in sweep(store, [mine], own, executor=Here)]
    assert done == ["mine"]


KILLED = """
import sys
from pathlib import Path
from convae_lib.experiments import Store, sweep
from tests.library.experiments.examples import FORMATS, drawn_images

if __name__ == "__main__":
    store = Store(Path(sys.argv[1]), {"formats": FORMATS})
    for _ in sweep(store, store.missing(["formats"]), drawn_images()):
        pass
"""


def test_a_killed_sweep_keeps_what_was_finished(tmp_path, images):
    script = tmp_path / "sweep_formats.py"
    script.write_text(KILLED)
    path = tmp_path / "formats.jsonl"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        env=environment,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 120
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    store = Store(tmp_path, {"formats": FORMATS})
    kept = read_records(path)
    assert 1 <= len(kept) < 3
    assert store.missing(["formats"]) == FORMATS[len(kept) :]
    assert tell_sweep(store, store.missing(["formats"]), images, jobs=1) == 0
    assert read_records(path)[: len(kept)] == kept
