"""What several test files share."""

import random
from collections import Counter
from itertools import chain

import matplotlib
import pytest

from convae_lib import load_fashion_mnist

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
