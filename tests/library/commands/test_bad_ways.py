"""What cannot be meant is one line that names it and says what would be valid."""

import os
import zipfile

import keras
import pytest

from convae_lib.commands import arguments
from tests.library.commands.typed import SIDE, files_in, inside, started, typed

TRAIN = "train pictures --out new.keras"
# Command line, exit code, words of the one line. Each comes before Keras is loaded.
EARLY = [
    ("", 2, "name a command: train, evaluate, reconstruct, matrix, data"),
    ("trian pictures", 2, "COMMAND: there is no 'trian'; did you mean train?"),
    ("train --out new.keras", 2, "required: FOLDER|fashion-mnist"),
    ("train pictures", 2, "as --out mine.keras"),
    ("train nowhere --out new.keras", 2, "'nowhere' is not there; name a folder"),
    ("train notes.txt --out new.keras", 2, "'notes.txt' is a file; name a folder"),
    (f"{TRAIN} --epoch 3", 2, "no option --epoch; did you mean --epochs?"),
    (f"{TRAIN} --colours", 2, "no option --colours; did you mean --colour?"),
    (f"{TRAIN} --xyz", 2, "no option --xyz; there are --help, --json"),
    (f"{TRAIN} more", 2, "'more' is one argument too many"),
    (f"{TRAIN} --epochs 0", 2, "--epochs: '0' must be a whole number from 1 up"),
    (f"{TRAIN} --epochs 2.5", 2, "--epochs: '2.5' must be a whole number from 1 up"),
    (f"{TRAIN} --seed -1", 2, "--seed: '-1' must be a whole number from 0 to 4"),
    (f"{TRAIN} --seed 4294967296", 2, "a whole number from 0 to 4,294,967,295"),
    (f"{TRAIN} --batch-size x", 2, "--batch-size: 'x' must be a whole number"),
    (f"{TRAIN} --learning-rate nan", 2, "--learning-rate: 'nan' must be a positive"),
    (
        f"{TRAIN} --recipe best",
        2,
        "there is no 'best'; there are good, published, adam",
    ),
    (f"{TRAIN} --recipe publised", 2, "no 'publised'; did you mean published?"),
    (f"{TRAIN} --model cnn", 2, "--model: there is no 'cnn'; there are residual, conv"),
    (f"{TRAIN} --model tied-covn", 2, "'tied-covn'; did you mean tied_conv?"),
    (f"{TRAIN} --size 8x", 2, "--size: '8x' must be a side, as 64, or height x"),
    (f"{TRAIN} --size 0", 2, "--size: '0' must be of whole numbers from 1 up"),
    (f"{TRAIN} --size 99999", 2, "'99999' is more than 16,777,216 pixels; give less"),
    (f"{TRAIN} --grey --colour", 2, "--colour: not allowed with argument --grey"),
    (f"{TRAIN} --resume --overwrite", 2, "give one of them"),
    ("train pictures --out new.h5", 2, "'new.h5' must end in .keras"),
    ("train pictures --out there.keras", 2, "'there.keras' is there already"),
    ("train pictures --out notes.txt/new.keras", 2, "notes.txt is a file"),
    ("train pictures --out nowhere/new.keras", 2, "nowhere leads nowhere"),
    ("train pictures --out notes.keras", 2, "'notes.json' is there already; name ano"),
    (
        "train pictures --out kept.keras",
        2,
        "kept.checkpoints, where checkpoints go, is",
    ),
    ("train pictures --out kept.keras --overwrite", 2, "is a file; name another --out"),
    (
        "train fashion-mnist --out new.keras --size 32",
        2,
        "--size, --colour, --tiles and --by-parent are for folders",
    ),
    ("train fashion-mnist --out new.keras --by-parent", 2, "are for folders"),
    (f"{TRAIN} --memory -1", 2, "--memory: '-1' must be a whole number from 0 up"),
    ("evaluate publishd fashion-mnist", 2, "has that name; did you mean published?"),
    ("evaluate xyz fashion-mnist", 2, "has that name; there are denoiser, dense_30"),
    ("evaluate mine.kers pictures", 2, "no such file, and no network that comes"),
    ("evaluate mine.kers pictures", 2, "has that name; did you mean mine.keras?"),
    ("evaluate mine pictures", 2, "has that name; did you mean mine.keras?"),
    ("evaluate nowhere.keras pictures", 2, "MODEL 'nowhere.keras': no such file"),
    ("evaluate pictures pictures", 2, "MODEL 'pictures' is a folder; name a .keras"),
    ("evaluate there.keras pictures", 2, "'there.keras' is no .keras file, or a dama"),
    ("evaluate published nowhere", 2, "'nowhere' is not there; name a folder"),
    ("evaluate published pictures --part tests", 2, "no 'tests'; did you mean test?"),
    ("evaluate published pictures --first 0", 2, "--first: '0' must be a whole numb"),
    ("reconstruct published pictures", 2, "required: --out"),
    ("reconstruct published nowhere --out drawn", 2, "'nowhere' is not there; name"),
    ("reconstruct published notes.txt --out drawn", 2, "'notes.txt' is a file; name"),
    ("reconstruct published pictures --out pictures", 2, "'pictures' is there already"),
    ("reconstruct published pictures --out pictures --overwrite", 2, "not replaced"),
    ("reconstruct published pictures --out pictures/drawn", 2, "lies in 'pictures'"),
    ("reconstruct published pictures --out notes.txt", 2, "is a file; name a folder"),
    ("matrix", 2, "required: MODEL"),
    ("matrix published conv2d", 2, "say where the matrix goes, as --out C.npz"),
    ("matrix published --out C.npz", 2, "--out needs a LAYER"),
    ("matrix published conv2d --out C.txt", 2, "'C.txt' must end in .npz"),
    ("data fech", 2, "there is no 'fech'; did you mean fetch?"),
]
# These need the model.
LATE = [
    ("evaluate other.keras pictures", 2, "'other.keras' cannot be loaded"),
    ("evaluate sums.keras pictures", 2, "is no autoencoder of images: it takes"),
    ("evaluate mine.keras fashion-mnist", 2, "takes images of 8 by 8, in colour, and"),
    ("evaluate mine.keras empty", 2, "empty holds no image"),
    ("reconstruct mine.keras empty --out drawn", 2, "empty holds no image"),
    ("matrix published conv --out C.npz", 2, "'conv' is none of published; those wit"),
    ("matrix published max_pooling2d --out C.npz", 2, "those with a matrix are"),
    (f"{TRAIN} --model conv --size 24x28", 2, "such as 24×24 or 24×32 (--size says"),
    (
        f"{TRAIN} --model residual --size 10",
        2,
        "images of 8×8 or 12×12 (--size says",
    ),
    (
        f"{TRAIN} --model tied-conv --code-size 3",
        2,
        "--code-size is for residual, conv",
    ),
    ("train empty --out new.keras", 2, "empty holds no image"),
    ("train two --out new.keras --by-parent", 2, "too few folders with images, 1"),
    (
        "train two --out new.keras",
        2,
        "two has too few readable images, 2: 3 are needed",
    ),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory, trained):
    """A folder with what the command lines above name; nothing there may change."""
    place = tmp_path_factory.mktemp("place")
    (place / "pictures").symlink_to(trained.folder / "pictures")
    (place / "mine.keras").symlink_to(trained.folder / "mine.keras")
    (place / "empty").mkdir()
    (place / "two").mkdir()
    for name in ("000.png", "003.png"):
        (place / "two" / name).symlink_to(trained.folder / "pictures" / name)
    (place / "notes.txt").write_text("no folder")
    (place / "there.keras").write_text("no network")
    (place / "nowhere").symlink_to("nowhere")
    (place / "notes.json").write_text("of somebody")
    (place / "kept.checkpoints").write_text("of somebody")
    with zipfile.ZipFile(place / "other.keras", "w") as file:
        file.writestr("a", "b")
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(
        place / "sums.keras"
    )
    return place


