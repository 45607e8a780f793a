"""A font of the icons that pages use, taken out of the theme's font of all icons.

The theme's own brings a megabyte and a half of script and 150 kilobytes of font for about
twenty icons. Its style sheet says which sign each name stands for.
"""

import re
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONT = "vendor/fontawesome/webfonts/fa-solid-900.ttf"
STYLES = "styles/pydata-sphinx-theme.css"
NAMES = [
    *("angle-left", "angle-right", "arrow-up", "bars", "circle-half-stroke"),
    *("download", "expand", "file", "file-pdf", "list", "magnifying-glass", "moon"),
    *("sun", "xmark", "chevron-down", "chevron-right"),
    *("code", "code-branch", "lightbulb", "rocket"),  # buttons of repository.py
]
"""Icons that templates name; those of the theme's styles and of exercises come on top."""


def setup(app):
    app.connect("builder-inited", write_font)


def write_font(app):
    if app.builder.format == "html":
        folders = [
            Path(folder) / "static" for folder in app.builder.theme.get_theme_dirs()
        ]
        theme = next(folder for folder in folders if (folder / FONT).is_file())
        place = Path(app.outdir) / "_static" / "icons.woff"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(icons(theme))


def icons(theme):
    """Return the bytes of a WOFF font with the icons in use, from a theme's files."""
    styles = (theme / STYLES).read_text(encoding="utf-8")
    signs = re.findall(r'--pst-[a-z-]+:"(.)"', styles)
    signs += ["\uf107", "\uf303"]  # sphinx-book-theme's "on this page", an exercise
    for name in NAMES:
        (code,) = re.findall(rf'\.fa-{name}:before[^}}]*content:"\\(\w+)"', styles)
        signs.append(chr(int(code, 16)))
    font = TTFont(theme / FONT)
    options = subset.Options(layout_features=[], hinting=False, glyph_names=False)
    cut = subset.Subsetter(options)
    cut.populate(text="".join(signs))
    cut.subset(font)
    font.flavor = "woff"
    written = BytesIO()
    font.save(written, reorderTables=None)
    return written.getvalue()
