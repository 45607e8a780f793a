"""Whoever stops a command finds a whole result or none, and goes on."""

import json
import re
import signal
import subprocess
import sys
import time

import pytest

from convae_lib.training.checkpoints import CHECKPOINT
from tests.library.commands.typed import SIDE, draw_pictures, files_in, inside, started

LONG = ("--model", "dense", "--size", SIDE, "--epochs", 30, "--batch-size", 4)


def wait_for(process, found, seconds=120):
    """Wait until something is found while the process runs."""
    end = time.monotonic() + seconds
    while not found():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_training_is_stopped_and_resumed(pictures, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = "train", pictures, "--out", "mine.keras", *LONG
    process = started(*asked, cwd=tmp_path)
    checkpoints = tmp_path / "mine.checkpoints"
    wait_for(process, (checkpoints / CHECKPOINT).exists)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in told
    assert told.endswith("convae train: stopped; add --resume to go on\n")
    assert {name.partition("/")[0] for name in files_in(tmp_path)} == {checkpoints.name}
    code, _, told = inside(capsys, *asked)
    assert code == 2 and "add --resume to go on with it" in told
    with monkeypatch.context() as patch:  # before a picture is read or Keras loaded
        patch.setattr("convae_lib.commands.train.read", None)
        for option, value, differs in (
            ("--seed", 5, "seed 1, not 5"),
            ("--size", 16, "size 8×8, not 16×16"),
            ("--epochs", 31, "epochs 30, not 31"),
            ("--recipe", "adam", "recipe good, not adam"),
            ("--grey", None, "--colour, not --grey"),
        ):
            given = [option] if value is None else [option, value]
            code, _, told = inside(capsys, *asked, "--resume", *given)
            assert code == 2 and f"mine.checkpoints was begun with {differs}; " in told
            assert "another --out, or --overwrite" in told and told.count("\n") == 1
    kept = (checkpoints / "settings.json").read_text()
    (checkpoints / "settings.json").unlink()  # as an earlier version left it
    code, _, told = inside(capsys, *asked, "--resume", "--size", 16)
    assert code == 2 and "is of another model" in told
    assert told.endswith("or give another --out, or --overwrite in place of --resume\n")
    (checkpoints / "settings.json").write_text(kept)
    code, out, told = inside(capsys, *asked, "--resume")
    assert code == 0 and re.match(r"goes on at epoch \d+ of 30\n", told), told
    assert out.endswith(", since it was resumed\n")
    notes = json.loads((tmp_path / "mine.json").read_text())
    assert len(notes["loss_by_epoch"]) == 30
    assert files_in(tmp_path) == ["mine.json", "mine.keras"]
    code, out, _ = inside(capsys, *asked, "--resume")
    assert code == 0 and "finished already" in out
    code, _, told = inside(capsys, *asked[:-1], 5, "--resume")
    assert code == 2 and "with batch_size 4 and not 5" in told


def test_who_stops_it_while_it_starts_sees_one_line():
    code = (
        "import sys\n"
        "class Stop:\n"
        "    def find_spec(name, *rest):\n"
        "        if name == 'convae_lib.commands.matrix':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop)\n"
        "from convae_lib.commands import main\n"
        "sys.exit(main(['data']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "convae: stopped\n")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_folder_of_drawings_is_whole_or_not_there(
    trained, tmp_path, how, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    draw_pictures(tmp_path / "pictures", 1000, size=(SIDE, SIDE))
    asked = "reconstruct", trained.folder / trained.model, "pictures", "--out", "drawn"
    process = started(*asked, cwd=tmp_path)
    wait_for(process, lambda: [*tmp_path.glob(".drawn.*.part/*.png")])
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode == (130 if how is signal.SIGTERM else -how)
    assert not (tmp_path / "drawn").exists()
    if how is signal.SIGTERM:
        assert [path.name for path in tmp_path.iterdir()] == ["pictures"]
    code, *_ = inside(capsys, *asked)
    assert code == 0 and len(files_in(tmp_path / "drawn")) == 1001


def test_who_resumes_nothing_begins_and_is_told_so(
    pictures, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    asked = "train", pictures, "--out", "new.keras", *LONG[:-3], 1
    code, out, told = inside(capsys, *asked, "--resume")
    assert code == 0 and told.startswith("no checkpoint yet: the training begins")
    assert "resumed" not in out and files_in(tmp_path) == ["new.json", "new.keras"]
