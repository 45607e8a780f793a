"""The pages of the book, as the tests in a browser name them."""

import yaml

from tools.notebooks import ROOT


def pages():
    """Return the files of all pages: those of the table of contents, and those beside it."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    named = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    made = ["figures/index", "genindex", "search", "404"]
    return [f"{name}.html" for name in [toc["root"], *named, *made]]


def chapters():
    return [page for page in pages() if page.startswith("chapters/")]