def check(place, before, code, said, expected, words):
    assert code == expected, said
    assert said.count("\n") == 1 and words in said and "Traceback" not in said
    assert said.startswith("convae")
    assert files_in(place) == before, "something was left behind"


@pytest.mark.parametrize(("line", "code", "words"), EARLY)
def test_a_wrong_line_is_told_before_keras_is_loaded(
    place, line, code, words, monkeypatch, capsys
):
    monkeypatch.chdir(place)
    for module in ("recipes", "named_models"):  # the first imports from the second
        monkeypatch.setattr(f"convae_lib.commands.{module}.load_keras", None)
    before = files_in(place)
    found, _, said = inside(capsys, *line.split())
    check(place, before, found, said, code, words)


@pytest.mark.parametrize(("line", "code", "words"), LATE)
def test_what_a_model_does_not_take_is_told(
    place, line, code, words, monkeypatch, capsys
):
    monkeypatch.chdir(place)
    before = files_in(place)
    found, _, said = inside(capsys, *line.split())
    check(place, before, found, said, code, words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["train", "", "--out", "new.keras"], "'' is not there; name a folder"),
        (["evaluate", "published", ""], "'' is not there; name a folder"),
        (["evaluate", "", "pictures"], "MODEL '' is a folder; name a .keras"),
        (["reconstruct", "published", "", "--out", "x"], "FOLDER '' is not there"),
    ],
)
def test_an_empty_name_is_not_this_folder(place, line, words, monkeypatch, capsys):
    monkeypatch.chdir(place)
    before = files_in(place)
    found, _, said = inside(capsys, *line)
    check(place, before, found, said, 2, words)


