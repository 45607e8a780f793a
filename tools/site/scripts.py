"""Put the files of an element onto the pages that use it, and on no others.

Jupyter Book loads every script under `_static` on every page. The elements that readers
touch come from `convae_lib/widgets` instead and go to `_static/widgets` of the site. A
page that has `<conv-explorer` in its text loads what `ELEMENTS` lists for it, in that
order; `?v=` with a sum of the content is Sphinx's own. When a file changes, the pages
that use it are built anew, which Sphinx would not notice.
"""

import re
from pathlib import Path

from docutils import nodes

from convae_lib.widgets.elements import ELEMENTS, source

FOLDER = "widgets"


def setup(app):
    app.connect("doctree-read", remember_elements)
    app.connect("env-get-outdated", with_changed_files)
    app.connect("env-updated", write_files)
    app.connect("html-page-context", load_files)


def remember_elements(app, doctree):
    """Note in the environment which elements a page has."""
    text = "".join(node.astext() for node in doctree.findall(nodes.raw))
    used = [name for name in ELEMENTS if re.search(rf"<{name}[\s>]", text)]
    app.env.metadata[app.env.docname]["convae_elements"] = used


def files(env, page):
    """Return the files of the elements on a page, each once, in the order of loading."""
    used = env.metadata.get(page, {}).get("convae_elements", ())
    return [*dict.fromkeys(file for name in used for file in ELEMENTS[name])]


def with_changed_files(app, env, added, changed, removed):
    """Return the pages that use a file which is no longer as the site has it."""
    if app.builder.format != "html":
        return []
    return [
        page
        for page in env.all_docs
        if any(is_new(built(app, file), file) for file in files(env, page))
    ]


def write_files(app, env):
    """Write the files of all elements in use, before the pages that name their sums."""
    if app.builder.format == "html":
        for file in {file for page in env.all_docs for file in files(env, page)}:
            place = built(app, file)
            if is_new(place, file):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(source(file), encoding="utf-8")


def built(app, file):
    return Path(app.outdir) / "_static" / FOLDER / file


def is_new(place, file):
    return not place.is_file() or place.read_text(encoding="utf-8") != source(file)


def load_files(app, page, template, context, doctree):
    """Let a page load the files of its elements: called here, that concerns it alone."""
    for file in files(app.env, page):
        if file.endswith(".css"):
            app.add_css_file(f"{FOLDER}/{file}")
        else:
            app.add_js_file(f"{FOLDER}/{file}", loading_method="defer")
