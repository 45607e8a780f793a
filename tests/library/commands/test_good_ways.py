"""Each command as its user types it, in a fresh folder."""

import json
import re
from functools import partial

import numpy as np
import pytest
from PIL import Image
from scipy.sparse import load_npz

from convae_lib.commands import course
from convae_lib.commands.screen import Screen
from convae_lib.training import profile
from tests.library.commands.typed import SIDE, draw_pictures, files_in, inside, typed


def test_train_writes_a_network_and_its_notes_and_no_more(trained):
    assert (trained.code, trained.told) == (0, "")
    assert "10 training, 1 validation, 1 test images, 8×8, 3 channels" in trained.out
    assert "broken.png: broken" in trained.out and "over the floor" in trained.out
    notes = json.loads((trained.folder / "mine.json").read_text())
    assert notes["settings"]["epochs"] == len(notes["loss_by_epoch"]) == 2
    assert notes["code_size"] == 3 and notes["images"]["train"] == 10
    assert notes["val_loss"] > notes["val_excess"] > 0
    assert notes["loss_by_epoch"][-1] > notes["train_floor"] > 0
    assert notes["val_epochs"] == [1, 2] and len(notes["val_loss_by_epoch"]) == 2
    floor = f"a floor of their own: {notes['train_floor']:.4f}"
    assert f"{floor} (an epoch's loss can" in trained.out  # 10, in batches of 4
    assert not (trained.folder / "mine.checkpoints").exists()


