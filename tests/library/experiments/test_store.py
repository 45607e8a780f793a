"""A folder of records: in the order of the list, and by several writers, some killed."""

import json
import os
import signal
import subprocess
import sys

import pytest

from convae_lib.experiments import Store, read_records, write_records
from tests.library.experiments.examples import CODES, QUESTIONS, record
from tools.notebooks import ROOT


def ids(path):
    return [row["id"] for row in read_records(path)]


def test_labels_follow_the_list_and_rows_without_an_experiment_go(tmp_path):
    gone = {"id": "r0", "name": "gone", "images_from": "drawn"}
    write_records(tmp_path / "low.jsonl", [record(CODES[0]) | {"name": "old"}, gone])
    store = Store(tmp_path, QUESTIONS)
    store.save(record(CODES[1]))
    assert ids(tmp_path / "low.jsonl") == [CODES[0].id, CODES[1].id, "r0"]
    store.tidy()
    rows = read_records(tmp_path / "low.jsonl")
    assert [row["name"] for row in rows] == ["new", "new"]


def test_a_run_with_a_shorter_list_loses_nothing_of_a_longer_one(tmp_path):
    Store(tmp_path, QUESTIONS).save(*map(record, CODES))
    Store(tmp_path, {"low": CODES[:1]}).save(record(CODES[0], val_loss=0.2))
    store = Store(tmp_path, QUESTIONS)
    assert store.missing(QUESTIONS) == []
    assert store.rows()[CODES[0].id]["val_loss"] == 0.2


def test_a_record_goes_to_its_question_and_is_in_a_file_all_the_time(
    tmp_path, monkeypatch
):
    Store(tmp_path, {"old": CODES[5:25]}).save(*map(record, CODES[5:25]))
    wanted, replace = {code.id for code in CODES[5:25]}, os.replace

    def look(source, target):
        replace(source, target)
        assert {id for file in tmp_path.glob("*.jsonl") for id in ids(file)} == wanted

    monkeypatch.setattr(os, "replace", look)
    Store(tmp_path, QUESTIONS).tidy()
    (tmp_path / "old.jsonl").unlink()
    turned = {"low": QUESTIONS["high"], "high": QUESTIONS["low"]}
    Store(tmp_path, turned).tidy()
    assert ids(tmp_path / "low.jsonl") == [code.id for code in CODES[20:25]]
    assert ids(tmp_path / "high.jsonl") == [code.id for code in CODES[5:20]]
    (tmp_path / "old.jsonl").write_text(json.dumps(record(CODES[5], val_loss=0.3)))
    assert Store(tmp_path, turned).rows()[CODES[5].id]["val_loss"] == 0.1


def test_a_record_that_nobody_asked_for_is_refused(tmp_path):
    with pytest.raises(ValueError, match=f"no question asks for {CODES[30].id}"):
        Store(tmp_path, {"low": CODES[:20]}).save(record(CODES[30]))
    with pytest.raises(ValueError, match="has no 'id'"):
        Store(tmp_path, QUESTIONS).save({"images_from": "drawn"})


def test_damaged_lines_stay_until_the_file_changes_and_are_kept_beside_it(tmp_path):
    store, path = Store(tmp_path, QUESTIONS), tmp_path / "low.jsonl"
    store.save(*map(record, CODES[:3]))
    damaged = path.read_text().replace(f'"id": "{CODES[1].id}"', '"id": 7')
    path.write_text(damaged)
    with pytest.warns(UserWarning, match="line 2 is no record"):
        assert store.missing(["low"])[0] == CODES[1]
    with pytest.warns(UserWarning, match="line 2 is no record"):
        store.tidy()
    assert path.read_text() == damaged
    with pytest.warns(UserWarning, match="line 2 is no record"):
        store.save(record(CODES[1], val_loss=0.2))
    assert [row["val_loss"] for row in read_records(path)] == [0.1, 0.2, 0.1]
    again = path.read_text()[:-30]
    path.write_text(again)
    with pytest.warns(UserWarning, match="line 3 is no record"):
        store.save(record(CODES[2]))
    kept = [file.read_text() for file in tmp_path.glob("low.jsonl.damaged-*")]
    assert sorted(kept) == sorted([damaged, again])


# Saves every second record and says so; may be killed before or after a step of the 16th.
WRITER = """
import os, signal, sys, tempfile

import filelock

from convae_lib.experiments import Store
from tests.library.experiments.examples import CODES, QUESTIONS, record

folder, start, moment, step = sys.argv[1:]
store, count = Store(folder, QUESTIONS), 0
holders = {"acquire": filelock.FileLock, "NamedTemporaryFile": tempfile}

def killed(function):
    def run(*args, **options):
        if count == 15 and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **options)
        if count == 15 and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return run

if moment != "never":
    holder = holders.get(step, os)
    setattr(holder, step, killed(getattr(holder, step)))
print("ready", flush=True)
sys.stdin.readline()
for code in CODES[int(start)::2]:
    store.save(record(code))
    count += 1
    print(code.id, flush=True)
"""
STEPS = ("acquire", "NamedTemporaryFile", "fsync", "chmod", "replace")
MOMENTS = [(moment, step) for step in STEPS for moment in ("before", "after")]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills as POSIX does")
@pytest.mark.parametrize(
    ("moment", "step"),
    [
        pytest.param(*at, marks=[pytest.mark.slow] if at != MOMENTS[-2] else [])
        for at in MOMENTS
    ],
)
def test_two_writers_and_a_killed_one_lose_and_double_nothing(tmp_path, moment, step):
    def start(*arguments):
        command = [sys.executable, "-c", WRITER, str(tmp_path), *arguments]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return subprocess.Popen(command, env=environment, cwd=ROOT, **pipes)

    writers = start("0", "never", ""), start("1", moment, step)
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 2
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    whole, killed = (writer.communicate(timeout=120)[0].split() for writer in writers)
    assert [writer.returncode for writer in writers] == [0, -signal.SIGKILL]
    assert whole == [code.id for code in CODES[::2]]
    odd = [code.id for code in CODES[1::2]]
    assert killed == odd[:15]
    store = Store(tmp_path, QUESTIONS)
    untold = {odd[15]} if (moment, step) == ("after", "replace") else set()
    assert {*store.rows()} == {*whole, *killed} | untold
    store.save(*map(record, store.missing(QUESTIONS)))
    for name, asked in QUESTIONS.items():
        assert ids(tmp_path / f"{name}.jsonl") == [code.id for code in asked]
    assert sorted(os.listdir(tmp_path)) == [".lock", "high.jsonl", "low.jsonl"]
