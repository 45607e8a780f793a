"""How nbval treats the tag that only this book has; see CONTRIBUTING.md."""

import pytest
from nbval.plugin import IPyNbCell

from tools.notebooks import IMAGES


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    tagged = [
        item
        for item in items
        if isinstance(item, IPyNbCell) and IMAGES in item.cell.metadata.get("tags", ())
    ]
    if tagged and _images_are_drawn():
        for item in tagged:
            item.options["check"] = False


def _images_are_drawn():
    from convae_lib import load_fashion_mnist

    return load_fashion_mnist().is_stand_in
