"""The command behind ``make reproduce``: what it refuses, and where records go."""

import dataclasses
import signal
import socket
import time
from multiprocessing import get_context

import pytest

import results.questions
from convae_lib.data import Images
from convae_lib.data.fashion_mnist.loader import NAME, STAND_IN, FashionMNIST
from convae_lib.experiments import read_records
from convae_lib.training.workers import session
from tests.library.experiments.examples import FORMATS, drawn_images
from tests.library.experiments.trainings import SMALL
from tools import reproduce

ABSENT = dataclasses.replace(SMALL, seed=99)


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command on three formats and few images, real in name or the stand-in."""

    def run(*arguments, stand_in=False):
        drawn = drawn_images()
        parts = {part: getattr(drawn, part)[:50] for part in ("train", "valid", "test")}
        images = FashionMNIST(**parts, name=STAND_IN if stand_in else NAME)
        monkeypatch.setattr(reproduce, "load_fashion_mnist", lambda: images)
        with pytest.raises(SystemExit) as ended:
            reproduce.main([*arguments])
        return ended.value.code

    asked = {"formats": FORMATS[:2], "trainings": [ABSENT]}
    monkeypatch.setattr(results.questions, "QUESTIONS", asked)
    monkeypatch.setattr(results.questions, "QUICK", FORMATS[:1])
    monkeypatch.setattr(reproduce, "REAL", tmp_path / "results")
    monkeypatch.setattr(reproduce, "DRAWN", tmp_path / "drawn")
    return run


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--jobs 0", "--jobs 0 must be a whole number from 1 up"),
        ("--jobs -2", "--jobs -2 must be a whole number from 1 up"),
        ("--jobs two", "argument --jobs: invalid int value: 'two'"),
        ("--jobs 1.5", "argument --jobs: invalid int value: '1.5'"),
        ("format speeds", "no question format, speeds; there are formats, trainings"),
        ("formats --quick", "records are repeated by id, one at a time"),
        ("--quick --jobs 2", "records are repeated by id, one at a time"),
        ("--quick --cost", "not allowed with argument"),
        ("--repeat", "expected at least one argument"),
        ("--job-s 3", "unrecognized arguments"),
        ("--ray there", "--ray there: address 'there' is none; give local, auto or"),
        (
            "--ray 10.0.0.7:6379 --jobs 2",
            "--jobs 2: the cores of 10.0.0.7:6379 say how",
        ),
        ("--quick --ray local", "records are repeated by id, one at a time"),
    ],
)
def test_arguments_that_cannot_be_are_refused_in_a_line(
    command, capsys, arguments, told
):
    assert command(*arguments.split()) == 2
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_what_cannot_be_repeated_is_told(command, tmp_path):
    assert "no experiment r0; each line of results" in command("--repeat", "r0")
    missing = command("--quick")
    assert missing.endswith(
        f"has no record {FORMATS[0].id} yet: make reproduce makes it"
    )


def test_a_folder_in_place_of_a_file_is_told_in_a_line(command, tmp_path):
    (tmp_path / "results" / "formats.jsonl").mkdir(parents=True)
    told = command("--cost")
    assert "formats.jsonl is a folder; move it away" in told and "\n" not in told


def test_a_question_on_other_images_is_handed_those(
    command, tmp_path, monkeypatch, capsys
):
    """Their records stand beside those of Fashion-MNIST, which are left alone."""
    drawn = drawn_images()
    tiles = Images(train=drawn.train, valid=drawn.valid, test=drawn.test, name="tiles")
    own = dataclasses.replace(FORMATS[0], images_from="tiles")
    asked = {"formats": FORMATS[:1], "tiles": [own]}
    monkeypatch.setattr(results.questions, "QUESTIONS", asked)
    monkeypatch.setattr(reproduce, "IMAGES", {"tiles": lambda: tiles})
    assert command("--jobs", "1") == 0
    said = capsys.readouterr().out
    told = [line for line in said.splitlines() if "Missing" in line]
    assert len(told) == 1 and "Missing: 2 (formats 1, tiles 1), about" in told[0]
    assert said.endswith("0 failed, 0 left to do.\n") and said.count("left to") == 1
    for name, source in {"formats": NAME, "tiles": "tiles"}.items():
        (row,) = read_records(tmp_path / "results" / f"{name}.jsonl")
        assert row["images_from"] == source


def test_records_of_the_stand_in_go_elsewhere_under_its_name(command, tmp_path, capsys):
    assert command("formats", "--jobs", "1", stand_in=True) == 0
    assert not (tmp_path / "results").exists()
    rows = read_records(tmp_path / "drawn" / "formats.jsonl")
    assert [row["images_from"] for row in rows] == ["stand-in"] * 2
    said = capsys.readouterr().out
    assert "0 records are there. Missing: 2 (formats 2), about" in said
    assert command("--cost", "formats", stand_in=True) == 0
    assert "Missing: 0, nothing to do." in capsys.readouterr().out
    assert command("--cost") == 0
    said = capsys.readouterr().out
    assert "0 records are there. Missing: 3 (formats 2, trainings 1), about" in said
    (tmp_path / "drawn").rename(tmp_path / "results")  # if somebody mixes them up
    assert "keep those from Fashion-MNIST in another folder" in command("trainings")


def test_no_ray_and_no_cluster_are_told_in_a_line(command, capsys, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "127.0.0.1:{1}".format(*server.getsockname())
    told = command("formats", "--ray", address, stand_in=True)
    assert told.startswith(f"no cluster of Ray answers at {address} (")
    assert "\n" not in told
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    assert command("--ray", "local") == 2
    assert "Ray is not installed; pip install" in capsys.readouterr().err


def test_who_ends_it_ends_its_workers():
    worker = get_context("spawn").Process(target=time.sleep, args=(60,))
    worker.start()
    with pytest.raises(KeyboardInterrupt):
        reproduce.stop(signal.SIGTERM, None)
    worker.join(30)
    assert worker.exitcode == -signal.SIGTERM


@pytest.mark.slow
def test_by_ray_the_same_records_are_made(command, tmp_path, capsys):
    assert command("formats", "--ray", "local", "--jobs", "2", stand_in=True) == 0
    rows = read_records(tmp_path / "drawn" / "formats.jsonl")
    assert [row["name"] for row in rows] == ["raw", "gzip"]
    said = capsys.readouterr().out
    assert "Missing: 2 (formats 2), about" in said and "0 failed, 0 left to do." in said
