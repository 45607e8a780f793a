"""What the site has beside what Jupyter Book writes: an extension that _config.yml names.

At the foot of each chapter's page stands when its outputs were made, and with which versions.
"""

import html
import json

from tools.notebooks import made_in_words


def setup(app):
    app.connect("html-page-context", say_when_made)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def say_when_made(app, page, template, context, doctree):
    """Add to a page what `make notebooks` stored in its notebook."""
    stored = app.env.metadata.get(page, {}).get("convae_made")
    if stored:
        made = json.loads(stored) if isinstance(stored, str) else stored
        context["body"] += f'<p class="made">{html.escape(made_in_words(made))}</p>\n'
