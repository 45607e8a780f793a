"""What nbval does for this book only: see CONTRIBUTING.md."""

from importlib.util import find_spec

import pytest
from nbval.plugin import IPyNbCell

from tests.book.published_run import CHAPTER, beyond
from tools.notebooks import IMAGES, PICTURES, TORCH

# It cannot run without; `make test-torch` brings PyTorch.
collect_ignore = [] if find_spec("torch") else [TORCH.name]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Do not compare pictures, nor what depends on the images where they are drawn."""
    for notebook in {item.parent for item in items if isinstance(item, IPyNbCell)}:
        notebook.skip_compare += tuple(PICTURES)
    tagged = [
        item
        for item in items
        if isinstance(item, IPyNbCell) and IMAGES in item.cell.metadata.get("tags", ())
    ]
    if tagged and _images_are_drawn():
        for item in tagged:
            item.options["check"] = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Hold the published run, which nbval executes, to what was published."""
    yield
    if CHAPTER in item.nodeid and isinstance(item, IPyNbCell):
        text = "".join(output.get("text", "") for output in item.test_outputs or ())
        if told := beyond(text):
            assert _images_are_drawn(), told


def _images_are_drawn():
    from convae_lib import load_fashion_mnist

    return load_fashion_mnist().is_stand_in
