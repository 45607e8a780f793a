"""The picture that stands on the explorer's page where there is no JavaScript."""

import numpy as np

from convae_lib import conv_matrix

NAME = "explorer.svg"
INK, PALE, LINE, MARK = "#1f2328", "#59636e", "#c5ccd3", "#b8860b"
ORANGE, BLUE = "#d55e00", "#0072b2"  # of positive and of negative weights
CELL, SMALL = 40, 32  # pixels of the grids' cells, and of the matrix's
MARKED = 1  # the output whose row is marked

KERNEL = np.array([[1, 2, 0], [0, 1, 3], [0, 0, 1]])
IMAGE = np.arange(1, 17).reshape(4, 4)


def draw():
    """Return the picture: image, kernel, output, and the matrix below, as SVG."""
    matrix = conv_matrix(KERNEL, IMAGE.shape)
    output = (matrix @ IMAGE.ravel()).reshape(2, 2)
    parts = [
        *grid(20, 10, IMAGE, CELL, shade=IMAGE / 16),
        *grid(250, 30, KERNEL, CELL, weights=KERNEL),
        *grid(440, 50, output, CELL, shade=output / output.max()),
        sign(215, 95, "∗"),
        sign(405, 95, "="),
        frame(20 + CELL, 10, 3 * CELL, 3 * CELL),
        frame(440 + CELL, 50, CELL, CELL),
        *grid(
            20, 200, matrix.toarray(), SMALL, weights=matrix.toarray(), stored=matrix
        ),
        frame(20, 200 + MARKED * SMALL, 16 * SMALL, SMALL),
    ]
    body = "\n".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="552" height="340" '
        'viewBox="0 0 552 340" font-family="system-ui, sans-serif" '
        f'text-anchor="middle">\n{body}\n</svg>\n'
    )


def grid(left, top, values, cell, shade=None, weights=None, stored=None):
    """Yield the cells of a table of numbers; of a matrix, only what is stored."""
    held = np.full(values.shape, stored is None)
    if stored is not None:  # zeros of the kernel are stored, too
        rows = np.repeat(np.arange(len(values)), np.diff(stored.indptr))
        held[rows, stored.indices] = True
    for line, place in np.ndindex(values.shape):
        x, y = left + place * cell, top + line * cell
        shown = held[line, place]
        fill, strength = INK, 0
        if shade is not None:
            strength = 0.3 * shade[line, place]
        elif shown and weights[line, place]:
            fill = ORANGE if weights[line, place] > 0 else BLUE
            strength = 0.15 + 0.55 * abs(weights[line, place]) / 3
        elif shown:
            fill, strength = PALE, 0.12
        yield (
            f'<rect x="{x}" y="{y}" width="{cell}" height="{cell}" stroke="{LINE}" '
            f'fill="{fill}" fill-opacity="{strength:.2f}"/>'
        )
        if shown:
            yield (
                f'<text x="{x + cell / 2:g}" y="{y + cell / 2 + 5:g}" font-size="14" '
                f'fill="{INK}">{values[line, place]:.0f}</text>'
            )


def sign(x, y, text):
    """Return a sign between two grids."""
    return f'<text x="{x}" y="{y + 4}" font-size="22" fill="{PALE}">{text}</text>'


def frame(x, y, width, height):
    """Return the frame of what is marked."""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" '
        f'stroke="{MARK}" stroke-width="3" rx="2"/>'
    )


def files():
    """Return the picture by its place."""
    return {f"_static/{NAME}": draw()}
