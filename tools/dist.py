"""The wheel and the source archive, built and tried: ``make dist``.

    python -m tools.dist         build into _build/dist, and try them
    python -m tools.dist --only  build alone

Each is installed into an empty environment, of every Python there is here among those
that the library supports, where the examples of the README run and ``convae --help``.
For a Python that is not here the pinned versions are looked up.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tools.colab import copy_of_the_library
from tools.notebooks import ROOT

DIST = ROOT / "_build" / "dist"
README = ROOT / "README.md"
NAMED = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main(arguments):
    """Build, try, and say what was found; return how many tries failed."""
    shutil.rmtree(DIST, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        source = copy_of_the_library(Path(folder) / "source")
        run(sys.executable, "-m", "build", "--outdir", DIST, source)
    built = sorted(DIST.iterdir())
    for path in built:
        print(
            f"{path.relative_to(ROOT)}, {path.stat().st_size / 1e6:.1f} MB", flush=True
        )
    if arguments == ["--only"]:
        return 0
    failed = 0
    for minor in supported():
        python = find_python(minor)
        if python is None:
            failed += not told(f"Python 3.{minor}", "is not here", lock_resolves, minor)
            continue
        for path in built:
            what = "the wheel" if path.suffix == ".whl" else "the source archive"
            failed += not told(f"Python 3.{minor}", f"{what}:", try_it, python, path)
    return failed


def supported():
    """Return the minor versions of Python that pyproject.toml allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    least, above = re.findall(r"3\.(\d+)", project["requires-python"])
    return range(int(least), int(above))


def find_python(minor):
    """Return an interpreter of this version that runs: on the path, or pyenv's; or None.

    On the path pyenv has programs of all versions, which fail but for one of them.
    """
    if sys.version_info[:2] == (3, minor):
        return sys.executable
    name = f"python3.{minor}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for python in (shutil.which(name), *pyenv.glob(f"3.{minor}.*/bin/{name}")):
        try:
            if python and run(python, "-c", "import venv; print('yes')"):
                return python
        except (OSError, subprocess.CalledProcessError):
            continue
    return None


def told(who, what, attempt, *arguments):
    """Say what an attempt found, or why it failed; return whether it did not fail."""
    try:
        print(f"{who}, {what} {attempt(*arguments)}", flush=True)
    except subprocess.CalledProcessError as error:
        said = (error.stdout + error.stderr).strip()
        print(f"{who}, {what} FAILED: {' '.join(map(str, error.cmd))}\n{said}")
        return False
    return True


def try_it(python, path):
    """Install one file into an empty environment, and use it there."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        run(python, "-m", "venv", folder / "env")
        programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        quiet = "--quiet", "--disable-pip-version-check"
        run(programs / "python", "-m", "pip", "install", *quiet, path, cwd=folder)
        for place, example in enumerate(NAMED.findall(README.read_text())):
            (folder / f"example-{place}.txt").write_text(example)
            run(
                programs / "python", "-m", "doctest", f"example-{place}.txt", cwd=folder
            )
        said = run(programs / "convae", "--help", cwd=folder)
        version = run(programs / "convae", "--version", cwd=folder).strip()
        if "train" not in said or version.split()[1] not in path.name:
            raise subprocess.CalledProcessError(1, ["convae"], f"it says {version}", "")
    return f"installs, runs the README's example, and {version} shows its help"


def lock_resolves(minor):
    """Resolve the pinned versions for a Python that is not here."""
    run(
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "requirements.txt"),
        *("--constraint", "requirements.lock", "--python-version", f"3.{minor}"),
        *("--output-file", os.devnull),
        cwd=ROOT,
    )
    return "and not tried; requirements.lock resolves for it"


def run(*command, cwd=None):
    """Run a program with nothing of ours beside it; return what it printed."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=own,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) > 0)
