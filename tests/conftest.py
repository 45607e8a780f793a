"""What several test files share."""

import os
import random
import subprocess
import sys
from collections import Counter
from itertools import chain
from pathlib import Path

import matplotlib
import pytest
from filelock import FileLock

from convae_lib import load_fashion_mnist
from tools.browser import NONE
from tools.notebooks import ROOT

matplotlib.use("Agg")

COMPARED = pytest.StashKey[dict]()
SHOWN = 12  # files that took most of the time


def pytest_configure(config):
    # New random geometries in each run, from a seed that is printed.
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(random.randrange(2**32))
    config.stash[COMPARED] = {}


def pytest_report_header(config):
    seed = config.option.hypothesis_seed
    return f"random geometries: repeat these with --hypothesis-seed={seed}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    # Notebooks take longest and begin first: else one process ends after the others.
    items.sort(key=lambda item: ".ipynb" not in item.nodeid)


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):  # one of several processes
        compared = session.config.stash[COMPARED]
        session.config.workeroutput["compared"] = {
            k: {**v} for k, v in compared.items()
        }


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    node.config.stash[COMPARED] |= getattr(node, "workeroutput", {}).get("compared", {})


def pytest_terminal_summary(terminalreporter, config):
    for name, counts in sorted(config.stash[COMPARED].items()):
        told = ", ".join(f"{what} {count}" for what, count in counts.items())
        terminalreporter.write_line(f"{name}: {told}")
    seconds = Counter()
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if hasattr(report, "duration"):
            seconds[report.nodeid.partition("::")[0]] += report.duration
    slowest = [f"{took:.0f} s {file}" for file, took in seconds.most_common(SHOWN)]
    terminalreporter.write_line(f"where the time went: {', '.join(slowest)}")
    skipped = [str(one.longrepr) for one in terminalreporter.stats.get("skipped", [])]
    if without := sum(NONE in reason for reason in skipped):
        terminalreporter.section("the pages were not opened", red=True, bold=True)
        terminalreporter.write_line(f"{without} tests were skipped: {NONE}", red=True)


@pytest.fixture
def seen(request):
    """Counts of what a property compared, told at the end of the run."""
    counts = request.config.stash[COMPARED][request.node.name] = Counter()
    return counts


@pytest.fixture(scope="session")
def images():
    """Fashion-MNIST, or the stand-in where it is in use."""
    return load_fashion_mnist()


@pytest.fixture(scope="session")
def real_data(images):
    """The official images; a test that needs them is skipped on the stand-in."""
    if images.is_stand_in:
        pytest.skip("needs the real Fashion-MNIST images; the stand-in is in use")
    return images


@pytest.fixture(scope="session")
def site(tmp_path_factory, request):
    """The folder of the built book, which all processes of a run share.

    `CONVAE_SITE=_build/html` takes one that was built before, to work on a test.
    """
    if built := os.environ.get("CONVAE_SITE"):
        return ROOT / built
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # one of several processes
        folder = folder.parent
    folder = folder / "book"
    with FileLock(f"{folder}.lock"):
        built = folder / "_build" / "html"
        if not (folder / "whole").is_file():
            jupyter_book = Path(sys.executable).with_name("jupyter-book")
            build = subprocess.run(
                [jupyter_book, "build", "-W", "--keep-going", "-n"]
                + ["--path-output", str(folder), str(ROOT)],
                capture_output=True,
                text=True,
                check=False,
            )
            said = build.stdout[-3000:] + build.stderr[-3000:]
            assert build.returncode == 0, said
            (folder / "whole").touch()
    return built
