"""Mends in the pages that Sphinx and its extensions write: what a browser would stumble on.

Each rule names what it mends; tests/browser looks for the fault itself.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

from tools.site import dark

RULES = [
    # sphinx-exercise gives all exercises of a page the same id.
    (r'<section id="(exercise|solution)-content">', r'<section class="\1-content">'),
    # Entries of references are no list items, and their role is no longer one.
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    (r'(<div class="citation"[^>]*) role="doc-biblioentry"', r"\1"),
]


def setup(app):
    app.connect("html-page-context", mend)


def mend(app, page, template, context, doctree):
    body = context.get("body")
    if body:
        for found, better in RULES:
            body = re.sub(found, better, body)
        context["body"] = re.sub(r"<img [^>]*>", lambda tag: sized(app, tag[0]), body)


def sized(app, tag):
    """Return the tag of an image with its size, so that the page does not jump."""
    file = re.search(r'src="[^"]*_images/([^"]+)"', tag)
    if not file or "width=" in tag or "style=" in tag:
        return tag
    known = {name: path for path, (_, name) in app.env.images.items()}
    path = known[file[1]]
    width, height = size(Path(app.srcdir) / path)
    tag = tag.replace("<img ", f'<img width="{width}" height="{height}" ')
    if not dark.is_drawn(path):
        return tag
    # The theme shows one of both. The light one is always fetched, for a dark page may be
    # printed; the dark one when it is wanted.
    light = tag.replace("<img ", '<img class="only-light" ')
    other = tag.replace("<img ", '<img loading="lazy" class="only-dark dark-light" ')
    both = light + other.replace(file[1], dark.twin(file[1]))
    # In a box: the theme hides a caption beside a picture that it hides.
    return f'<span class="figure-twins">{both}</span>'


def size(path):
    """Return width and height of a picture in pixels of a page."""
    if path.suffix == ".svg":
        box = ElementTree.parse(path).getroot().get("viewBox").split()
        points = [float(number) for number in box[2:]]
        return [round(number * 96 / 72) for number in points]
    with Image.open(path) as picture:
        return picture.size
