"""The picture that stands on the live autoencoder's page where there is no JavaScript."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from convae_lib import draw_garments, load_trained
from convae_lib.widgets.weights import HELD, SEED

NAME = "autoencoder.svg"
INK, LINE = "#808080", "#8a939c"  # read on a white page and on a dark one
ORANGE, BLUE = "#d55e00", "#0072b2"  # of positive and of negative numbers
KIND = 2  # a pullover
SIDE, TOP, WIDTH, HEIGHT = 168, 8, 640, 206
LEFT, RIGHT = 214, 426  # of the code
FAN = 9  # lines


def draw():
    """Return the picture: a drawn garment, its code, and its reconstruction, as SVG."""
    images, labels, _ = draw_garments(HELD, SEED)
    garment = images[labels == KIND][:1]
    encoder, decoder = load_trained("residual_30").layers
    code = encoder.predict(garment, verbose=0)
    drawn = decoder.predict(code, verbose=0)
    middle = TOP + SIDE / 2
    parts = [
        picture(0, garment[0]),
        fan(SIDE + 4, LEFT - 4),
        *bars(code[0], middle),
        fan(WIDTH - SIDE - 4, RIGHT + 4),
        picture(WIDTH - SIDE, drawn[0]),
        words(SIDE / 2, "784 pixels"),
        words(WIDTH / 2, "30 numbers"),
        words(WIDTH - SIDE / 2, "784 pixels"),
    ]
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif">\n'
        f"{body}\n</svg>\n"
    )


def picture(left, image):
    """Return an image of 28×28 pixels, each as a square."""
    png = BytesIO()
    Image.fromarray(np.round(255 * image).astype(np.uint8)).save(png, "png")
    text = base64.b64encode(png.getvalue()).decode("ascii")
    return (
        f'<image x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}" '
        f'style="image-rendering: pixelated" href="data:image/png;base64,{text}"/>'
    )


def fan(wide, narrow):
    """Return lines from the side of an image to the middle of the code."""
    lines = []
    for line in range(FAN):
        at = TOP + SIDE * (line + 0.5) / FAN
        to = TOP + SIDE * (0.35 + 0.3 * (line + 0.5) / FAN)
        half = (wide + narrow) / 2
        lines.append(
            f"M{wide} {at:.1f}C{half} {at:.1f} {half} {to:.1f} {narrow} {to:.1f}"
        )
    return (
        f'<path d="{"".join(lines)}" fill="none" stroke="{LINE}" stroke-width="0.7"/>'
    )


def bars(code, middle):
    """Yield a bar for each number, upwards where it is positive."""
    step = (RIGHT - LEFT) / len(code)
    scale = SIDE / 2 / np.abs(code).max()
    for place, number in enumerate(code):
        height = abs(number) * scale
        top = middle - height if number > 0 else middle
        yield (
            f'<rect x="{LEFT + place * step + 0.7:.1f}" y="{top:.1f}" rx="1" '
            f'width="{step - 1.4:.1f}" height="{height:.1f}" '
            f'fill="{ORANGE if number > 0 else BLUE}"/>'
        )


def words(middle, text):
    return (
        f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle" font-size="14" '
        f'fill="{INK}">{text}</text>'
    )


def files():
    """Return the picture by its place."""
    return {f"_static/{NAME}": draw()}
