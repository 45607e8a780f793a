"""Trainings that are killed: what they end with, and what is refused to go on from."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from math import isnan
from pathlib import Path

import keras
import numpy as np
import pytest

from convae_lib.checks import write_whole
from convae_lib.data import Images
from convae_lib.training.checkpoints import (
    CHECKPOINT,
    read_checkpoint,
    train_resumable,
)
from tests.library.training.resumable import noisy, state
from tools.notebooks import ROOT

# Trains, and at a moment says "here" and waits to be killed. At no moment, it goes on from
# the checkpoint, trains once more in another folder, and says where the two differ.
TRAINING = """
import os, random, sys, time
import numpy as np
import tensorflow as tf
from convae_lib.training.checkpoints import train_resumable
from tests.library.training.resumable import RECIPE, build, garments, noisy, state

tf.config.experimental.enable_op_determinism()
folder, moment, place = sys.argv[1], sys.argv[2], int(sys.argv[3])

def wait_at(function):
    def run(*args, **options):
        global place
        place -= 1
        if place == 0:
            print("here", flush=True)
            time.sleep(100)
        return function(*args, **options)
    return run

progress = wait_at(lambda *args: None) if moment == "step" else None
if moment in ("fsync", "replace"):
    setattr(os, moment, wait_at(getattr(os, moment)))

def train(folder):
    model = build()
    options = dict(every=6, progress=progress, damage=noisy, epochs=3, resume=True)
    history = train_resumable(model, garments(), folder=folder, **options, **RECIPE)
    return [*state(model), *map(np.array, history.values()), random.random(), np.random.rand()]

resumed, whole = train(folder), train(folder + "/whole")
print(len(resumed), [k for k, (a, b) in enumerate(zip(resumed, whole)) if not np.array_equal(a, b)])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills as POSIX does")
@pytest.mark.parametrize(
    ("moment", "place", "position"),
    [
        # The steps of an epoch are 6, 6 and 3; after each there is a checkpoint.
        pytest.param("step", 2, (0, 6), marks=pytest.mark.slow, id="in an epoch"),
        pytest.param("fsync", 5, (1, 0), id="between two epochs, before the next file"),
        pytest.param("replace", 6, (1, 6), marks=pytest.mark.slow, id="in a write"),
    ],
)
def test_a_killed_training_ends_as_one_that_was_not(tmp_path, moment, place, position):
    def start(*moment):
        command = [sys.executable, "-c", TRAINING, str(tmp_path), *moment]
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "KERAS_BACKEND": "tensorflow",
        }
        pipes = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return subprocess.Popen(command, env=environment, cwd=ROOT, **pipes)

    killed = start(moment, str(place))
    said = killed.stdout.readline()
    killed.send_signal(signal.SIGKILL)
    _, error = killed.communicate(timeout=60)
    assert (said, killed.returncode) == ("here\n", -signal.SIGKILL), error
    about = read_checkpoint(tmp_path)
    assert (about["epoch"], about["step"]) == position
    half = [file for file in os.listdir(tmp_path) if file.endswith(".part")]
    assert len(half) == (moment != "step")
    resumed = start("never", "0")
    said, error = resumed.communicate(timeout=300)
    assert resumed.returncode == 0, error
    count, differ = said.split(" ", 1)
    assert int(count) > 20 and differ == "[]\n"
    assert sorted(os.listdir(tmp_path)) == [CHECKPOINT, "whole"]


# The rest needs no process of its own: four pixels, and an order that shows.
BLACK, GREY = np.zeros((20, 2, 2), np.float32), np.full((8, 2, 2), 0.4, np.float32)
IMAGES = Images(train=BLACK, valid=GREY, test=GREY)
SMALL = dict(optimizer="adam", learning_rate=0.1, batch_size=3, epochs=2)


def small(seed=1, units=2):
    keras.utils.set_random_seed(seed)
    dense = keras.layers.Dense(units, activation="sigmoid")
    return keras.Sequential([keras.Input((2, 2)), dense])


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory):
    """Return the folder of a small training that was interrupted in its second epoch."""
    folder = tmp_path_factory.mktemp("interrupted")

    def progress(epoch, step, *_):
        if (epoch, step) == (2, 6):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_resumable(
            small(), IMAGES, folder=folder, every=3, progress=progress, **SMALL
        )
    about = read_checkpoint(folder)
    assert (about["epoch"], about["step"]) == (1, 3)
    return folder


