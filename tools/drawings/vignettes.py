"""The small pictures of the first page: one for each chapter, drawn of what it computes.

Each function returns the inside of an SVG of `WIDE` by `HIGH`. A shape has a kind and no
colour of its own, so that the page can show it in light and dark: `positive` and
`negative` are the colours of a kernel's weights, `ink` is that of the text.
"""

import base64
import json
from io import BytesIO

import numpy as np
from PIL import Image

from convae_lib import conv_matrix, conv_transpose_matrix
from tools.notebooks import ROOT

WIDE, HIGH = 160, 90
RESULTS = ROOT / "results"
LAYER = "256×256×3→16"
KERNEL = np.array([[2, 1, 0], [0, -1, -2], [0, 0, -1]])
"""That of the book's logo."""


def shape(tag, kind, **attributes):
    """Return one shape: lengths to a tenth, names of attributes with `_` for `-`."""
    written = "".join(
        f' {name.replace("_", "-")}="{short(value)}"'
        for name, value in attributes.items()
    )
    return f'<{tag} class="{kind}"{written}/>'


def short(value):
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0").replace(
        "-0", "0" if value > -0.05 else "-0"
    )


def rect(kind, x, y, width, height, **attributes):
    return shape("rect", kind, x=x, y=y, width=width, height=height, **attributes)


