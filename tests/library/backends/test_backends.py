"""One library under each backend of Keras: files that pass between them, equal numbers."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from itertools import permutations

import numpy as np
import pytest

from tools.notebooks import ROOT

BACKENDS = ("tensorflow", "jax", "torch")
HERE = [name for name in BACKENDS if find_spec(name)]


def python(*command, backend="tensorflow"):
    """Run Python under a backend, with one thread; return the last line it printed.

    XLA translates what runs once or twice, and spends no time on making it fast.
    """
    threads = dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"), "1")
    threads["XLA_FLAGS"] = "--xla_backend_optimization_level=0"
    done = subprocess.run(
        [sys.executable, *command],
        env=os.environ | threads | {"KERAS_BACKEND": backend},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("backends")


@pytest.fixture(scope="module")
def reports(folder):
    """Return what each backend reported; each reads what the others have written."""

    def ask(backend, *asked):
        command = ("-m", "tests.library.backends.checks", str(folder))
        return json.loads(python(*command, *asked, backend=backend))

    found, written = {}, []
    for backend in HERE:
        reads = [f"read:{other}" for other in written]
        start = [] if written else ["start"]
        found[backend] = ask(backend, *start, "write", *reads)
        written.append(backend)
    for k, backend in enumerate(HERE[:-1]):
        found[backend] |= ask(backend, *(f"read:{other}" for other in HERE[k + 1 :]))
    return found


def told(reports, backend, check):
    """Return what a check found; skip a backend that is not there."""
    if backend not in reports:
        pytest.skip(f"{backend} is not installed")
    result = reports[backend][check]
    assert not isinstance(result, str), result  # else a traceback
    return result


@pytest.mark.parametrize("backend", BACKENDS)
def test_models_have_the_same_parameters(reports, backend):
    counts = told(reports, backend, "parameters")
    assert counts["conv_autoencoder"] == 46_529 and len(counts) >= 9
    assert counts == reports["tensorflow"]["parameters"]


@pytest.mark.parametrize(("reader", "writer"), [*permutations(BACKENDS, 2)])
def test_a_file_gives_the_same_under_another_backend(reports, reader, writer):
    if writer not in reports:
        pytest.skip(f"{writer} is not installed")
    differ = dict(told(reports, reader, f"read:{writer}"))
    assert differ.pop("steps") == [2, 3]  # its optimizer goes on where it stood
    assert len(differ) >= 9 and max(differ.values()) < 1e-5


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_layer_is_its_matrix(reports, backend):
    assert max(told(reports, backend, "layers").values()) < 1e-5


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("check", ["trained", "jacobians"])
def test_trained_networks_and_jacobians_are_the_same(reports, folder, backend, check):
    told(reports, backend, check)
    ours = np.load(folder / backend / f"{check}.npy")
    theirs = np.load(folder / "tensorflow" / f"{check}.npy")
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert abs(ours).max() > 0.5


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_steps_of_each_optimizer_lead_to_the_same(reports, backend):
    found = told(reports, backend, "steps")
    for optimizer, theirs in told(reports, "tensorflow", "steps").items():
        for name, values in theirs.items():
            assert found[optimizer][name] == pytest.approx(values, rel=1e-4), optimizer
        first, second = theirs["loss_by_epoch"]
        assert second < first


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_resumed_training_ends_as_a_whole_one(reports, backend):
    assert told(reports, backend, "resumed") < 1e-6


NONE = """
import sys
{use}
print({{"keras", "tensorflow", "jax", "torch"}} & set(sys.modules))
"""


@pytest.mark.parametrize(
    "use",
    [
        "import convae_lib",
        "from convae_lib.experiments import read_records; "
        "assert read_records('results/weights.jsonl')",
        "from convae_lib.training.checkpoint_file import read_checkpoint",
    ],
)
def test_importing_and_reading_records_loads_no_backend(use):
    assert python("-c", NONE.format(use=use)) == "set()"
