"""The command behind ``make gpu``: what it writes, and what it refuses without a card."""

import json

import pytest

from convae_lib.data.fashion_mnist.loader import NAME, STAND_IN, FashionMNIST
from convae_lib.experiments import Training
from convae_lib.experiments.records import digest
from convae_lib.training import cards, devices, profile
from tests.library.experiments.examples import drawn_images
from tools import gpu

CARD = "NVIDIA A100-SXM4-40GB"
TINY = Training(
    name="tiny",
    model="dense_autoencoder",
    options={"code_size": 2, "hidden": 4},
    optimizer="sgd",
    learning_rate=1.0,
    schedule="constant",
)
WAY = {"change": "none", "images_per_second": 1e6, "device": CARD}


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command on a card in name only, with small networks and few images."""

    def run(*arguments, found=(CARD,), name=NAME):
        drawn = drawn_images()
        parts = {part: getattr(drawn, part)[:64] for part in ("train", "valid", "test")}
        images = FashionMNIST(**parts, name=name)
        monkeypatch.setattr("convae_lib.data.load_fashion_mnist", lambda: images)
        monkeypatch.setattr(devices, "graphics_cards", lambda: [*found])
        return gpu.main([*arguments])

    monkeypatch.setattr(profile, "profile_training", lambda *_, **__: [dict(WAY)])
    monkeypatch.setattr(gpu, "trainings", lambda: {"tiny": TINY})
    monkeypatch.setattr(gpu, "PLACE", tmp_path / "gpu.jsonl")
    return run


def rows():
    return [json.loads(line) for line in gpu.PLACE.read_text().splitlines()]


def test_a_row_tells_times_and_shares_and_replaces_the_last_one(command, capsys):
    assert command("--epochs", "2") == command("--epochs", "2") == 0
    (row,) = rows()
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["network"] == "tiny"
    assert row.pop("digest") == digest(row)
    assert row["device"] == CARD and row["peak_tflops"] == 156
    model = TINY.build(drawn_images())
    share = cards.share_of_peak(model, row["images_per_second"], 156e12)
    assert row["share_of_peak"] == pytest.approx(share)
    assert row["epoch_seconds"] > 0 and row["val_excess"] > 0
    (way,) = row["ways"]
    assert way["share_of_peak"] == cards.share_of_peak(model, 1e6, 156e12)
    assert command("--epochs", "2", "--peak", "3", found=["another"]) == 0
    assert [row["device"] for row in rows()] == [CARD, "another"]
    assert rows()[1]["peak_tflops"] == 3


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (dict(found=()), "finds no GPU here: nothing is measured or written"),
        (dict(found=["gpu:0"]), "'gpu:0' is not known here; give it in TFLOPS"),
        (dict(name=STAND_IN), "Fashion-MNIST is not here"),
    ],
)
def test_without_a_card_or_the_images_nothing_is_written(command, capsys, of, words):
    assert command(**of) == 1
    told = capsys.readouterr().err
    assert words in told and told.count("\n") == 1
    assert not gpu.PLACE.exists()


def test_one_epoch_is_refused(command, capsys):
    with pytest.raises(SystemExit):
        command("--epochs", "1")
    assert "--epochs 1: 2 at least" in capsys.readouterr().err


def test_the_networks_are_the_published_and_the_best_of_the_book():
    found = gpu.trainings()
    assert [*found] == ["published", "residual_539"]
    assert found["published"].model == "conv_autoencoder"
    assert found["residual_539"].model == "residual_autoencoder"
