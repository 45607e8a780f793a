"""The book's Markdown as HTML that stands alone: no role, no script for formulas."""

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from tools.colab import citations, elsewhere, plain_markdown
from tools.notebooks import ROOT


def formula(text, options):
    """Return TeX as MathML, which browsers draw by themselves."""
    display = "block" if options["display_mode"] else "inline"
    return convert(text, xmlns="", display=display).replace(' xmlns=""', "")


HTML = MarkdownIt("commonmark").enable("table")
HTML.use(dollarmath_plugin, renderer=formula)


def readable(text):
    """Return MyST text as Markdown, with words in place of roles."""
    return plain_markdown(text, citations(ROOT / "references.bib"), elsewhere())


def inline(text):
    """Return a line of MyST as HTML."""
    return HTML.renderInline(readable(text))


def block(text):
    """Return paragraphs of MyST as HTML."""
    return HTML.render(readable(text))