def test_a_network_no_better_than_the_mean_image_says_so(
    pictures, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    asked = "train", pictures, "--model", "dense", "--size", SIDE, "--epochs", 1
    for colour in ("--colour", "--grey"):
        given = *asked, colour, "--out", f"new{colour}.keras", "--recipe", "adam"
        code, out, _ = inside(capsys, *given, "--learning-rate", "1e3")
        assert code == 0 and ": the network is no better; try more --epochs" in out


def test_the_table_of_epochs_ends_with_the_last_one(capsys):
    history = {"loss_by_epoch": [0.5] * 199 + [0.4], "val_loss_by_epoch": [0.6] * 28}
    course.tell_epochs(Screen(), history, 0.45)  # every seventh epoch was scored
    rows = capsys.readouterr().out.splitlines()
    assert rows[-1].split() == ["200", "0.4000", "0.4500"] and len(rows) < 13
    history = {"loss_by_epoch": [0.5, 0.4], "val_loss_by_epoch": [0.6, 0.45]}
    course.tell_epochs(Screen(), history, 0.45)
    assert capsys.readouterr().out.count("\n") == 3


def test_what_is_piped_has_no_progress(trained):
    assert "\x1b" not in trained.out + trained.told
    assert "\r" not in trained.out + trained.told


def test_evaluate_scores_beside_the_floor_pca_and_the_mean_image(trained):
    asked = "evaluate", trained.model, "pictures", "--part", "all"
    code, out, told = typed(*asked, "--json", cwd=trained.folder)
    assert (code, told) == (0, "")
    scores = json.loads(out)
    assert scores["images"] == 12 and scores["files"]["refused"] == {"broken": 1}
    assert scores["loss"] == pytest.approx(scores["floor"] + scores["excess"])
    for beside in (scores["mean_image"], scores["pca"]):
        assert beside["loss"] - beside["excess"] == pytest.approx(scores["floor"])
    assert scores["pca"]["numbers"] == 3  # as many as the model's code has
    assert scores["pca"]["loss"] < scores["mean_image"]["loss"]


def test_evaluate_repeats_the_split_of_the_training(trained, capsys, monkeypatch):
    monkeypatch.chdir(trained.folder)
    notes = json.loads((trained.folder / "mine.json").read_text())
    code, out, _ = inside(
        capsys, "evaluate", trained.model, "pictures", "--part", "valid", "--json"
    )
    assert code == 0
    assert json.loads(out)["loss"] == pytest.approx(notes["val_loss"], abs=1e-5)


def test_a_split_by_folders_is_repeated_without_a_word(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for count, photograph in ((3, "a"), (4, "b"), (5, "c"), (6, "d")):
        draw_pictures(tmp_path / "crops" / photograph, count)
    asked = "train", "crops", "--out", "mine.keras", "--model", "dense", "--epochs", 1
    code, out, told = inside(capsys, *asked, "--size", SIDE, "--by-parent", "--json")
    assert code == 0, told
    notes = json.loads(out)
    parts = notes["files"]["parts"].values()
    assert sum(parts) == 18 and notes["settings"]["by_parent"]
    folders = notes["files"]["classes"].values()
    few = [n for n in parts if n <= 4]
    assert len(few) == 2 and {*few} <= {*folders}  # a whole folder each
    evaluate = "evaluate", "mine.keras", "crops", "--part", "valid", "--json"
    code, out, _ = inside(capsys, *evaluate)
    assert code == 0
    assert json.loads(out)["loss"] == pytest.approx(notes["val_loss"], abs=1e-5)
    (tmp_path / "mine.json").unlink()
    code, out, told = inside(capsys, *evaluate, "--by-parent")
    assert json.loads(out)["loss"] == pytest.approx(notes["val_loss"], abs=1e-5)
    lost = "there is no mine.json: if the model was trained with {}, say it again\n"
    assert told == lost.format("--tiles")
    assert inside(capsys, *evaluate)[2] == lost.format("--tiles or --by-parent")


def test_a_folder_that_a_model_has_never_seen_needs_no_parts(tmp_path, capsys, trained):
    draw_pictures(tmp_path / "two", 2)
    asked = "evaluate", trained.folder / "mine.keras", tmp_path / "two", "--json"
    code, out, told = inside(capsys, *asked, "--part", "all")
    scores = json.loads(out)
    assert (code, told, scores["images"]) == (0, "", 2)
    assert scores["loss"] == pytest.approx(scores["floor"] + scores["excess"])
    code, out, told = inside(capsys, *asked)
    assert (code, out) == (2, "") and "too few readable images, 2" in told


def test_of_another_folder_it_is_said_that_its_parts_are_others(trained, capsys):
    asked = "evaluate", trained.folder / "mine.keras"
    code, _, told = inside(capsys, *asked, trained.folder / "pictures" / "more")
    assert code == 0 and "it may have seen some of these pictures" in told


def test_pictures_take_the_memory_they_are_given(trained, capsys, monkeypatch):
    monkeypatch.chdir(trained.folder)
    asked = "evaluate", trained.model, "pictures", "--json", "--memory"
    for memory, kept in ((0, ("file", "part")), (1, ("memory",))):
        code, out, _ = inside(capsys, *asked, memory)
        assert code == 0 and json.loads(out)["files"]["kept_in"] in kept


def test_reconstruct_draws_every_picture_and_a_contact_sheet(trained):
    asked = "reconstruct", trained.model, "pictures", "--out", "drawn"
    code, out, told = typed(*asked, cwd=trained.folder)
    assert (code, told) == (0, "")
    assert "12 pictures drawn into drawn, 2 left out" in out and "broken.png" in out
    drawn = files_in(trained.folder / "drawn")
    names = [path.rpartition(".")[0] for path in files_in(trained.folder / "pictures")]
    names = {name for name in names if name not in ("broken", "notes")}
    assert {*drawn} == {f"{name}.png" for name in names} | {"before-and-after.png"}
    with Image.open(trained.folder / "drawn" / "000.png") as picture:
        assert (picture.size, picture.mode) == ((SIDE, SIDE), "RGB")
    with Image.open(trained.folder / "drawn" / "before-and-after.png") as sheet:
        assert sheet.width > 8 * 64 and sheet.height > 4 * 64
        words = np.asarray(sheet.convert("L").crop((0, 0, 40, sheet.height // 2)))
        assert (words < 128).any(axis=1).sum() > 10  # before and after, beside a row
    assert not [name for name in files_in(trained.folder) if ".part" in name]


def test_a_model_of_tiles_draws_whole_pictures(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draw_pictures(tmp_path / "pictures", size=(27, 17))
    train = "train", "pictures", "--out", "t.keras", "--model", "dense", "--tiles"
    small = "--size", SIDE, "--epochs", 1
    code, out, told = inside(capsys, *train, *small, "--json")
    assert code == 0, told
    assert json.loads(out)["files"]["tiles"] == 12 * 3 * 2
    asked = "reconstruct", "t.keras", "pictures", "--out", "drawn"
    code, out, _ = inside(capsys, *asked)
    assert code == 0 and "as its whole tiles: the rim is left out" in out
    assert "hold no whole tile: 16.3% of the pixels" in out  # 24×16 of 27×17
    with Image.open(tmp_path / "drawn" / "000.png") as picture:
        assert picture.size == (3 * SIDE, 2 * SIDE)


def test_matrix_writes_what_the_layer_does(trained, capsys, monkeypatch):
    monkeypatch.chdir(trained.folder)
    code, out, _ = inside(capsys, "matrix", trained.model, "--json")
    layers = {layer["name"]: layer for layer in json.loads(out)["layers"]}
    assert code == 0 and layers["dense"]["kind"] == "Dense"
    code, out, told = typed(
        *("matrix", trained.model, "dense", "--out", "C.npz"), cwd=trained.folder
    )
    assert (code, told) == (0, "")
    import keras

    model = keras.saving.load_model(trained.folder / trained.model)
    kernel = model.layers[0].get_layer("dense").get_weights()[0]
    C = load_npz(trained.folder / "C.npz")
    np.testing.assert_array_equal(C.toarray(), kernel.T)
    with Image.open(trained.folder / "C.png") as picture:
        assert picture.format == "PNG"


def test_a_network_that_comes_trained_is_named(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = inside(capsys, "matrix", "published", "conv2d_1", "--out", "C.npz")
    assert code == 0 and "6,272 by 3,136, 819,200 entries" in out
    assert files_in(tmp_path) == ["C.npz", "C.png"]


def test_data_says_what_is_there(tmp_path):
    code, out, told = typed("data", "--json", cwd=tmp_path)
    assert (code, told) == (0, "")
    said = json.loads(out)
    assert said["networks"][0] == "denoiser" and said["places"]
    code, out, _ = typed("data", cwd=tmp_path)
    assert code == 0 and said["places"][0]["folder"] in out
    assert "residual_22   the same kind, 22 numbers\n" in out


def test_data_verifies_and_names_a_bad_copy(tmp_path, capsys, monkeypatch):
    from convae_lib.data.fashion_mnist.official import FILES

    monkeypatch.delenv("CONVAE_DATA", raising=False)
    monkeypatch.setenv("CONVAE_DATA_DIR", str(tmp_path))
    out = inside(capsys, "data")[1]
    assert "unset CONVAE_DATA_DIR" in out and "fetch" not in out
    for official in FILES.values():
        (tmp_path / official.name).write_bytes(b"other")
    assert inside(capsys, "data")[0] == 0
    code, _, told = inside(capsys, "data", "verify")
    assert code == 1 and str(tmp_path) in told and told.count("\n") == 1


def test_data_fetch_says_what_is_used(capsys, monkeypatch):
    monkeypatch.setenv("CONVAE_DATA", "stand-in")
    code, out, _ = inside(capsys, "data", "fetch")
    assert code == 0 and "nothing to fetch" in out


def test_profile_measures_and_writes_nothing(pictures, capsys, monkeypatch, tmp_path):
    quick = partial(profile.profile_training, seconds=0.01, rounds=1)
    monkeypatch.setattr(profile, "profile_training", quick)
    monkeypatch.chdir(tmp_path)
    asked = "train", pictures, "--profile", "--model", "dense", "--size", SIDE
    code, out, _ = inside(capsys, *asked, "--batch-size", 2, "--json")
    rows = json.loads(out)["rows"]
    assert code == 0 and (rows[0]["change"], rows[0]["batch_size"]) == ("none", 2)
    assert all(row["images_per_second"] > 0 for row in rows)
    assert files_in(tmp_path) == []
    rows[0] |= {"images_per_second": 490.4}
    rows[1] |= {"ratio": 1.25, "lowest": 1.2, "highest": 1.375}
    monkeypatch.setattr(profile, "profile_training", lambda *build, **asked: rows)
    out = inside(capsys, *asked)[1]
    assert ": 490 images a second as it is; with one change:\n" in out
    assert re.search(r"^batch size 8 +1\.25 +1\.20 +1\.38$", out, re.MULTILINE)
