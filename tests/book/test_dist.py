"""The command behind ``make dist``: which Pythons it tries, and how it tells a failure."""

import sys

from tools import dist


def test_a_python_is_tried_if_it_is_here():
    assert [*dist.supported()] == [11, 12, 13]
    assert dist.find_python(sys.version_info.minor) == sys.executable
    assert dist.find_python(999) is None


def test_a_failure_is_told_and_counted(capsys):
    def fails():
        dist.run(sys.executable, "-c", "print('why'); raise SystemExit(3)")

    assert not dist.told("Python 3.12", "the wheel:", fails)
    said = capsys.readouterr().out
    assert "Python 3.12, the wheel: FAILED" in said and "why" in said
    assert dist.told("Python 3.12", "the wheel:", lambda: "installs")
    assert capsys.readouterr().out == "Python 3.12, the wheel: installs\n"


def test_what_a_program_sees_is_not_this_library(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    said = dist.run(
        sys.executable, "-c", "import os; print('PYTHONPATH' in os.environ)"
    )
    assert said == "False\n"


def test_readme_has_an_example_that_is_tried():
    assert any(
        "conv_matrix" in code for code in dist.NAMED.findall(dist.README.read_text())
    )


def test_another_version_than_the_files_is_a_failure(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(dist, "run", lambda *command, **_: "train 9.9.9")
    path = tmp_path / "convae_lib-0.1.0.tar.gz"
    assert not dist.told("Python 3.12", "the wheel:", dist.try_it, "python", path)
    assert "it says train 9.9.9" in capsys.readouterr().out
