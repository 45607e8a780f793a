"""What a command writes is whole or not there, and what goes wrong names the place."""

import errno

import pytest

from convae_lib.commands import outputs
from convae_lib.commands.outputs import whole_folder, write_all
from tests.library.commands.typed import files_in, inside

FULL = OSError(errno.ENOSPC, "No space left on device")


def test_files_that_belong_together_are_written_together(tmp_path, monkeypatch):
    write_all({tmp_path / "a": b"1", tmp_path / "b": "2"})
    assert files_in(tmp_path) == ["a", "b"]
    whole = outputs.write_whole

    def fills_up(path, content):
        if path.name == "d":
            raise FULL
        whole(path, content)

    monkeypatch.setattr(outputs, "write_whole", fills_up)
    with pytest.raises(OSError, match=r"d cannot be written \(No space left"):
        write_all({tmp_path / "c": b"1", tmp_path / "d": "2"})
    assert files_in(tmp_path) == ["a", "b"]


def test_a_folder_that_cannot_be_filled_is_named(tmp_path):
    with pytest.raises(OSError, match=r"drawn cannot be written \(No space left"):
        with whole_folder(tmp_path / "drawn") as place:
            (place / "one.png").write_bytes(b"1")
            raise FULL
    assert files_in(tmp_path) == []


def test_a_full_disk_leaves_no_folder_for_checkpoints(
    trained, tmp_path, capsys, monkeypatch
):
    def full(model, images, folder, **settings):
        folder.mkdir(exist_ok=True)
        raise OSError(f"{folder} cannot be written (No space left on device)")

    monkeypatch.setattr("convae_lib.training.checkpoints.train_resumable", full)
    monkeypatch.chdir(tmp_path)
    asked = "train", trained.folder / "pictures", "--out", "new.keras"
    code, _, told = inside(capsys, *asked, "--model", "dense", "--size", 8)
    assert code == 1 and told.endswith("cannot be written (No space left on device)\n")
    assert [*tmp_path.iterdir()] == []
