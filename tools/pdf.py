"""The book as one PDF, printed by Chromium from the built pages: ``make pdf``.

All pages are put into one document, with a table of contents before them. It is printed
twice: the first time tells on which page each heading stands.

    python -m tools.pdf [FILE]    write _build/convolutional-autoencoders.pdf, or FILE
"""

import json
import re
import sys
from html import unescape
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import yaml
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter

from tools.browser import launch
from tools.notebooks import ROOT

SITE = ROOT / "_build" / "html"
FILE = ROOT / "_build" / "convolutional-autoencoders.pdf"
FOOT = (
    '<div style="width: 100%; font: 8pt sans-serif; text-align: center">'
    '<span class="pageNumber"></span></div>'
)
SETTINGS = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
TITLE, AUTHOR = SETTINGS["title"], SETTINGS["author"]
MATH = 'class="math'
HEADED = r'(<section[^>]*\bid="([^"]*)"[^>]*>\s*(?:<span[^>]*></span>\s*)*)<h([12])'
SHEET = r'<link rel="stylesheet"[^>]*>'
# On paper a picture leads to no file of this machine.
UNLINK = """() => document.querySelectorAll("figure a:has(img)")
  .forEach((link) => link.replaceWith(...link.childNodes))"""
STYLE = """
body { background: white; }
.bd-content { display: block; margin: 0; }
.bd-main .bd-content .bd-article { padding: 0; }
.bd-main .bd-content .bd-article > section { break-before: page; }
.bd-main, .bd-content, .bd-article-container { overflow: visible; max-width: none; }
.title-page { text-align: center; padding-top: 5cm; }
.title-page img { width: 100%; }
.book-contents { break-before: page; }
.book-contents p { display: flex; gap: 0.5rem; margin: 0; font-size: 0.85rem; }
.book-contents p.page { margin-top: 0.7rem; font-weight: 600; font-size: 1rem; }
.book-contents a { flex: 1; color: inherit; text-decoration: none; }
.book-contents p.section a { padding-left: 1.5rem; }
.made, .sd-card { break-inside: avoid; }
"""


def order(site):
    """Return the files of the pages as the book has them, which its search lists."""
    script = (site / "_static/search/text.js").read_text(encoding="utf-8")
    return [file for file, _ in json.loads(script.partition(" = ")[2].rstrip(";\n"))]


def article(site, file):
    """Return the article of a page, with names and links that fit into one document.

    Every `id` gets the page before it; a link to a page or to a place in it leads to
    that place in the document.
    """
    text = (site / file).read_text(encoding="utf-8")
    body = re.search(
        r'<article class="bd-article"[^>]*>(.*?)</article>', text, re.DOTALL
    )[1]
    here = Path(file)

    def link(match):
        address, _, anchor = unescape(match[2]).partition("#")
        if re.match(r"\w+:", address):
            return match[0]
        target = (site / here.parent / address).resolve() if address else site / here
        if not target.is_relative_to(site):
            return match[0]
        target = target.relative_to(site).as_posix()
        if "=" in anchor:  # the setting of an element, of which paper has only one
            anchor = ""
        if match[1] == "href" and target.endswith(".html"):
            return f'href="#{place(target, anchor)}"'
        return f'{match[1]}="{target}"'

    body = re.sub(r'\b(href|src)="([^"]*)"', link, body)
    body = re.sub(
        r'\bid="([^"]*)"', lambda found: f'id="{place(file, found[1])}"', body
    )
    # A section may begin on the page before its heading: the contents name the heading.
    return re.sub(HEADED, r'\1<h\3 id="\2--head"', body)


def place(file, anchor=""):
    """Return the name of a place of a page in the whole document."""
    page = file.removesuffix(".html").replace("/", "--")
    return f"{page}--{anchor}" if anchor else page


def contents(articles):
    """Return title, place and level of each page and of its sections.

    Parameters
    ----------
    articles : dict of str to str
        HTML by file.

    Returns
    -------
    list of tuple of (str, str, int)
    """
    found = []
    for body in articles.values():
        pattern = r'<h([12]) id="([^"]*--head)"[^>]*>(.*?)</h\1>'
        for level, name, title in re.findall(pattern, body, re.DOTALL):
            title = re.sub(r'<a class="headerlink".*?</a>|<[^>]*>', "", title)
            found.append((title, name, int(level)))
    return found


