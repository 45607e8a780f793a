"""Help is for strangers, costs no time, and says what is true."""

import os
import pty
import subprocess
import sys
from queue import Queue
from threading import Event

import pytest

from convae_lib import trained_networks
from convae_lib.commands import recipes, screen
from convae_lib.commands.named_models import NETWORKS
from convae_lib.commands.screen import Screen
from convae_lib.models import MODELS
from convae_lib.training.optimizers import make_optimizer
from tests.library.commands.typed import typed

COMMANDS = ("train", "evaluate", "reconstruct", "matrix", "data")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_an_example(command, tmp_path):
    code, out, told = typed(command, "--help", cwd=tmp_path)
    assert (code, told) == (0, "")
    assert f"example:\n  convae {command}" in out and "--json" in out


def test_help_lists_the_commands_and_the_exit_codes(tmp_path):
    code, out, _ = typed("--help", cwd=tmp_path)
    assert code == 0 and "exit codes:\n  0 done, 1 something failed, 2 " in out
    assert all(f"\n    {command}" in out for command in COMMANDS)


def test_help_and_refusals_load_nothing_heavy(tmp_path):
    code = (
        "import sys\nfrom convae_lib.commands import main\n"
        "try:\n    print(main(['evaluate', 'nobody', 'fashion-mnist']))\n"
        "    main(['--help'])\n"
        "finally:\n    heavy = {'keras', 'tensorflow', 'matplotlib', 'scipy', 'PIL'}\n"
        "    print('loaded:', heavy & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.startswith("2\n") and "loaded: set()" in done.stdout


def test_names_that_are_told_without_keras_are_those_of_the_library():
    assert {f"{name}_autoencoder" for name in recipes.MODELS} == {*MODELS}
    assert [*NETWORKS] == sorted(trained_networks())
    for recipe in recipes.RECIPES.values():
        make_optimizer(**recipe, steps=10)


def test_without_a_terminal_progress_is_a_plain_line_now_and_then(capsys, monkeypatch):
    waits, ends = Queue(), Queue()

    class Ticks(Event):
        """Waits until the test says that the time is over, or that the work is done."""

        def wait(self, seconds):
            waits.put(seconds)
            return ends.get(timeout=60)

        def set(self):
            waits.get(timeout=60)
            ends.put(True)

    def lines_of_a_tick():
        assert waits.get(timeout=60) == screen.SECONDS
        ends.put(False)
        waits.put(waits.get(timeout=60))  # what was to be told is told
        return capsys.readouterr()

    monkeypatch.setattr(screen, "Event", Ticks)
    monkeypatch.setattr(screen, "perf_counter", lambda: 7.0)
    with Screen(json=True).progress("scoring", 4) as advance:
        advance(1, left=75)
        told = "[0.0 s] scoring: 1 of 4, 1 min 15 s left\n"
        assert lines_of_a_tick() == ("", told)
    with Screen().progress("compiling") as advance:
        assert lines_of_a_tick().err == "[0.0 s] compiling\n"
        told = []
        for epoch, step in ((1, 3), (1, 9), (2, 1)):
            advance(step, 20, f"epoch {epoch}, loss 0.5", float("nan"), epoch)
            told.append(lines_of_a_tick().err)
        assert told == [
            "[0.0 s] epoch 1, loss 0.5\n",
            "",
            "[0.0 s] epoch 2, loss 0.5\n",
        ]
    with Screen().progress("quick", 4) as advance:
        advance(4)
    assert capsys.readouterr() == ("", "")


def test_progress_with_the_time_left_is_drawn_on_a_terminal(tmp_path):
    code = (
        "from convae_lib.commands.screen import Screen\n"
        "with Screen().progress('drawing', 4) as advance:\n"
        "    advance(1)\n    advance(2, left=75)\n"
        "print('done')"
    )
    main, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=terminal, text=True
    )
    os.close(terminal)
    shown = os.read(main, 100_000).decode()
    assert done.stdout == "done\n"
    assert "drawing" in shown and "50%" in shown and "1 min 15 s left" in shown
