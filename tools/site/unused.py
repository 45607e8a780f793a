"""Take out of the built site what packages copy into it and no page ever asks for.

That is two thirds of its size: MathJax for other kinds of input and output, the theme's
icons, of which `icons.py` keeps the few in use, and maps for debuggers.
"""

from pathlib import Path
from shutil import rmtree

UNUSED = [
    *("scripts/fontawesome.js", "scripts/*.map", "styles/*.map", "vendor"),
    *("mathjax/sre", "mathjax/node-main.js", "mathjax/output/svg*", "mathjax/mml-*.js"),
    *("mathjax/tex-svg*.js", "mathjax/tex-mml-*.js", "mathjax/tex-chtml-full*.js"),
]
"""Files and folders in `_static`."""


def setup(app):
    app.connect("build-finished", remove)


def remove(app, exception):
    if exception or app.builder.format != "html":
        return
    for pattern in UNUSED:
        for path in (Path(app.outdir) / "_static").glob(pattern):
            if path.is_dir():
                rmtree(path)
            else:
                path.unlink()
