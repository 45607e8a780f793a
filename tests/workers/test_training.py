"""Trainings that two processes share: they end as in one, whoever is killed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from convae_lib.training.checkpoint_file import CHECKPOINT, read
from convae_lib.training.workers import session, train_on_workers
from tests.library.training import resumable
from tests.workers import machine
from tests.workers.shared import (
    EPOCHS,
    STEPS,
    train_shared,
    workers,
)
from tests.workers.waits import read_process
from tools.notebooks import ROOT

pytestmark = pytest.mark.skipif(
    not Path("/proc/net/tcp").exists(), reason="looks at processes as Linux shows them"
)

TOLERANCE = 1e-6
"""Of losses: processes sum numbers in another order than one does, in float32."""


JAX = {"KERAS_BACKEND": "jax"}

ALONE = """
import json, sys
from tests.workers.shared import train_alone
print(json.dumps(train_alone(sys.argv[1])))
"""

SHARED = """
import json, signal, sys
from tests.workers.shared import train_shared
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
print(json.dumps(train_shared(*sys.argv[1:], resume=True)[1]))
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The history of the training in one process."""
    command = [sys.executable, "-c", ALONE, tmp_path_factory.mktemp("alone")]
    run = subprocess.run(
        command,
        env=os.environ | JAX,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def assert_whole(folder, history, alone):
    """Assert that a training ended as in one process, after as many steps."""
    assert history.keys() == alone.keys()
    for name, values in history.items():
        np.testing.assert_allclose(values, alone[name], rtol=TOLERANCE, err_msg=name)
    assert [*map(len, history.values())] == [EPOCHS] * 3
    about, arrays = read(Path(folder) / "run" / CHECKPOINT)
    assert (about["epoch"], about["step"]) == (EPOCHS, 0)
    assert arrays["optimizer_0"] == EPOCHS * STEPS  # the steps that it has taken
    assert os.listdir(Path(folder) / "run") == [CHECKPOINT]


def test_two_processes_end_as_one(tmp_path, alone, capfd):
    told, seen = [], []

    def progress(*place):
        told.append(place[:3])
        seen.append(machine.heard_by_others(machine.family(os.getpid())))

    model, history = train_shared(tmp_path, progress=progress)
    assert_whole(tmp_path, history, alone)
    assert told[-1] == (EPOCHS, STEPS, STEPS) and {1, 2, 3} == {e for e, *_ in told}
    assert all(found and not heard for found, heard in seen)
    assert len(workers(tmp_path)) == 2
    assert model.predict(resumable.garments().valid, verbose=0).shape == (10, 28, 28)
    assert capfd.readouterr().out == ""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["step", "before a write", "in a write"])
def test_a_killed_worker_changes_nothing(tmp_path, alone, moment):
    def kill():
        os.kill(read_process(tmp_path / "waits"), signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    told = []
    _, history = train_shared(tmp_path, moment, progress=lambda *p: told.append(p[:3]))
    killer.join()
    assert_whole(tmp_path, history, alone)
    assert told.count((1, 6, STEPS)) == 1 == told.count((EPOCHS, STEPS, STEPS))
    assert len(workers(tmp_path)) == 4  # two, and two after the kill


@pytest.mark.slow
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
def test_a_driver_that_ends_leaves_no_process_and_is_resumed(
    tmp_path, alone, start, kill
):
    killed = start(SHARED, tmp_path, "before a write", **JAX)
    waiting = read_process(tmp_path / "waits")
    family = machine.family(killed.pid)
    assert len(family) > 5 and waiting in family
    killed.send_signal(kill)
    _, error = killed.communicate(timeout=100)
    assert ("KeyboardInterrupt" in error) == (kill == signal.SIGINT)
    # Two agents of Ray try for a minute to tell the others of its end, then end too.
    assert machine.survivors(family, seconds=120) == []
    left = [*Path("/tmp").glob(f"convae-ray-{killed.pid}-*")]
    assert len(left) == (kill == signal.SIGKILL)
    about, _ = read(tmp_path / "run" / CHECKPOINT)
    assert 0 < about["epoch"] * STEPS + about["step"] < EPOCHS * STEPS
    resumed = start(SHARED, tmp_path, **JAX)
    said, error = resumed.communicate(timeout=300)
    assert resumed.returncode == 0, error
    assert_whole(tmp_path, json.loads(said), alone)
    assert not any(folder.exists() for folder in left)


def spoilt(batch, rng):
    raise KeyError("spoilt")


@pytest.mark.slow
def test_a_worker_s_own_error_is_the_caller_s(tmp_path):
    with pytest.raises(KeyError, match="spoilt"):
        train_shared(tmp_path, damage=spoilt)
    assert len(workers(tmp_path)) == 2  # it is not tried again
    assert os.listdir(tmp_path / "run") == [CHECKPOINT]  # of no step: begin anew


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (dict(optimizer="adamw"), "optimizer 'adamw' is not one of sgd, adam, muon"),
        (dict(schedule="steep"), "schedule 'steep' is not one of constant, linear"),
        (dict(loss="least"), "loss 'least' is not one of mean, sum"),
        (dict(batch_size=7), "batches of 7 images cannot be parted among 2 workers"),
        (dict(workers=0), "workers 0 must be a whole number from 1 up"),
        (dict(every=0), "every 0 must be a whole number from 1 up"),
        (dict(seed=-1), "seed -1 must be a whole number from 0 up"),
        (
            dict(address="there"),
            "address 'there' is none; give local, auto or HOST:PORT",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_is_refused_before_ray_starts(tmp_path, wrong, told):
    settings = resumable.RECIPE | dict(workers=2, folder=tmp_path / "run") | wrong
    with pytest.raises(ValueError, match=told):
        train_on_workers(resumable.build, resumable.garments(), **settings)
    assert not (tmp_path / "run").exists()


def test_another_training_s_checkpoint_is_kept(tmp_path):
    from convae_lib.training.checkpoints import train_resumable

    images, recipe = resumable.garments(), dict(optimizer="adam", learning_rate=0.01)
    train_resumable(
        resumable.build(), images, folder=tmp_path, seed=0, epochs=1, **recipe
    )
    given = dict(folder=tmp_path, epochs=1, **recipe)
    with pytest.raises(ValueError, match="is there already, of a training that is fin"):
        train_on_workers(resumable.build, images, **given)
    with pytest.raises(ValueError, match="was begun with seed 0, not 5"):
        train_on_workers(resumable.build, images, resume=True, seed=5, **given)


def test_without_ray_it_is_said_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    given = resumable.RECIPE | dict(folder=tmp_path / "run")
    with pytest.raises(ModuleNotFoundError, match=r"pip install '\.\[workers\]'"):
        train_on_workers(resumable.build, resumable.garments(), **given)
