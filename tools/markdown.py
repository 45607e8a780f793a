"""Code, maths, links and MyST in a Markdown text, found by the parser that MyST uses."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

READER = MarkdownIt("commonmark").enable("table")
READER.use(colon_fence_plugin).use(dollarmath_plugin)
READER.use(myst_block_plugin).use(myst_role_plugin)

SPANS = {"code_inline", "math_inline", "link_open", "image", "myst_role"}
_DIRECTIVE = re.compile(r"\s*\{(?P<name>[^\s}]+)\}\s*(?P<argument>.*)")
_OPTIONS = re.compile(r"\A(:[\w-]+:.*\n)*")


def replaced(text, by):
    """Return a text with `by(token, source)` in place of each part.

    A part is one of SPANS or a block of whole lines: code, maths, a directive, another
    construct of MyST. What lies between the parts stays as it is written. The token is
    markdown-it's. A directive has the type "directive", its name and argument in
    `meta`, and no options in its content.
    """
    pieces, done = [], 0
    for start, token, source in _parts(text):
        pieces += text[done:start], by(token, source)
        done = start + len(source)
    return "".join([*pieces, text[done:]])


def _parts(text):
    """Yield place, token and source of each part of a text, in order."""
    starts = [0, *(end.end() for end in re.finditer("\n", text)), len(text)]
    done = 0
    for token in READER.parse(text + "\n"):  # or a fence of colons looks behind the end
        if token.nesting or token.type in ("hr", "html_block"):
            continue
        start, stop = (starts[line] for line in token.map)
        if directive := _DIRECTIVE.match(token.info):
            token.type, token.meta = "directive", directive.groupdict()
            token.content = _OPTIONS.sub("", token.content)
        if token.type != "inline":
            yield start, token, text[start:stop]
        elif start >= done:  # a row of a table has a token for each cell
            yield from _spans(text, start, stop)
        done = stop


def _spans(text, start, stop):
    """Yield the parts in a paragraph, heading or row: its tokens do not know their place."""
    state = StateInline(text[:stop], READER, {}, [])
    state.pos = start
    while (start := state.pos) < stop:
        READER.inline.skipToken(state)
        source = text[start : state.pos]
        token = READER.parseInline(source)[0].children[0]
        if token.type in SPANS:
            yield start, token, source
