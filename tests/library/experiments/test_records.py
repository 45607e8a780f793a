"""Files of records: whole or not at all, and older than a setting."""

import json
import os

import pytest

from convae_lib.experiments import Race, read_records, write_records
from tests.library.experiments.examples import SMALL


def test_rows_older_than_a_setting_have_its_default(tmp_path):
    old = {key: value for key, value in SMALL.settings.items() if key != "permuted"}
    race = Race(name="", runner=SMALL, reference=SMALL, target=0.3, every=5)
    rows = [old, race.settings | {"runner": old}, {"kind": "unheard of"}]
    path = tmp_path / "old.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    training, timed, unknown = read_records(path)
    assert training["permuted"] is False and training["seed"] == 1
    assert training.items() >= old.items()
    assert timed["runner"]["permuted"] is False
    assert unknown == {"kind": "unheard of"}


def test_records_are_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "question.jsonl"
    real = {"id": "r1", "images_from": "Fashion-MNIST", "val_loss": 0.25}
    assert read_records(path) == []
    write_records(path, [real])
    assert read_records(path) == [real]
    with pytest.raises(ValueError, match="would mix records from Fashion-MNIST and"):
        write_records(path, [real, real | {"images_from": "stand-in"}])
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_records(path, [real | {"val_loss": float("nan")}])
    assert read_records(path) == [real]
    assert os.listdir(tmp_path) == ["question.jsonl"]
    path.write_text('{"id": "r1"}\n{"id": ')
    with pytest.raises(ValueError, match="line 2 is no record"):
        read_records(path)
