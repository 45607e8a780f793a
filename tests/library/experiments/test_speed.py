"""Speeds: a share of the machine's peak, for each backend."""

import sys

import pytest

from convae_lib.experiments import Speed
from tests.library.experiments.trainings import SMALL


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Speed(name="", model="nope"), "model 'nope' is not one of"),
        (lambda: Speed(name="", model=SMALL.model, options={"k": 1}), "do not fit"),
        (lambda: Speed(name="", model=SMALL.model, batch_sizes=(0,)), "batch_size 0"),
        (lambda: Speed(name="", model=SMALL.model, optimizer="x"), "optimizer 'x' is"),
        (
            lambda: Speed(name="", model=SMALL.model, backends=("nonsense",)),
            "backend 'nonsense' is not one of",
        ),
    ],
)
def test_a_speed_that_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.alone
def test_speed_is_a_share_of_the_peak(images, monkeypatch):
    task = Speed(
        name="speed",
        model=SMALL.model,
        batch_sizes=(128,),
        backends=("tensorflow",),
    )
    row = task.run(images)
    rate = row["images_per_second"]["tensorflow"]["128"]
    share = 3 * row["multiply_adds"] * rate / row["peak_multiply_adds_per_second"]
    assert row["share_of_peak"]["tensorflow"]["128"] == pytest.approx(share, rel=1e-4)
    assert 0 < share < 1
    assert row["cpu_seconds"] > 1  # those of the process that trains are in it
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="tensorflow failed"):
        task.measure(images)
