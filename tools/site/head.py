"""The head and the foot of pages: what search engines and shared links show, and how old it is.

The templates of the book's frame, which lie beside this file, lay these words out.
"""

import json
import re
from datetime import date
from html import escape, unescape
from importlib.metadata import version
from pathlib import Path

from docutils import nodes

from convae_lib import __version__

TEMPLATES = Path(__file__).with_name("templates")
COVER = "_static/cover.png"
COVER_ALT = (
    "A drawn garment, the numbers that a network keeps of it as coloured bars, and the "
    "garment drawn again from them."
)
SHORTEST, LONGEST = 90, 200
"""Characters of a description: shorter ones get another paragraph, longer ones are cut."""

APART = {
    "genindex": ("Index", "Every word of the glossary and of the library, with links."),
    "search": ("Search", "Search the book: each result is a section."),
    "404": ("This page is not here", "The address leads to no page of the book."),
}
"""Heading and description of pages that have no source."""


def setup(app):
    app.connect("config-inited", put_templates_first)
    app.connect("builder-inited", give_templates_what_they_call)
    app.connect("html-page-context", describe)
    app.connect("html-collect-pages", pages_without_source)


def put_templates_first(app, config):
    config.templates_path.insert(0, str(TEMPLATES))


def give_templates_what_they_call(app):
    if app.builder.format == "html":
        filters = app.builder.templates.environment.filters
        filters["without_icons"] = without_icons


def without_icons(tags):
    """Return HTML without the script of half a megabyte that draws icons a second time."""
    return re.sub(r"<script[^>]*fontawesome\.js[^>]*></script>", "", tags)


def pages_without_source(app):
    yield "404", {}, "404.html"


def describe(app, page, template, context, doctree):
    """Add to a page's context what its head and its foot say."""
    book = context["docstitle"]
    if doctree is None:
        heading, description = APART.get(page, (context.get("title", book), book))
    else:
        heading = unescape(re.sub(r"<[^>]*>", "", context["title"]))
        description = first_words(doctree)
    context["head"] = {
        "heading": heading,
        "title": book if heading == book else f"{heading} — {book}",
        "description": description,
        "image": address(app, context, COVER),
        "image_alt": COVER_ALT,
    }
    context["colophon"] = colophon(app, context)
    # The theme's own template has said how wide the screen is.
    viewport = r'<meta [^>]*name="viewport"[^>]*>'
    context["metatags"] = re.sub(viewport, "", context.get("metatags", ""))


def address(app, context, file):
    """Return the address of a file: a whole one where _config.yml knows where the book is."""
    base = app.config.html_baseurl
    return f"{base.rstrip('/')}/{file}" if base else context["pathto"](file, 1)


def first_words(doctree):
    """Return the first sentences of a page, without formulas.

    Parameters
    ----------
    doctree : docutils.nodes.document

    Returns
    -------
    str
        At most `LONGEST` characters, whole sentences where one is short enough.
    """
    words = ""
    for paragraph in doctree.findall(nodes.paragraph):
        plain = isinstance(paragraph.parent, nodes.section)
        if plain and not [*paragraph.findall(nodes.math)] and len(words) < SHORTEST:
            words = f"{words} {' '.join(paragraph.astext().split())}".strip()
    if len(words) <= LONGEST:
        return words
    whole = re.match(rf".{{{SHORTEST},{LONGEST - 1}}}[.?!](?=\s)", words)
    return whole[0] if whole else f"{words[: LONGEST - 1].rsplit(' ', 1)[0]}…"


def colophon(app, context):
    """Return the HTML of a page's foot: version, days, how it was built, the licence."""
    stored = [data.get("convae_made") for data in app.env.metadata.values()]
    days = [
        (json.loads(made) if isinstance(made, str) else made)["date"]
        for made in stored
        if made
    ]
    made = f" Its outputs were made by {in_words(max(days))}." if days else ""
    licences = context["pathto"]("pages/licences")
    return (
        f"{escape(context['docstitle'])}, version {escape(__version__)}, by "
        f"{escape(app.config.author)}, under the "
        f'<a href="{licences}">MIT licence</a>.{made} Built from the stored notebooks '
        f"with Jupyter Book {version('jupyter-book')}."
    )


def in_words(day):
    """Return a day as it is written in a sentence: 28 November 2026."""
    day = date.fromisoformat(day)
    return f"{day.day} {day:%B} {day.year}"
