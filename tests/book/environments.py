"""New environments, as a reader makes them: only for tests that may take minutes."""

import os
import shutil
import subprocess
import sys

import pytest

from tools.notebooks import ROOT

LEFT = shutil.ignore_patterns(
    ".git", ".venv", "_build", "*.egg-info", "*_cache", "__pycache__"
)


class Environment:
    """A new virtual environment and, in ``repository``, a copy of this one."""

    def __init__(self, folder):
        self.repository = shutil.copytree(ROOT, folder / "repository", ignore=LEFT)
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
        self.programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        # A package that exists says whether a package can be had at all.
        said = self.run(
            "pip", "install", "--dry-run", "--no-deps", "numpy", check=False
        )
        if said.returncode:
            pytest.skip(f"NOT TRIED, no package can be installed here: {said.stderr}")

    def run(self, program, *arguments, cwd=None, check=True):
        """Run a program of the environment, and nothing of ours beside it."""
        own = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        done = subprocess.run(
            [shutil.which(program, path=self.programs), *arguments],
            cwd=cwd or self.repository,
            env=own | {"PATH": f"{self.programs}{os.pathsep}{own['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not (check and done.returncode), (
            done.stdout[-3000:] + done.stderr[-3000:]
        )
        return done
