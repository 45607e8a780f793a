"""Pictures, and a network that a command has trained on them: made once."""

from types import SimpleNamespace

import pytest

from tests.library.commands.typed import SIDE, draw_pictures, typed


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """A folder with twelve pictures in colour, a broken one and a text."""
    folder = draw_pictures(tmp_path_factory.mktemp("of-a-user") / "pictures")
    (folder / "broken.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no picture either")
    return folder


@pytest.fixture(scope="session")
def trained(pictures):
    """What `convae train` printed and wrote, with TensorFlow as a user has it."""
    code, out, told = typed(
        *("train", "pictures", "--out", "mine.keras", "--model", "dense"),
        *("--size", SIDE, "--code-size", 3, "--epochs", 2, "--batch-size", 4),
        cwd=pictures.parent,
        backend="tensorflow",
    )
    return SimpleNamespace(
        code=code, out=out, told=told, folder=pictures.parent, model="mine.keras"
    )
