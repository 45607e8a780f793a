"""What is measured in a process of its own, with settings that count at its start."""

import json
import os
import subprocess
import sys

__all__ = ["measured_apart"]


def measured_apart(module, *arguments, **settings):
    """Return what a module prints as its last line, which is JSON.

    Parameters
    ----------
    module : str
        Run as ``python -m`` runs it, with `arguments` as text.
    **settings
        Of the environment, beside those of this process.
    """
    command = [module, *map(str, arguments)]
    run = subprocess.run(
        [sys.executable, "-m", *command],
        env=os.environ | settings,
        capture_output=True,
        check=False,
        text=True,
    )
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    return json.loads(run.stdout.splitlines()[-1])
