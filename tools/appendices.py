"""Sphinx extension of the book: appendices are numbered by the letter of their file.

Sphinx numbers sections by numbers only, and without a number the figures and exercises
of all appendices would be counted through. Here ``A_the_network_as_one_matrix`` is
appendix A, and its figures are A.1, A.2 and so on.
"""

import re

from docutils import nodes
from sphinx.environment.collectors.toctree import TocTreeCollector

AFTER_SPHINX = 900  # has numbered what it numbers


def set_letters(app, env):
    """Number titles by their letter, and all figures anew; return pages that changed."""
    for page in env.found_docs:
        letter = re.match(r"chapters/([A-Z])_", page)
        if letter is None:
            continue
        number = (letter[1],)
        env.toc_secnumbers[page] = {"": number}
        for title in (env.titles[page], next(env.tocs[page].findall(nodes.reference))):
            title["secnumber"] = number
    return TocTreeCollector().assign_figure_numbers(env)


def setup(app):
    app.connect("env-get-updated", set_letters, priority=AFTER_SPHINX)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
