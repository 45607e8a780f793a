"""All drawings of the first page, in one SVG that the page carries and refers to.

`intro.md` puts `_static/front.svg` into the page, where it shows nothing by itself; each
place of the page shows one of its symbols by ``<use href="#front-NAME">``. So a drawing
follows the theme's colours, which an image from a file could not.

The garments are the library's own, drawn by `draw_garments`; no image of Fashion-MNIST is
needed, or shown.
"""

import numpy as np

from convae_lib import draw_garments, load_trained
from tools.drawings import vignettes
from tools.drawings.vignettes import HIGH, WIDE, pixels, rect, shape, short

NAME = "front.svg"
SEED, DRAWN = 7, 702
DRESS, BAG, NOISE = 701, 430, 0.3
POINTS = 240  # of the map of codes
LINES = 15  # of a fan, at each side of the code

DRAWINGS = {
    "dense": vignettes.dense_and_convolutional,
    "matrix": vignettes.sparse_matrix,
    "stamps": vignettes.stamps,
    "losses": vignettes.falling_losses,
    "excess": vignettes.falling_excess,
    "floor": vignettes.steps_to_the_floor,
    "tiles": vignettes.cut_into_tiles,
    "workers": vignettes.workers_on_a_ring,
    "product": vignettes.product_of_layers,
    "times": vignettes.times_to_build,
    "windows": vignettes.windows_on_a_row,
    "axes": vignettes.axes_of_a_kernel,
}
"""What needs no network."""


def computed():
    """Return what networks of the library make of drawn garments.

    Returns
    -------
    dict
        ``hero``: a garment, its code of 30 numbers, and its reconstruction; ``map``: codes of
        two numbers and the kinds of their garments; ``cleaned``: a noisy garment, and
        what the denoiser draws of it.
    """
    images, labels, _ = draw_garments(DRAWN, SEED)
    encoder, decoder = load_trained("residual_30").layers
    dress = images[DRESS]
    code = np.asarray(encoder(dress[None]))
    again = np.asarray(decoder(code)).reshape(28, 28)
    codes = np.asarray(load_trained("residual_2").layers[0](images[:POINTS]))
    noise = NOISE * np.random.default_rng(0).normal(size=(28, 28))
    noisy = np.clip(images[BAG] + noise, 0, 1).astype("float32")
    clean = np.asarray(load_trained("denoiser")(noisy[None])).reshape(28, 28)
    return {
        "hero": (dress, code[0], again),
        "map": (codes, labels[:POINTS]),
        "cleaned": (noisy, clean),
    }


def bars(code):
    """Return a code as bars, a row for each number, to the right where it is positive."""
    drawn, longest = "", np.abs(code).max()
    for row, number in enumerate(code):
        width = max(48 * abs(number) / longest, 0.4)
        kind = "positive" if number > 0 else "negative"
        start = 50 if number > 0 else 50 - width
        drawn += rect(kind, start, row + 0.12, width, 0.76)
    return drawn


def fan(code, outwards):
    """Return lines from an image's edge to the numbers of a code, or from there on."""
    drawn = ""
    for row in np.linspace(0, len(code) - 1, LINES).round().astype(int):
        near, far = 100 * row / (len(code) - 1), 8 + 84 * (row + 0.5) / len(code)
        kind = "positive" if code[row] > 0 else "negative"
        ends = (far, near) if outwards else (near, far)
        path = f"M0 {short(ends[0])}C50 {short(ends[0])} 50 {short(ends[1])} 100 "
        drawn += shape("path", f"{kind} hair", d=path + short(ends[1]))
    return drawn


def symbol(name, box, content):
    fit = ' preserveAspectRatio="none"' if box != (WIDE, HIGH) else ""
    return f'<symbol id="front-{name}" class="front-drawing" viewBox="0 0 {box[0]} {box[1]}"{fit}>{content}</symbol>'


def draw(found):
    """Return the SVG of all drawings, from what `computed` returns."""
    garment, code, again = found["hero"]
    symbols = [
        symbol("garment", (28, 28), pixels(garment, 0, 0, 28)),
        symbol("in", (100, 100), fan(code, outwards=False)),
        symbol("code", (100, len(code)), bars(code)),
        symbol("out", (100, 100), fan(code, outwards=True)),
        symbol("again", (28, 28), pixels(again, 0, 0, 28)),
    ]
    drawn = {name: drawing() for name, drawing in DRAWINGS.items()}
    drawn["map"] = vignettes.map_of_codes(*found["map"])
    drawn["cleaned"] = vignettes.cleaned(*found["cleaned"])
    symbols += [symbol(name, (WIDE, HIGH), drawn[name]) for name in sorted(drawn)]
    inside = "\n".join(symbols)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="front-store" width="0" height="0" '
        f'aria-hidden="true">\n{inside}\n</svg>\n'
    )


def files():
    """Return the drawings by their place."""
    return {f"_static/{NAME}": draw(computed())}