@pytest.mark.parametrize(
    "error",
    [MemoryError("22 TiB"), RuntimeError("RESOURCE_EXHAUSTED: Out of memory, 22 TiB")],
)
def test_what_memory_does_not_hold_is_told(place, error, monkeypatch, capsys):
    def fail(*arguments):
        raise error

    monkeypatch.chdir(place)
    monkeypatch.setattr("convae_lib.commands.train.build", fail)
    code, _, said = inside(capsys, *TRAIN.split())
    assert code == 1 and "the memory does not suffice; smaller" in said
    assert "22 TiB" in said and said.count("\n") == 1


@pytest.mark.parametrize("closed", [[1], [2], [1, 2]])
def test_closed_streams_are_no_failure(place, closed):
    def close():
        for number in closed:
            os.close(number)

    process = started("data", cwd=place, preexec_fn=close)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert (1 in closed) == (out == "")


def test_notes_of_another_kind_are_none(trained, tmp_path, monkeypatch, capsys):
    (tmp_path / "mine.keras").write_bytes((trained.folder / "mine.keras").read_bytes())
    (tmp_path / "mine.json").write_text('{"settings": ["of", "another"]}')
    monkeypatch.chdir(tmp_path)
    code, *_ = inside(capsys, "evaluate", "mine.keras", trained.folder / "pictures")
    assert code == 0


def test_a_process_ends_with_the_code_and_the_line(place):
    for line, code, words in EARLY[::8]:
        before = files_in(place)
        found, out, said = typed(*line.split(), cwd=place)
        check(place, before, found, said, code, words)
        assert out == ""


def test_debug_shows_where_an_error_arose(place):
    code, _, said = typed("evaluate", "nobody", "pictures", "--debug", cwd=place)
    assert code == 1 and "Traceback" in said and "WrongUse: MODEL 'nobody'" in said


@pytest.mark.parametrize(
    ("backend", "words"),
    [("jx", "is no backend of Keras"), ("torch", "is not installed")],
)
def test_a_backend_that_is_not_there_is_named(
    place, backend, words, capsys, monkeypatch
):
    monkeypatch.chdir(place)
    monkeypatch.setenv("KERAS_BACKEND", backend)
    monkeypatch.setattr(arguments, "find_spec", lambda name: name != "torch")
    code, _, said = inside(capsys, "matrix", "mine.keras")
    assert code == 2 and said.count("\n") == 1
    assert f"KERAS_BACKEND={backend} {words}; there are tensorflow, jax\n" in said


def test_a_missing_package_is_named_with_what_brings_it(place, capsys, monkeypatch):
    monkeypatch.chdir(place)
    monkeypatch.setitem(__import__("sys").modules, "keras", None)
    code, _, said = inside(capsys, "evaluate", "mine.keras", "pictures")
    assert code == 1 and "needs keras" in said and "pip install '.[commands]'" in said


def test_a_network_that_diverged_is_no_result(place, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, _, said = inside(
        *(capsys, "train", place / "pictures", "--out", "new.keras", "--model", "conv"),
        *("--size", SIDE, "--epochs", 2, "--recipe", "published"),
        *("--learning-rate", "1e30"),
    )
    assert code == 1 and "smaller --learning-rate" in said
    assert "new.keras" not in files_in(tmp_path)
