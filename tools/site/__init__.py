"""What the site has beside pages: an extension of Sphinx that _config.yml names."""

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
    for part in PARTS:
        part.setup(app)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}
