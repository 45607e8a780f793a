"""The foot of chapters, and a folder of figures.

At the foot of each chapter's page stands when its outputs were made, and with which versions.
The folder `figures/` holds the book's figures under the names of their labels, and
`figures/index.html` shows them with their captions and the words for those who do not see
them.
"""

import html
import json
import shutil
from pathlib import Path

from tools.notebooks import PICTURES, made_in_words, picture, read
from tools.slides.words import inline


def setup(app):
    app.connect("html-page-context", say_when_made)
    app.connect("build-finished", write_figures)


def say_when_made(app, page, template, context, doctree):
    """Add to a page what `make notebooks` stored in its notebook."""
    stored = app.env.metadata.get(page, {}).get("convae_made")
    if stored:
        made = json.loads(stored) if isinstance(stored, str) else stored
        context["body"] += f'<p class="made">{html.escape(made_in_words(made))}</p>\n'


def write_figures(app, exception):
    """Write the figures of all chapters, and the page that shows them."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "figures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    entries = []
    for page, path in chapters(app.env):
        notebook, numbers = read(path), app.env.toc_fignumbers.get(page, {})
        entries.append(f"<h2>{html.escape(app.env.titles[page].astext())}</h2>")
        for cell in notebook.cells:
            if "figure" in cell.metadata.get("mystnb", {}):
                name, kind, content = drawn(cell)
                (folder / f"{name}.{kind}").write_bytes(content)
                number = ".".join(map(str, numbers.get("figure", {}).get(name, ())))
                link = f"../{page}.html#{name}"
                entries.append(entry(cell, f"{name}.{kind}", number, link))
    page = PAGE.format(entries="\n".join(entries))
    (folder / "index.html").write_text(page, encoding="utf-8")


def chapters(env):
    """Return name and file of the pages that are notebooks, in their order."""
    toc = env.external_site_map
    pages = [page for page in toc if page in env.all_docs]
    files = [(page, Path(env.doc2path(page))) for page in pages]
    return [(page, path) for page, path in files if path.suffix == ".ipynb"]


def drawn(cell):
    """Return the label of a cell's figure, its format, and its bytes."""
    pictures = (picture(output.get("data", {})) for output in cell.outputs)
    kind, content = next(found for found in pictures if found)
    return cell.metadata["mystnb"]["figure"]["name"], PICTURES[kind], content


def entry(cell, file, number, link):
    """Return the HTML that shows a figure in the list."""
    described = cell.metadata["mystnb"]
    alt = described.get("image", {}).get("alt", "")
    return ENTRY.format(
        file=file,
        link=link,
        number=number,
        caption=inline(described["figure"]["caption"]),
        alt=html.escape(alt),
    )


ENTRY = """\
<figure>
<a href="{file}"><img loading="lazy" src="{file}" alt="{alt}"></a>
<figcaption>
<p><a href="{link}">Fig. {number}</a> {caption}</p>
<p class="file"><a href="{file}" download>{file}</a></p>
<p class="alt">{alt}</p>
</figcaption>
</figure>"""

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Figures — Convolutional autoencoders</title>
<meta name="description" content="All figures of the book as files, with their captions and \
descriptions, to take into slides and lessons.">
<link rel="icon" href="../_static/logo.svg">
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: Canvas;
color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; }}
a {{ color: LinkText; }}
figure {{ display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.5rem;
margin: 2rem 0; }}
img {{ max-width: 100%; height: auto; background: #fff; }}
figcaption {{ overflow-wrap: anywhere; }}
p {{ margin: 0 0 0.5rem; }}
.file {{ font-family: ui-monospace, Consolas, monospace; font-size: 0.9rem; }}
.alt {{ opacity: 0.85; font-size: 0.9rem; }}
@media (max-width: 600px) {{ figure {{ grid-template-columns: minmax(0, 1fr); }} }}
</style>
</head>
<body>
<main>
<h1>Figures</h1>
<p>All figures of the book, to take: each file bears the name of its figure. Below the name
stands what the figure shows, for those who do not see it. The figures and the garments in
them, which are Fashion-MNIST's, are under the MIT licence.</p>
<p><a href="../index.html">Back to the book</a></p>
{entries}
</main>
</body>
</html>
"""
