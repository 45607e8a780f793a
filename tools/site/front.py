"""The first page has a style of its own, which no other page loads.

Jupyter Book puts every style under `_static` on every page: this one is taken out of its
list, and put back where the book begins.
"""

STYLE = "front.css"


def setup(app):
    app.connect("config-inited", take_out)
    app.connect("html-page-context", load_style)


def take_out(app, config):
    files = [name for name in config.html_css_files if name != STYLE]
    config.html_css_files = files


def load_style(app, page, template, context, doctree):
    if page == app.config.root_doc:
        app.add_css_file(STYLE)
