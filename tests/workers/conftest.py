"""Programs that tests start, and kill; all that they have started ends with the test."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from tools.notebooks import ROOT


@pytest.fixture
def start():
    """What starts Python with some code, its arguments, and settings of the environment."""
    begun = []

    def run(code, *arguments, **settings):
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", code, *map(str, arguments)],
                env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return begun[-1]

    yield run
    for process in begun:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
