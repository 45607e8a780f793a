"""Files of records: whole or not at all, older than a setting, and damaged."""

import json
import os
import warnings

import pytest

from convae_lib.experiments import Race, Store, read_records, write_records
from convae_lib.experiments.records import digest
from tests.library.experiments.trainings import SMALL

ROW = {"id": "r1", "images_from": "Fashion-MNIST", "val_loss": 0.25, "bits": [2, 3]}


@pytest.fixture(autouse=True)
def damage_is_an_error():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_rows_older_than_a_setting_have_its_default(tmp_path):
    said = {"images_from": "drawn"}
    old = {key: value for key, value in SMALL.settings.items() if key != "permuted"}
    race = Race(name="", runner=SMALL, reference=SMALL, target=0.3, every=5)
    rows = [
        old | said | {"id": "r1"},
        race.settings | said | {"runner": old, "id": "r2"},
        said | {"kind": "unheard of", "id": "r3"},
    ]
    path = tmp_path / "old.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    training, timed, unknown = read_records(path)
    assert training["permuted"] is False and training["seed"] == 1
    assert training.items() >= (old | said).items()
    assert timed["runner"]["permuted"] is False
    assert unknown == rows[2]


def test_records_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "question.jsonl"
    assert read_records(path) == []
    write_records(path, [ROW])
    assert read_records(path) == [ROW]
    wrong = {
        "would mix records from Fashion-MNIST and": {"id": "r2", "images_from": "x"},
        "record r2 has 'val_loss': nan, which JSON .*None for NaN": {
            "id": "r2",
            "val_loss": float("nan"),
        },
        r"record r2 has 'x': \{1, 2\}, which JSON": {"id": "r2", "x": {1, 2}},
        "would have two records r1": {},
        "has no 'id'": {"id": 2},
        "has no 'images_from'": {"id": "r2", "images_from": None},
    }
    for message, change in wrong.items():
        with pytest.raises(ValueError, match=message):
            write_records(path, [ROW, ROW | change])
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_records(path, [])
    assert read_records(path) == [ROW]
    assert sorted(os.listdir(tmp_path)) == [".lock", "question.jsonl"]


def lines(*rows):
    return [json.dumps(row | {"digest": digest(row)}).encode() for row in rows]


FIRST, SECOND = lines(ROW, ROW | {"id": "r2", "name": "28×28"})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"17", "holds 17 and no settings"),
        (b"null", "holds None and no settings"),
        (b'["id"]', "and no settings"),
        (b'"id"', "holds id and no settings"),
        (b"<<<<<<< HEAD", "Expecting value"),
        (SECOND[:-30], "Invalid|Unterminated|Expecting"),
        (SECOND[: len(SECOND) // 2] + b"\xd7" + SECOND[len(SECOND) // 2 :], "utf-8"),
        (b"\x00" * 40, "Expecting value"),
        (b"[" * 100_000, "recursion"),
        (b'{"id": ' + b"9" * 5000 + b"}", "digits"),
        (b'{"images_from": "Fashion-MNIST"}', "has no 'id'"),
        (b'{"id": 2, "images_from": "Fashion-MNIST"}', "has no 'id'"),
        (b'{"id": "r2"}', "has no 'images_from'"),
        (b'{"id": "r2", "images_from": "x", "val_loss": NaN}', "not JSON compliant"),
        (b'{"id": "r2", "images_from": "x", "kind": []}', "unhashable"),
        (SECOND.replace(b"0.25", b"0.35"), "not those that were written .r2"),
        (SECOND.replace(b"[2, 3]", b"[2, 4]"), "not those that were written .r2"),
        (SECOND.replace(b'"digest": "d', b'"digest": "e'), "not those that were wr"),
        (SECOND.replace(b'"digest": ', b'"digest": 1, "x": '), "not those that were"),
        (FIRST, "repeats r1 of a line above"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_a_damaged_line_is_named_and_costs_only_itself(tmp_path, line, why):
    path = tmp_path / "question.jsonl"
    (last,) = lines(ROW | {"id": "r3"})
    path.write_bytes(b"\n".join([FIRST, line, last, b""]))
    named = rf"question\.jsonl, line 2 is no record, and left out: .*({why})"
    with pytest.warns(UserWarning, match=named) as told:
        rows = read_records(path)
    assert [row["id"] for row in rows] == ["r1", "r3"]
    assert len(told) == 1 and "\n" not in str(told[0].message)


def test_what_an_editor_leaves_is_no_damage(tmp_path):
    path = tmp_path / "question.jsonl"
    (odd,) = lines(
        ROW | {"id": "r2", "name": "28\u202828"}
    )  # a line of its own for some
    path.write_bytes(b"\xef\xbb\xbf" + FIRST + b"\r\n\r\n" + odd)
    assert [row["id"] for row in read_records(path)] == ["r1", "r2"]
    write_records(path, read_records(path))
    assert [row["id"] for row in read_records(path)] == ["r1", "r2"]


def test_a_row_from_before_there_were_digests_is_taken_as_it_is(tmp_path):
    path = tmp_path / "question.jsonl"
    path.write_text(json.dumps(ROW))
    assert read_records(path) == [ROW]
    write_records(path, [ROW])
    assert json.loads(path.read_text())["digest"] == digest(ROW)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("records/question.jsonl", "question.jsonl is a folder; move it away"),
        ("records/.lock", ".lock is a folder; move it away"),
        ("records", "records is no folder; move it away, or name another"),
    ],
)
def test_what_lies_in_place_of_a_file_or_a_folder_is_told(tmp_path, name, message):
    path, there = tmp_path / "records" / "question.jsonl", tmp_path / name
    if name == "records":
        there.write_text("")
    else:
        there.mkdir(parents=True)
    with pytest.raises(OSError, match=message):
        write_records(path, [ROW])
    if name != "records/.lock":  # which readers do without
        with pytest.raises(OSError, match=message):
            Store(path.parent, {"question": []}).rows()
    there.rename(tmp_path / "away")
    write_records(path, [ROW])
    assert read_records(path) == [ROW]


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_link_is_written_through_and_one_to_nothing_is_told(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    target, link = tmp_path / "far" / "rows.jsonl", tmp_path / "near" / "question.jsonl"
    link.symlink_to(target)
    for use in (
        read_records,
        lambda path: write_records(path, [ROW]),
        lambda path: Store(path.parent, {}).rows(),
    ):
        with pytest.raises(FileNotFoundError, match="is a link to .*rows.jsonl, which"):
            use(link)
    write_records(target, [ROW])
    write_records(link, [ROW, ROW | {"id": "r2"}])
    assert link.is_symlink()
    assert [row["id"] for row in read_records(target)] == ["r1", "r2"]