def document(site, articles, pages=None):
    """Return the HTML of the whole book; `pages` holds the page of each place."""
    # The head of a page with formulas, one folder down, brings all that is needed.
    file = next(name for name in articles if "/" in name and MATH in articles[name])
    head = (site / file).read_text(encoding="utf-8")
    head = head[head.index("<head>") + 6 : head.index("</head>")].replace("../", "")
    sheets = [sheet for name in articles for sheet in sheets_of(site, name)]
    head += "\n".join(sheet for sheet in dict.fromkeys(sheets) if sheet not in head)
    head = re.sub(r"<script[^>]*(?:toggle|copybutton|clipboard).*?</script>", "", head)
    rows = [
        f'<p class="{"page" if level == 1 else "section"}"><a href="#{name}">{title}</a>'
        f"<span>{(pages or {}).get(name, 0)}</span></p>"
        for title, name, level in contents(articles)
    ]
    bodies = [
        f'<article class="bd-article" id="{place(file)}">{body}</article>'
        for file, body in articles.items()
    ]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en" data-content_root="./" data-theme="light">',
            f"<head>{head}<style>{STYLE}</style></head>\n<body>",
            '<main class="bd-main"><div class="bd-content">',
            '<div class="bd-article-container">',
            '<div class="title-page"><img src="_static/cover.png" alt=""></div>',
            f'<nav class="book-contents"><h2>Contents</h2>{"".join(rows)}</nav>',
            *bodies,
            "</div></div></main></body></html>",
        ]
    )


def sheets_of(site, file):
    """Return the links of a page to its style sheets, as the whole document has them."""
    text = (site / file).read_text(encoding="utf-8")
    return [sheet.replace("../", "") for sheet in re.findall(SHEET, text)]


def print_whole(browser, html, site):
    """Return the bytes of the PDF of a document that stands in the folder of the site."""
    # Beside the pages, so that their pictures are found.
    with NamedTemporaryFile(dir=site, suffix=".html", delete=False) as file:
        file.write(html.encode())
    path = Path(file.name)
    page = browser.new_page()
    try:
        page.set_default_timeout(300_000)
        page.goto(path.as_uri())
        page.evaluate("() => window.MathJax?.startup?.promise")
        page.evaluate(UNLINK)
        return page.pdf(
            format="A4",
            margin=dict(top="18mm", bottom="20mm", left="18mm", right="18mm"),
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOT,
            print_background=True,
            scale=0.8,  # the size of letters in books, not of those on a screen
            tagged=True,
        )
    finally:
        page.close()
        path.unlink()


def pages_of(pdf, articles):
    """Return the page of each place, counted from 1, by the PDF's own named places."""
    named = pdf.named_destinations
    found = {}
    for _, name, _ in contents(articles):
        target = named.get(f"/{name}") or named.get(name)
        if target is not None:
            found[name] = pdf.get_destination_page_number(target) + 1
    return found


def book(browser, site=SITE, files=None):
    """Return the bytes of the book's PDF.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
    site : Path, optional
        The folder of the built pages.
    files : list of str, optional
        Pages, instead of all.

    Returns
    -------
    bytes
    """
    articles = {file: article(site, file) for file in files or order(site)}
    draft = print_whole(browser, document(site, articles), site)
    pages = pages_of(PdfReader(BytesIO(draft)), articles)
    whole = print_whole(browser, document(site, articles, pages), site)
    return with_outline(whole, articles)


def with_outline(pdf, articles):
    """Return the PDF with the contents as its outline, which viewers show at the side."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    pages, above = pages_of(PdfReader(BytesIO(pdf)), articles), None
    for title, name, level in contents(articles):
        parent = above if level == 2 else None
        item = writer.add_outline_item(
            title=unescape(title), page_number=pages[name] - 1, parent=parent
        )
        above = item if level == 1 else above
    writer.add_metadata({"/Title": TITLE, "/Author": AUTHOR})
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def main(arguments):
    """Write the PDF; return where it is."""
    if len(arguments) > 1:
        sys.exit(f"name one file or none, not {' '.join(arguments)}")
    path = Path(arguments[0] if arguments else FILE)
    with sync_playwright() as playwright:
        path.write_bytes(book(launch(playwright)))
    print(f"{path}: {len(PdfReader(path).pages)} pages")
    return path


if __name__ == "__main__":
    main(sys.argv[1:])
