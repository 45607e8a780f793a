"""The runs that *The same in PyTorch* compares: whole, and made by the chapter's own code."""

import inspect
import json

import pytest

from tools.notebooks import TORCH, code_cells, read
from tools.pytorch_runs import FILE, OTHER_CUT, definitions

ROWS = json.loads(FILE.read_text())


def test_each_way_has_the_same_seeds_and_five_epochs():
    seeds = {}
    for row in ROWS:
        seeds.setdefault(row["name"], []).append(row["seed"])
        for score in ("loss", "val_loss", "val_rounded_accuracy"):
            assert len(row[score]) == 5
        assert row["val_loss"][-1] < row["val_loss"][0] < row["loss"][0]
    (one,) = {tuple(of) for of in seeds.values()}
    assert len(seeds) == 3 and len(set(one)) == len(one) >= 3


def test_runs_are_made_of_what_the_chapter_defines():
    pytest.importorskip("torch", reason="PyTorch is an extra: make test-torch")
    chapter = definitions(code_cells(read(TORCH)))
    assert {*inspect.signature(chapter["train"]).parameters} == {"seed", "start", "cut"}
    decoder = chapter["Autoencoder"](OTHER_CUT).decoder
    cuts = [layer.padding for layer in decoder if type(layer).__name__ == "ZeroPad2d"]
    assert cuts == [OTHER_CUT] * 2
    assert "keras_model" not in chapter and "trained" not in chapter