@pytest.fixture
def begun(interrupted, tmp_path):
    """Return a copy of that folder."""
    return Path(shutil.copytree(interrupted, tmp_path / "begun"))


def test_where_checkpoints_lie_changes_nothing(tmp_path, begun):
    one = small()
    log = train_resumable(one, IMAGES, folder=tmp_path / "one", **SMALL)
    other = small()
    options = dict(folder=begun, every=2, resume=True)
    again = train_resumable(other, IMAGES, **options, **SMALL)
    for ours, theirs in zip(state(one), state(other), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert {*log} == {*again}
    for name, values in log.items():
        assert values == pytest.approx(again[name], rel=1e-5) and len(values) == 2
    assert log["loss_by_epoch"][1] < log["loss_by_epoch"][0]


def test_a_finished_training_is_not_trained_again(tmp_path):
    first = small()
    log = train_resumable(first, IMAGES, folder=tmp_path, **SMALL)
    drawn = random.random(), np.random.rand()
    second = small()
    again = train_resumable(second, IMAGES, folder=tmp_path, resume=True, **SMALL)
    assert again == log and (random.random(), np.random.rand()) == drawn
    assert all(map(np.array_equal, state(first), state(second)))
    assert int(second.optimizer.iterations) == 14
    with pytest.raises(ValueError, match=r"is there already, .* finished \(2 epochs\)"):
        train_resumable(small(), IMAGES, folder=tmp_path, **SMALL)


def test_progress_is_told_with_the_time_left(tmp_path):
    told = []
    options = dict(folder=tmp_path, every=5, loss="sum")
    log = train_resumable(
        small(), IMAGES, **options, **SMALL, progress=lambda *now: told.append(now)
    )
    assert [now[:3] for now in told] == [(1, 5, 7), (1, 7, 7), (2, 5, 7), (2, 7, 7)]
    losses = [loss for _, step, steps, loss, _ in told if step == steps]
    assert losses == pytest.approx(log["loss_by_epoch"])
    first, *others, last = [left for *_, left in told]
    assert isnan(first) and last == 0 and min(others) > 0


def test_a_loss_that_is_no_number_ends_it_and_is_not_kept(tmp_path):
    model = small()
    model.set_weights([np.full((2, 2), np.nan), np.zeros(2)])
    log = train_resumable(model, IMAGES, folder=tmp_path, **SMALL)
    assert len(log["loss_by_epoch"]) == 1 and np.isnan(log["loss_by_epoch"][0])
    assert read_checkpoint(tmp_path)["epoch"] == 0


FLIPPED = 400  # a byte in the middle of what is stored


@pytest.mark.parametrize("damage", ["half", "flipped", "empty", "foreign", "pickled"])
def test_a_damaged_checkpoint_is_refused_by_name(begun, damage):
    path = begun / CHECKPOINT
    whole = path.read_bytes()
    if damage == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "flipped":
        path.write_bytes(
            whole[:FLIPPED] + bytes([whole[FLIPPED] ^ 1]) + whole[FLIPPED + 1 :]
        )
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "foreign":
        with path.open("wb") as file:
            np.savez(file, kernel=np.eye(2))
    else:
        with path.open("wb") as file:
            np.savez(file, about=np.array([None]))
    damaged = path.read_bytes()
    with pytest.raises(ValueError, match="is damaged or no checkpoint") as refused:
        train_resumable(small(), IMAGES, folder=begun, resume=True, **SMALL)
    assert str(path) in str(refused.value) and "\n" not in str(refused.value)
    assert path.read_bytes() == damaged  # it is the user's to remove


OTHER = Images(train=BLACK, valid=GREY + np.float32(1e-6), test=GREY, name="others")


@pytest.mark.parametrize(
    ("model", "images", "change", "told"),
    [
        (dict(units=1), IMAGES, {}, r"another model: .*6 param.*, not .*3 param"),
        (dict(), OTHER, {}, r"other images: images \(20 .*\), not others \(20"),
        (dict(seed=2), IMAGES, {}, r"begun with seed \d+, not \d+; set the same"),
        (dict(), IMAGES, dict(epochs=3), "begun with epochs 2, not 3"),
        (dict(), IMAGES, dict(learning_rate=0.2), "learning_rate 0.1, not 0.2"),
        (dict(), IMAGES, dict(damage=noisy), "with damage None, not 'noisy'"),
    ],
)
def test_another_training_is_not_gone_on_with(begun, model, images, change, told):
    before = (begun / CHECKPOINT).read_bytes()
    with pytest.raises(ValueError, match=told) as refused:
        train_resumable(
            small(**model), images, folder=begun, resume=True, **SMALL | change
        )
    assert "\n" not in str(refused.value) and CHECKPOINT in str(refused.value)
    assert (begun / CHECKPOINT).read_bytes() == before


def test_a_full_disk_is_one_line_and_the_checkpoint_before_stays(tmp_path, monkeypatch):
    def train(**options):
        options = dict(folder=tmp_path, every=3) | options
        return train_resumable(small(), IMAGES, **options, **SMALL)

    def full_after(writes):
        left = iter([True] * writes)

        def fsync(number):
            if not next(left, False):
                raise OSError(errno.ENOSPC, "No space left on device")
            on_disk(number)

        return fsync

    on_disk = os.fsync

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_after(0))
        with pytest.raises(OSError, match="No space left on device.: nothing is tra"):
            train()
        assert os.listdir(tmp_path) == []
        patch.setattr(os, "fsync", full_after(4))
        with pytest.raises(OSError, match="the checkpoint before it is whole") as told:
            train()
    assert str(told.value).startswith(str(tmp_path / CHECKPOINT))
    assert os.listdir(tmp_path) == [CHECKPOINT]
    about = read_checkpoint(tmp_path)
    assert (about["epoch"], about["step"]) == (1, 0)
    assert len(train(resume=True)["loss_by_epoch"]) == 2


