"""What a training runs on."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import keras
import pytest

from convae_lib.training import devices
from convae_lib.training.devices import (
    describe_device,
    describe_versions,
    graphics_cards,
)

COUNTED = """
from convae_lib.training.devices import describe_device, use_threads
use_threads(COUNT)
import tensorflow as tf
tf.linalg.matmul(tf.ones((600, 600)), tf.ones((600, 600)))
print(describe_device())
import os
tasks = os.listdir("/proc/self/task")
names = [open(f"/proc/self/task/{task}/comm").read().strip() for task in tasks]
print(sum(name == "tf_Compute" for name in names))
"""


def test_versions_are_those_of_what_computes():
    found = describe_versions()
    assert found["keras"] == keras.__version__
    assert list(found) == ["python", "keras", keras.config.backend(), "numpy"]
    assert found["numpy"] == version("numpy")


def test_what_computes_without_keras_says_so():
    code = "from convae_lib.training.devices import *; import sys; print("
    code += "*describe_versions(), bool(describe_device()), 'keras' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout == "python numpy True False\n"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are in /proc")
def test_a_process_computes_with_the_threads_it_is_given():
    count = 3  # more than a small machine takes by itself
    code = COUNTED.replace("COUNT", str(count))
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    described, counted = run.stdout.splitlines()
    assert counted == str(count)
    if not graphics_cards():
        assert f", {count} of " in described


@pytest.mark.parametrize("backend", ["jax", "tensorflow"])
def test_a_backend_that_has_no_card_names_the_processor(backend):
    code = "import keras; from convae_lib.training.devices import *; "
    code += "print(graphics_cards(), '|', describe_device())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    cards, _, device = run.stdout.strip().partition(" | ")
    assert cards == "[]" and " of " in device and "gpu" not in device


@pytest.mark.parametrize("listed", [["gpu:0", "gpu:1"], ["cuda:0", "cuda:1"]])
@pytest.mark.parametrize("named", [["NVIDIA L4", "Tesla T4"], []])
def test_cards_have_their_names_where_they_are_known(monkeypatch, listed, named):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["cpu:0", *listed])
    monkeypatch.setattr(devices, "_card_names", lambda: named)
    assert graphics_cards() == (named or listed)
    assert describe_device() == (named or listed)[0]
