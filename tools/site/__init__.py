"""What the site has beside pages: an extension of Sphinx that _config.yml names."""

from convae_lib.commands.named_models import load_keras
from tools.site import (
    dark,
    figures,
    front,
    head,
    icons,
    mend,
    repository,
    scripts,
    search,
    settings,
    unused,
)

PARTS = [
    dark,
    figures,
    front,
    head,
    icons,
    mend,
    repository,
    scripts,
    search,
    settings,
    unused,
]


def setup(app):
    load_keras()  # without a word: the library's page reads docstrings of its modules
    for part in PARTS:
        part.setup(app)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}