def test_what_cannot_be_begun_is_refused_before_anything_is_written(tmp_path):
    write_whole(tmp_path / "file", "")
    unbuilt = keras.Sequential([keras.layers.Dense(2)])
    for model, change, told in (
        (small(), dict(folder=tmp_path / "file"), "file is a file; give a folder"),
        (unbuilt, {}, "is not built"),
        (small(), dict(loss="hinge"), "loss 'hinge' is not one of mean, sum"),
        (small(), dict(epochs=0), "epochs 0 must be"),
        (small(), dict(every=0), "every 0 must be"),
        (small(), dict(seed=-1), "seed -1 must be"),
        (small(), dict(optimizer="lion"), "optimizer 'lion' is not one of"),
    ):
        with pytest.raises(ValueError, match=told):
            train_resumable(
                model, IMAGES, **dict(folder=tmp_path / "new") | SMALL | change
            )
    with pytest.raises(TypeError, match="epoch"):
        train_resumable(small(), IMAGES, folder=tmp_path / "new", epoch=3, **SMALL)
    assert os.listdir(tmp_path) == ["file"]


class Read:
    """Images that are read in batches, as `ImageFiles` are."""

    def __init__(self, images):
        self.images, self.shape = images, images.shape

    def __len__(self):
        return len(self.images)

    def __getitem__(self, rows):
        return self.images[rows]


def test_images_that_are_read_in_batches_train_alike_and_are_known_again(tmp_path):
    x = np.random.default_rng(0).random((28, 2, 2), np.float32)
    images = Images(train=Read(x[:20]), valid=Read(x[20:]), test=x)
    arrays = Images(train=x[:20], valid=x[20:], test=x)
    log = train_resumable(small(), images, folder=tmp_path / "read", **SMALL)
    same = train_resumable(small(), arrays, folder=tmp_path / "whole", **SMALL)
    assert log["loss_by_epoch"] == pytest.approx(same["loss_by_epoch"])
    assert log["val_loss_by_epoch"] == pytest.approx(same["val_loss_by_epoch"], 1e-5)
    options = dict(folder=tmp_path / "read", resume=True)
    assert train_resumable(small(), images, **options, **SMALL) == log
    images.train.images[7] = 0
    with pytest.raises(ValueError, match="is of other images"):
        train_resumable(small(), images, **options, **SMALL)