def line(kind, x1, y1, x2, y2, **attributes):
    return shape("line", kind, x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def polyline(kind, x, y):
    points = " ".join(f"{short(a)},{short(b)}" for a, b in zip(x, y))
    return shape("polyline", kind, points=points)


def circle(kind, x, y, radius):
    return shape("circle", kind, cx=x, cy=y, r=radius)


def arrow(x, y, length=18):
    """Return an arrow to the right whose middle is at a place."""
    start, tip = x - length / 2, x + length / 2
    return line("ink line", start, y, tip, y) + polyline(
        "ink line", [tip - 5, tip, tip - 5], [y - 4, y, y + 4]
    )


def cells(values, x, y, side):
    """Return the cells of a matrix: the larger a number, the stronger its colour."""
    drawn, most = "", np.abs(values).max()
    for (row, column), value in np.ndenumerate(values):
        place = x + column * side, y + row * side, side, side
        drawn += rect("grid", *place)
        if value:
            kind = "positive" if value > 0 else "negative"
            drawn += rect(
                kind, *place, opacity=f"{0.25 + 0.75 * abs(value) / most:.2f}"
            )
    return drawn


def pixels(image, x, y, side):
    """Return a grey image, kept as a PNG within the picture."""
    png = BytesIO()
    grey = np.round(255 * np.asarray(image)).astype(np.uint8)
    Image.fromarray(grey).save(png, "PNG", optimize=True)
    link = f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"
    return shape("image", "pixels", href=link, x=x, y=y, width=side, height=side)


def records(name):
    """Return the rows of a file of `results/`."""
    return [json.loads(row) for row in (RESULTS / name).read_text().splitlines()]


def dense_and_convolutional():
    """All inputs lead to each output, and beside it three, by the same weights."""
    drawn = ""
    above, below = np.linspace(12, 68, 7), np.linspace(21, 59, 5)
    for top in above:
        drawn += "".join(line("ink hair", top, 18, low, 72) for low in below)
    drawn += "".join(circle("ink", top, 18, 3.2) for top in above)
    drawn += "".join(circle("ink", low, 72, 3.2) for low in below)
    kinds = ["positive line", "ink line", "negative line"]
    for place, low in enumerate(below + 80):
        for kind, top in zip(kinds, above[place : place + 3] + 80):
            drawn += line(kind, top, 18, low, 72)
    drawn += "".join(circle("ink", top + 80, 18, 3.2) for top in above)
    return drawn + "".join(circle("ink", low + 80, 72, 3.2) for low in below)


def sparse_matrix():
    """A kernel, and the matrix of its four windows on an image of 4×4 pixels."""
    matrix = conv_matrix(KERNEL, (4, 4)).toarray()
    return cells(KERNEL, 66.5, 6, 9) + cells(matrix, 4, 43, 9.5)


def stamps():
    """Four numbers stamp a kernel each: how often every pixel was stamped on."""
    matrix = conv_transpose_matrix(np.ones((3, 3)), (2, 2), strides=2)
    count = (matrix @ np.ones(4)).reshape(5, 5)
    side, left, top = 14, 84, 10
    drawn = cells(np.ones((2, 2)) / 4, 8, 31, side) + arrow(60, 45)
    drawn = drawn.replace('opacity="1.00"', 'opacity="0.44"')
    drawn += cells(count, left, top, side)
    drawn += rect("negative frame", 8 + side, 31 + side, side, side)
    corner = left + 2 * side, top + 2 * side
    return drawn + rect("negative frame", *corner, 3 * side, 3 * side)


def falling_losses():
    """The five epochs that the post printed, in training and in validation."""
    published = json.loads((RESULTS / "published.json").read_text())
    losses = {row["what"]: row["values"] for row in published}
    drawn = line("ink line", 14, 8, 14, 80) + line("ink line", 14, 80, 152, 80)
    for kind, what in [("negative", "loss"), ("positive", "validation loss")]:
        values = np.array(losses[f"the post: {what} after each of 5 epochs"])
        x, y = np.linspace(26, 142, 5), 12 + (0.302 - values) * 1650
        drawn += polyline(f"{kind} line", x, y)
        drawn += "".join(circle(kind, *place, 3) for place in zip(x, y))
    return drawn


def map_of_codes(codes, labels):
    """Garments as points, those of two kinds in colour, and a walk between two of them.

    A point stands where its numbers rank among those of all points.

    Parameters
    ----------
    codes : ndarray, shape (n, 2)
    labels : ndarray of int, shape (n,)
    """
    ranks = codes.argsort(axis=0).argsort(axis=0) / (len(codes) - 1)
    places = ranks * [144, 74] + [8, 8]
    kinds = {0: "positive", 9: "negative"}  # T-shirts and ankle boots
    order = sorted(range(len(codes)), key=lambda n: labels[n] in kinds)
    drawn = "".join(
        circle(kinds.get(labels[n], "ink pale"), *places[n], 2.2) for n in order
    )
    ends = [np.median(places[labels == kind], axis=0) for kind in kinds]
    drawn += line("ink line dashed", *ends[0], *ends[1])
    return drawn + "".join(
        circle(f"{kind} ringed", *end, 5) for kind, end in zip(kinds.values(), ends)
    )


def falling_excess():
    """What codes of 30 to 576 numbers miss: dense, convolutional and, thin, PCA."""
    rows = [row for row in records("equal_sizes.jsonl") if row["recipe"] == "good"]
    rows += records("linear_codes.jsonl")
    drawn = line("ink line", 14, 8, 14, 80) + line("ink line", 14, 80, 152, 80)
    kinds = {"PCA": "ink", "dense": "negative", "convolutional": "positive"}
    for name, kind in kinds.items():
        found = {}
        for row in rows:
            if row["name"] == name and 30 <= row["code_size"] <= 576:
                found.setdefault(row["code_size"], []).append(row["val_excess"])
        sizes = np.array(sorted(found))
        means = np.array([np.mean(found[size]) for size in sizes])
        x = 24 + 120 * np.log(sizes / 30) / np.log(576 / 30)
        y = 14 + 58 * np.log(0.06 / means) / np.log(0.06 / 0.0035)
        drawn += polyline(f"{kind} line", x, y)
        drawn += "".join(circle(kind, *place, 2.6) for place in zip(x, y))
    return drawn


def steps_to_the_floor():
    """How far above its floor the loss stops: as published, and three steps down.

    A better recipe, a network that skips to the code, and blocks in it.
    """
    rows = [*records("equal_sizes.jsonl"), *records("ablation.jsonl")]
    steps = [
        ("convolutional", "published", 576),
        ("convolutional", "good", 576),
        ("no blocks", "good", 539),
        ("residual", "good", 539),
    ]
    found = {step: [] for step in steps}
    for row in rows:
        step = row["name"], row["recipe"], row["code_size"]
        if step in found:
            found[step].append(row["val_excess"])
    drawn = line("ink line dashed", 8, 80, 152, 80)
    for place, step in enumerate(steps):
        height = 68 * np.mean(found[step]) / np.mean(found[steps[0]])
        kind = "positive" if step == steps[-1] else "negative"
        drawn += rect(kind, 18 + 34 * place, 80 - height, 22, height, rx=1.5)
    return drawn


def cleaned(noisy, clean):
    """A garment under noise, and what a network draws of it.

    Parameters
    ----------
    noisy, clean : ndarray, shape (28, 28)
    """
    return pixels(noisy, 4, 14, 62) + arrow(80, 45) + pixels(clean, 94, 14, 62)


def cut_into_tiles():
    """A small landscape, and the same cut into tiles."""
    row, column = np.mgrid[:6, :8]
    land = np.where(row > 3.4 + np.sin(column / 1.5), 1, -1)
    drawn = cells(land, 2, 24, 7) + arrow(76, 45)
    for top in range(0, 6, 2):
        for left in range(0, 8, 2):
            x, y = 94 + 8.2 * left, 20 + 8.2 * top
            drawn += cells(land[top : top + 2, left : left + 2], x, y, 7)
    return drawn


def workers_on_a_ring():
    """Eight workers that hand pieces of their gradients on to the next."""
    turns = 2 * np.pi * np.arange(8) / 8
    places = np.stack([80 + 62 * np.sin(turns), 45 - 32 * np.cos(turns)], axis=1)
    drawn = ""
    for here, there in zip(places, np.roll(places, -1, axis=0)):
        way = (there - here) / np.linalg.norm(there - here)
        side = np.array([-way[1], way[0]])
        start, tip = here + 11 * way, there - 11 * way
        drawn += line("ink line", *start, *tip)
        ends = np.array([tip - 5 * way + 4 * side, tip, tip - 5 * way - 4 * side])
        drawn += polyline("ink line", *ends.T)
    return drawn + "".join(
        circle("negative" if place % 4 else "positive", *at, 7)
        for place, at in enumerate(places)
    )


def product_of_layers():
    """Six layers, narrow in the middle, multiplied: they are one matrix."""
    drawn = ""
    for place, height in enumerate([64, 46, 28, 28, 46, 64]):
        kind = "negative" if place < 3 else "positive"
        opacity = f"{1 - 0.25 * min(place, 5 - place):.2f}"
        left = 6 + 13 * place
        drawn += rect(kind, left, 45 - height / 2, 9, height, rx=1.5, opacity=opacity)
    drawn += line("ink line", 89, 41, 98, 41) + line("ink line", 89, 48, 98, 48)
    band = np.subtract.outer(np.arange(6), np.arange(6))
    wave = np.where(np.abs(band) < 3, np.cos(1.4 * band) * (3 - np.abs(band)), 0)
    return drawn + cells(np.round(wave, 1), 105, 21, 8)


def times_to_build():
    """How long a matrix takes to build, ours above, and in two usual ways."""
    measured = json.loads((RESULTS / "conv_matrix.json").read_text())["build"]
    row = next(r for r in measured if r["layer"] == LAYER and r["dtype"] == "float32")
    drawn = line("ink line", 14, 8, 14, 82)
    for place, times in enumerate(
        [1, row["coo_int32_over_ours"], row["coo_int64_over_ours"]]
    ):
        width = 134 * times / row["coo_int64_over_ours"]
        kind = "negative" if place else "positive"
        drawn += rect(kind, 16, 15 + 22 * place, width, 15, rx=1.5)
    return drawn


def axes_of_a_kernel():
    """The four axes of a kernel, as they stand in Keras and as they stand in PyTorch."""
    side, above, below = 18, 10, 62
    order = [2, 3, 1, 0]  # HWIO, and where each stands in OIHW
    kinds = ["ink frame", "ink frame", "positive", "negative"]
    drawn, left = "", 17
    for place, (kind, other) in enumerate(zip(kinds, order)):
        start, end = left + 36 * place, left + 36 * other
        drawn += line("ink line", start + 9, above + side + 3, end + 9, below - 3)
        drawn += rect(kind, start, above, side, side)
        drawn += rect(kind, end, below, side, side)
    return drawn


def windows_on_a_row():
    """Seven cells with one of padding at each side: windows of three, two apart."""
    side, left, top, low = 15, 12.5, 14, 62
    drawn = ""
    for cell in range(9):
        kind = "ink frame dashed" if cell in (0, 8) else "ink frame"
        drawn += rect(kind, left + cell * side, top, side, side)
    for window in range(4):
        start = left + 2 * window * side
        kind = "negative" if window % 2 else "positive"
        middle = start + 1.5 * side
        y = top + side + 3 + 5 * (window % 2)
        drawn += line(f"{kind} line", start + 2, y, start + 3 * side - 2, y)
        drawn += line(f"{kind} line", middle, y, middle, low)
        drawn += rect(kind, middle - side / 2, low, side, side)
    return drawn
