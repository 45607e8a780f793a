"""What the search finds: the text of all pages, section by section, in one script.

The search of Sphinx knows words and pages; a page here is thirty screens long. So the
build reads the pages that it has written and puts their sections into
`_static/search/text.js`, which only search.html loads. A script works from a file, too,
where a page may not read other pages.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from shutil import copyfile

SCRIPT = Path(__file__).with_name("static") / "search.js"
FOLDER = "_static/search"
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = {
    "p",
    "li",
    "pre",
    "td",
    "th",
    "dt",
    "dd",
    "tr",
    "div",
    "figcaption",
    *HEADINGS,
}
EMPTY = {"img", "br", "hr", "input", "meta", "link", "source", "wbr", "col"}
UNREAD = {"script", "style", "button", "nav"}
"""Tags whose text is no part of a section."""


def setup(app):
    app.connect("builder-inited", copy_script)
    app.connect("html-page-context", load_script)
    app.connect("build-finished", write_text)


def copy_script(app):
    if app.builder.format == "html":
        place = Path(app.outdir) / FOLDER / SCRIPT.name
        place.parent.mkdir(parents=True, exist_ok=True)
        copyfile(SCRIPT, place)


def load_script(app, page, template, context, doctree):
    if page == "search":
        app.add_js_file("search/search.js", loading_method="defer")


def write_text(app, exception):
    """Write the sections of all pages, in the order of the book."""
    if exception or app.builder.format != "html":
        return
    pages = [page for page in app.env.external_site_map if page in app.env.all_docs]
    found = []
    for page in pages:
        file = f"{page}.html"
        text = (Path(app.outdir) / file).read_text(encoding="utf-8")
        found.append([file, sections(text)])
    script = f"convae.search.pages = {json.dumps(found, ensure_ascii=False)};\n"
    place = Path(app.outdir) / FOLDER / "text.js"
    place.write_text(script, encoding="utf-8")


def sections(text):
    """Return the sections of a page: anchor, heading and text of each.

    Parameters
    ----------
    text : str
        HTML of a page.

    Returns
    -------
    list of list of str

    Examples
    --------
    >>> sections('<article><section id="a"><h1>A<a class="headerlink">#</a></h1>'
    ...          '<p>One &amp; two</p></section></article>')
    [['a', 'A', 'One & two']]
    """
    reader = Sections()
    reader.feed(text)
    found = [[entry[0], *map(clean, entry[1:])] for entry in reader.found]
    for entry in found:  # the name of a function is its heading, without the rest
        name, opened, rest = entry[1].partition("(")
        if opened and entry[0].endswith(name.split(" ")[-1]):
            entry[1:] = [name, f"{opened}{rest}\n{entry[2]}"]
    return [entry for entry in found if entry[1]]


def clean(words):
    """Return words with single spaces, a line for each block, without marks of TeX."""
    words = re.sub(r"\\[()\[\]]", "", words.replace("¶", ""))
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


class Sections(HTMLParser):
    """Collects [anchor, heading, text] of each section, documented name and term."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.open = []  # tags that are open inside the article
        self.inside = []  # the sections around, innermost last

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        classes = (attributes.get("class") or "").split()
        if tag == "article":
            self.open = [(tag, False, None)]
        if not self.open or tag == "article":
            return
        if tag in EMPTY:
            self.write(" ")
            return
        term = attributes.get("id", "").startswith("term-")
        name = tag == "dt" and ("sig" in classes or term)
        if (tag == "section" or name) and "id" in attributes:
            entry = [attributes["id"], "", ""]
            self.found.append(entry)
        else:
            entry = None
        if name and self.inside:
            self.inside[-1] = entry  # until the section ends or another name comes
            entry = None
        elif entry:
            self.inside.append(entry)
        unread = self.open[-1][1] or tag in UNREAD or "headerlink" in classes
        self.open.append((tag, unread, entry))
        if tag in BLOCKS:
            self.write("\n")

    def handle_endtag(self, tag):
        if tag in EMPTY or tag not in [name for name, _, _ in self.open]:
            return
        while True:
            name, _, entry = self.open.pop()
            if entry:
                self.inside.pop()
            if name == tag:
                break
        if tag in BLOCKS and self.open:
            self.write("\n")

    def handle_data(self, data):
        self.write(data)

    def write(self, data):
        if not self.inside or not self.open or self.open[-1][1]:
            return
        tags = [tag for tag, _, _ in self.open]
        section = self.inside[-1]
        heading = HEADINGS & {*tags} or "dt" in tags  # a name is its own heading
        section[1 if heading and not section[2].strip() else 2] += data
