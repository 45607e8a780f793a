"""Sweeps on Ray: nothing lost, nothing twice, nothing that listens to others."""

import dataclasses
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from convae_lib.experiments import Store, read_records, sweep
from convae_lib.experiments.cluster import on_ray
from convae_lib.training.workers import session
from tests.library.experiments.examples import FORMATS, Here, drawn_images
from tests.workers import machine
from tests.workers.waiting import Waiting
from tests.workers.waits import read_process
from tools.notebooks import ROOT

pytestmark = pytest.mark.skipif(
    not Path("/proc/net/tcp").exists(), reason="looks at processes as Linux shows them"
)


def temporary_folders():
    return {*Path("/tmp").glob(f"convae-ray-{os.getpid()}-*")}


@pytest.mark.parametrize(
    "moments",
    [["in"], pytest.param(["before", "in", "after"], marks=pytest.mark.slow)],
    ids=" ".join,
)
def test_a_killed_worker_loses_no_record_and_doubles_none(tmp_path, capfd, moments):
    asked = [
        Waiting(name=f"waiting {moment}", folder=str(tmp_path), moment=moment)
        for moment in [*moments, "never"]
    ]
    failing = Waiting(name="failing", folder=str(tmp_path / "nowhere"), moment="never")
    timed = dataclasses.replace(FORMATS[0], name="timed")
    object.__setattr__(timed, "alone", True)
    given = [timed, *asked, failing]
    store, seen, begun = Store(tmp_path / "records", {"waiting": given}), [], []

    def here(jobs):
        begun.append(jobs)
        return Here(jobs)

    def kill():
        for experiment in asked[:-1]:
            waiting = read_process(tmp_path / f"{experiment.name}.waits")
            seen.append(machine.heard_by_others(machine.family(os.getpid())))
            os.kill(waiting, signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    images = drawn_images()
    ran = [*sweep(store, given, images, executor=on_ray("local"), jobs=2, alone=here)]
    killer.join()
    outcomes = {experiment.id: outcome for experiment, outcome in ran}
    assert len(ran) == len(given) and outcomes.keys() == {e.id for e in given}
    assert ran[-1][0] is timed and begun == [1]  # last, and where the caller says
    assert isinstance(outcomes[failing.id], FileNotFoundError)
    timing, *rows = read_records(tmp_path / "records" / "waiting.jsonl")
    assert [row["name"] for row in rows] == [e.name for e in asked]
    assert {row["mean"] for row in rows} == {float(f"{images.valid.mean():.6g}")}
    assert {row["threads"] for row in rows} == {"1"}
    runs = {e.moment: (tmp_path / f"{e.name}.runs").read_text().split() for e in asked}
    counts = {"before": 1, "in": 2, "after": 2, "never": 1}
    assert {k: len({*v}) for k, v in runs.items()} == {k: counts[k] for k in runs}
    assert seen and all(found and not heard for found, heard in seen)
    assert not temporary_folders()
    assert capfd.readouterr().out == ""


SWEEP = """
import signal, sys
from tests.library.experiments.examples import drawn_images
from tests.workers.waiting import Waiting
from convae_lib.experiments import Store, sweep
from convae_lib.experiments.cluster import on_ray

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
folder, *moments = sys.argv[1:]
asked = [Waiting(name=name, folder=folder, moment=name) for name in moments]
store = Store(folder + "/records", {"waiting": asked})
missing = store.missing(["waiting"])
for experiment, row in sweep(store, missing, drawn_images(), executor=on_ray(), jobs=2):
    print(experiment.name, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
def test_a_driver_that_ends_leaves_no_process_and_goes_on_with_what_is_missing(
    tmp_path, start, kill
):
    moments = ["never", "in"]
    killed = start(SWEEP, tmp_path, *moments)
    assert killed.stdout.readline() == "never\n"
    waiting = read_process(tmp_path / "in.waits")
    family = machine.family(killed.pid)
    assert len(family) > 5 and waiting in family
    os.killpg(killed.pid, kill)  # as a terminal does
    killed.communicate(timeout=60)
    assert machine.survivors(family, seconds=60) == []
    left = [*Path("/tmp").glob(f"convae-ray-{killed.pid}-*")]
    assert len(left) == (kill == signal.SIGKILL)
    resumed = start(SWEEP, tmp_path, *moments)
    said, error = resumed.communicate(timeout=120)
    assert (resumed.returncode, said) == (0, "in\n"), error
    assert not any(folder.exists() for folder in left)
    rows = read_records(tmp_path / "records" / "waiting.jsonl")
    assert [row["name"] for row in rows] == moments
    runs = {name: (tmp_path / f"{name}.runs").read_text().split() for name in moments}
    assert {name: len(numbers) for name, numbers in runs.items()} == {
        "never": 1,
        "in": 2,
    }


@pytest.mark.slow
def test_a_lost_machine_s_task_is_run_on_another(tmp_path, monkeypatch):
    from ray._private import ray_constants
    from ray.cluster_utils import Cluster

    monkeypatch.setattr(ray_constants, "ENABLE_RAY_CLUSTER", False)  # at 127.0.0.1
    asked = [Waiting(name="in", folder=str(tmp_path), moment="in")]
    store = Store(tmp_path / "records", {"waiting": asked})
    cluster = Cluster(initialize_head=True, head_node_args=dict(num_cpus=0))
    machines = [cluster.add_node(num_cpus=1) for _ in range(2)]
    lost = []

    def lose():
        waiting = read_process(tmp_path / "in.waits")
        for each in machines:
            (raylet,) = each.all_processes[ray_constants.PROCESS_TYPE_RAYLET]
            if waiting in machine.family(raylet.process.pid):
                lost.append(each)
        cluster.remove_node(*lost, allow_graceful=False)

    loser = Thread(target=lose)
    loser.start()
    try:
        executor = on_ray(cluster.address)
        ((_, row),) = sweep(store, asked, drawn_images(), executor=executor)
        loser.join()
        (other,) = {*machines} - {*lost}
        assert other.any_processes_alive()  # it is not ours to end
    finally:
        cluster.shutdown()
    assert store.rows() == {asked[0].id: row}
    assert len({*(tmp_path / "in.runs").read_text().split()}) == 2


@pytest.mark.parametrize(
    "address", ["", "everywhere", "10.0.0.7", "ray://10.0.0.7:10001", "a:b", None, 6379]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match=f"address {re.escape(repr(address))} is none"):
        on_ray(address)


def test_without_ray_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install '\.\[workers\]'"):
        on_ray()


def test_where_no_cluster_answers_it_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    store = Store(tmp_path, {"formats": FORMATS})
    running = sweep(
        store, FORMATS, drawn_images(), executor=on_ray(f"127.0.0.1:{port}")
    )
    with pytest.raises(
        ConnectionError, match=f"no cluster of Ray answers at .*:{port}"
    ):
        next(running)
    assert not temporary_folders()


@pytest.mark.parametrize("module", ["training.workers", "experiments.cluster"])
def test_importing_loads_neither_ray_nor_keras(module):
    code = (
        f"import sys, convae_lib.{module}; print({{'ray', 'keras'}} & {{*sys.modules}})"
    )
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"
