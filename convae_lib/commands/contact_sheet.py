"""One picture of many: each above what became of it, with words beside them."""

from io import BytesIO

import numpy as np

__all__ = ["contact_sheet", "png"]

IN_A_ROW, GAP = 8, 4
SMALLEST, LARGEST = 64, 192  # sides of a picture on the sheet, in pixels
COLUMN = 104  # so wide that most names fit
LETTERS = 12  # the height of a line


def contact_sheet(pictures):
    """Return one picture of many: each above what became of it, and its name below.

    Parameters
    ----------
    pictures : list of (str, ndarray, ndarray)
        The name, and images of shape (height, width) or (height, width, 3), values in
        [0, 1].

    Returns
    -------
    PIL.Image.Image

    Examples
    --------
    >>> import numpy as np
    >>> contact_sheet([("dark", np.zeros((64, 64)), np.ones((64, 64)))]).height
    164
    """
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(LETTERS)
    thumbs = [(name, thumb(before), thumb(after)) for name, before, after in pictures]
    sizes = [image.size for _, *pair in thumbs for image in pair]
    width = max(COLUMN, *(width for width, _ in sizes)) + 2 * GAP
    height = max(height for _, height in sizes) + GAP
    words = ("before", "after")
    margin = round(max(map(font.getlength, words))) + GAP
    columns = min(IN_A_ROW, len(pictures))
    row_height = 2 * height + LETTERS + 4 * GAP
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (margin + columns * width, rows * row_height), "white")
    draw = ImageDraw.Draw(sheet)
    for place, (name, *pair) in enumerate(thumbs):
        row, column = divmod(place, columns)
        middle = margin + column * width + width // 2
        for below, (word, image) in enumerate(zip(words, pair)):
            top = row * row_height + 2 * GAP + below * height
            sheet.paste(image, (middle - image.width // 2, top))
            if not column:
                at = GAP, top + image.height // 2
                draw.text(at, word, "black", font, anchor="lm")
        at = middle, row * row_height + 2 * GAP + 2 * height
        draw.text(at, fitting(name, width - 2 * GAP, font), "black", font, anchor="ma")
    return sheet


def fitting(name, width, font):
    """Return a name, without its middle where it is wider than so many pixels."""
    short, kept = name, len(name)
    while font.getlength(short) > width and kept > 2:
        kept -= 1
        short = f"{name[: kept - kept // 2]}…{name[len(name) - kept // 2 :]}"
    return short


def thumb(image):
    """Return an image for the sheet: small ones with each pixel as a square."""
    from PIL import Image

    picture = as_picture(image)
    times = SMALLEST // max(picture.size)
    if times > 1:
        size = picture.width * times, picture.height * times
        return picture.resize(size, Image.Resampling.NEAREST)
    picture.thumbnail((LARGEST, LARGEST))
    return picture


def as_picture(image):
    """Return an array with values in [0, 1] as a picture of Pillow's."""
    from PIL import Image

    return Image.fromarray(np.round(np.asarray(image) * 255).astype(np.uint8))


def png(image):
    """Return the bytes of a picture's file."""
    file = BytesIO()
    picture = image if hasattr(image, "save") else as_picture(image)
    picture.save(file, "png")
    return file.getvalue()
