"""Slides from the stored notebooks, a file a chapter: ``make slides``.

A cell with the tag `slide` is a slide. What it says may stand in the cell's metadata,
under `slide`; CONTRIBUTING.md tells how to choose cells and lines. Nothing is executed,
and a file needs no other: reveal.js, figures and formulas are in it.

    python -m tools.slides    write _build/slides
"""

import base64
import html
import re
import sys
from importlib.resources import files
from string import Template

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from convae_lib.checks import write_whole
from tools.markdown import READER
from tools.notebooks import (
    FOLDED,
    ROOT,
    SLIDE,
    made_in_words,
    notebooks,
    picture,
    read,
    tags,
)
from tools.slides.words import block, inline, readable

DECKS = ROOT / "_build" / "slides"
DECK = ROOT / "tools" / "slides" / "deck.html"
REVEAL = files("sphinx_revealjs") / "_static" / "revealjs" / "dist"

MOST_WORDS = 75
MOST_LINES = 18
"""What fits on a slide: words beside its heading, and lines of code and output."""
LARGE_LINES = 13  # this many fit in larger letters


CODE = HtmlFormatter(nowrap=True, style="friendly")


def main():
    DECKS.mkdir(parents=True, exist_ok=True)
    for old in DECKS.glob("*.html"):
        old.unlink()
    links = []
    for path in notebooks():
        notebook = read(path)
        title, found = title_of(notebook), slides(notebook, path.stem)
        write_whole(DECKS / f"{path.stem}.html", deck(title, found))
        print(f"_build/slides/{path.stem}.html: {len(found)} slides")
        links.append(f'<li><a href="{path.stem}.html">{html.escape(title)}</a></li>')
    write_whole(DECKS / "index.html", INDEX.format(links="\n".join(links)))
    print(f"Begin with {DECKS / 'index.html'}")


INDEX = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Slides: Convolutional autoencoders</title>
<style>body {{ max-width: 40rem; margin: 2rem auto; padding: 0 1rem;
font: 1.2rem/1.6 system-ui, sans-serif; }}</style>
<h1>Convolutional autoencoders</h1>
<p>The slides of each chapter. Arrow keys turn them, F fills the screen, Esc shows all.</p>
<ul>
{links}
</ul>
</html>
"""


def title_of(notebook):
    return headings(notebook.cells[0].source)[0][1]


def deck(title, slides):
    """Return a file of HTML that shows slides and needs no other file."""
    return Template(DECK.read_text()).substitute(
        title=html.escape(title),
        slides="\n".join(slides),
        code_css=CODE.get_style_defs(".reveal pre.code"),
        reveal_css=(REVEAL / "reveal.css").read_text(),
        reveal_js=(REVEAL / "reveal.js").read_text(),
    )


def slides(notebook, name="notebook"):
    """Return the slides of a notebook, in order, each a section of HTML.

    Raises
    ------
    ValueError
        If a tagged cell has more words or lines than fit on a slide.
    """
    found, heading = [], (1, "")
    for cell in notebook.cells:
        text = cell.source if cell.cell_type == "markdown" else ""
        heading = (headings(text) or [heading])[-1]
        if SLIDE not in tags(cell):
            continue
        text = cell.metadata.get("slide", text)
        level, title = (headings(text) or [heading])[-1]
        text = re.sub(r"^#+ .*\n?", "", text, flags=re.MULTILINE)
        place = f"{name}, {cell.id}"
        opens = level == 1 and cell.cell_type == "markdown"
        parts = [f"<h1>{inline(title)}</h1>" if opens else f"<h2>{inline(title)}</h2>"]
        parts += said(text, place)
        if cell.cell_type == "code":
            parts += shown(cell, place)
        if opens and (made := notebook.metadata.get("convae_made")):
            parts.append(f'<p class="made">{made_in_words(made)}</p>')
        start = '<section class="opens">' if opens else "<section>"
        found.append("\n".join([start, *parts, "</section>"]))
    return found


def headings(text):
    """Return level and text of each heading of a Markdown text, in order."""
    tokens = READER.parse(text)
    pairs = zip(tokens, tokens[1:])
    return [(int(a.tag[1]), b.content) for a, b in pairs if a.type == "heading_open"]


def said(text, place):
    """Return what a slide says, as a list of HTML."""
    if not text.strip():
        return []
    words = len(re.findall(r"[^\W\d_][\w’'-]*", readable(text)))
    if words > MOST_WORDS:
        mend = "say it shorter in the cell's metadata, under 'slide'"
        raise ValueError(f"{place}: {words} words, more than {MOST_WORDS}; {mend}")
    return ['<div class="said">', block(text), "</div>"]


def shown(cell, place):
    """Return a code cell's figures or, where it has none, its code and outputs."""
    pictures = [picture(out.get("data", {})) for out in cell.outputs]
    if any(pictures):
        described = cell.metadata.get("mystnb", {})
        return [figure(described, *found) for found in pictures if found]
    code = "" if FOLDED in tags(cell) else cell.source
    lines = len("\n".join([code, *map(plain, cell.outputs)]).strip().splitlines())
    if lines > MOST_LINES:
        mend = "tag a shorter cell"
        raise ValueError(f"{place}: {lines} lines, more than {MOST_LINES}; {mend}")
    printed = [output(out) for out in cell.outputs]
    if code:
        lit = highlight(code, PythonLexer(), CODE).rstrip()
        printed.insert(0, f'<pre class="code"><code>{lit}</code></pre>')
    size = "large" if lines <= LARGE_LINES else "small"
    return [f'<div class="{size}">', *printed, "</div>"]


def figure(described, kind, content):
    alt = html.escape(described.get("image", {}).get("alt", ""))
    caption = inline(described.get("figure", {}).get("caption", ""))
    source = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return (
        f'<figure><img alt="{alt}" src="{source}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def output(out):
    """Return what a cell printed, as HTML: a table as a table."""
    if "text/html" in out.get("data", {}):
        table = re.sub(r"<style.*?</style>", "", out.data["text/html"], flags=re.DOTALL)
        return table.strip()
    return f'<pre class="printed">{html.escape(plain(out).rstrip())}</pre>'


def plain(out):
    return out.get("text") or out.get("data", {}).get("text/plain", "")


if __name__ == "__main__":
    sys.exit(main())
