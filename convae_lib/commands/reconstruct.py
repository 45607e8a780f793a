"""``convae reconstruct``: a folder of pictures as a model draws them again."""

from io import BytesIO
from pathlib import Path

import numpy as np

from .arguments import WrongUse, add_overwrite, whole
from .named_images import add_memory, add_tiles, look_into
from .named_models import add_model, check_model, read_model
from .notes import how_it_was_read
from .outputs import check_out, whole_folder

__all__ = ["HELP", "SHEET", "add_arguments", "contact_sheet", "run"]

SHEET = "before-and-after.png"
IN_A_ROW, GAP = 8, 4
SMALLEST, LARGEST = 64, 192  # sides on the contact sheet, in pixels
AT_ONCE = 100

HELP = """\
Draw every picture of a folder again, through a model's code.

example:
  convae reconstruct mine.keras my-pictures --out drawn

Every picture becomes a PNG of the model's size, under its own name and in the same
folders, and before-and-after.png shows some of them above what became of them. What
cannot be read is named and left out.
"""


def add_arguments(parser):
    """Say what the command takes."""
    add_model(parser)
    parser.add_argument(
        "folder", metavar="FOLDER", help="a folder of pictures, flat or nested"
    )
    parser.add_argument(
        "--out", metavar="DIR", required=True, help="a new folder for the drawings"
    )
    parser.add_argument(
        "--sheet",
        type=whole(1),
        default=16,
        metavar="N",
        help="pictures on the contact sheet (default: 16)",
    )
    add_tiles(parser)
    add_memory(parser)
    add_overwrite(parser)


def run(chosen, screen):
    """Load, draw, write and tell."""
    check_model(chosen.model)
    folder, out = Path(chosen.folder), Path(chosen.out)
    if not chosen.folder or not folder.is_dir():  # Path("") is this folder
        what = "is a file" if chosen.folder and folder.exists() else "is not there"
        raise WrongUse(f"FOLDER {chosen.folder!r} {what}; name a folder of pictures")
    check_out(out, "--out", overwrite=chosen.overwrite)
    if out.is_dir() and any(out.iterdir()) and not (out / SHEET).is_file():
        raise WrongUse(
            f"--out {chosen.out!r} holds something else than drawings (it has no {SHEET}), "
            "which is not replaced; name another place"
        )
    if out.resolve() == folder.resolve() or folder.resolve() in out.resolve().parents:
        raise WrongUse(
            f"--out {chosen.out!r} lies in {chosen.folder!r}: the drawings would be "
            "pictures of the next run; name a place outside it"
        )
    model = read_model(chosen.model, chosen.debug)
    images, report = read(screen, model, chosen)
    sheet, shown = [], spread(report.read, chosen.sheet)
    with whole_folder(out) as place, screen.progress("drawing", len(images)) as advance:
        for place_in_folder, (name, before, after) in enumerate(
            drawings(model, images, advance)
        ):
            file = free_name(place, Path(name).with_suffix(".png"))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(png(after))
            if place_in_folder in shown:
                sheet.append((before, after))
        (place / SHEET).write_bytes(png(contact_sheet(sheet)))
    left_out = report.files - report.read
    screen.line(f"{report.read:,} pictures drawn into {out}, {left_out:,} left out")
    screen.line(
        f"{out / SHEET} shows {len(sheet)} of them, each above what became of it"
    )
    screen.result(
        model=chosen.model,
        out=str(out),
        pictures=report.read,
        sheet=str(out / SHEET),
        files=report.as_dict(),
    )


def spread(count, most):
    """Return places among so many, at equal distances from the first to the last.

    Examples
    --------
    >>> sorted(spread(10, 4)), sorted(spread(2, 4))
    ([0, 3, 6, 9], [0, 1])
    """
    return {*np.linspace(0, count - 1, min(count, most)).round().astype(int).tolist()}


def read(screen, model, chosen):
    """Return the pictures in the size and colours of the model, and the report."""
    from ..data.folder.read import read_images

    height, width, *channels = model.input_shape[1:]
    return look_into(
        screen,
        read_images,
        chosen.folder,
        size=(height, width),
        colour=channels == [3],
        memory=chosen.memory,
        **how_it_was_read(chosen.model, chosen),
    )


def drawings(model, images, advance):
    """Yield each file's name, its picture, and what the model makes of it.

    A file that is cut into tiles is put together again.
    """
    from ..scores.measures import applied

    draw, shape = applied(model), model.input_shape[1:]
    before, after, file = [], [], 0
    for start in range(0, len(images), AT_ONCE):
        batch = images[start : start + AT_ONCE]
        drawn = np.clip(draw(batch.reshape(len(batch), *shape)), 0, 1)
        for row, (image, again) in enumerate(zip(batch, drawn), start + 1):
            before.append(image)
            after.append(again.reshape(image.shape))
            if row == images.ends[file]:
                grid = images.grid(file)
                yield (
                    images.name(row - 1),
                    together(before, grid),
                    together(after, grid),
                )
                before, after, file = [], [], file + 1
        advance(min(start + AT_ONCE, len(images)))


def together(tiles, grid):
    """Return the tiles of one picture in their rows and columns.

    Examples
    --------
    >>> import numpy as np
    >>> together(list(np.arange(4).reshape(4, 1, 1)), (2, 2)).tolist()
    [[0, 1], [2, 3]]
    """
    rows, columns = grid
    return np.concatenate(
        [
            np.concatenate(tiles[row * columns : (row + 1) * columns], axis=1)
            for row in range(rows)
        ]
    )


def free_name(place, path):
    """Return where a drawing goes: two pictures may differ in their endings only."""
    name, count = place / path, 1
    while name.exists() or name == place / SHEET:
        count += 1
        name = place / path.with_stem(f"{path.stem}-{count}")
    return name


def contact_sheet(pairs):
    """Return one picture of many: each above what became of it.

    Parameters
    ----------
    pairs : list of (ndarray, ndarray)
        Images of shape (height, width) or (height, width, 3), values in [0, 1].

    Returns
    -------
    PIL.Image.Image

    Examples
    --------
    >>> import numpy as np
    >>> contact_sheet([(np.zeros((64, 64)), np.ones((64, 64)))]).size
    (72, 144)
    """
    from PIL import Image

    thumbs = [[thumb(image) for image in pair] for pair in pairs]
    width = max(image.width for pair in thumbs for image in pair) + 2 * GAP
    height = max(image.height for pair in thumbs for image in pair) + GAP
    columns = min(IN_A_ROW, len(pairs))
    rows = -(-len(pairs) // columns)
    sheet = Image.new("RGB", (columns * width, rows * (2 * height + 2 * GAP)), "white")
    for place, pair in enumerate(thumbs):
        row, column = divmod(place, columns)
        for below, image in enumerate(pair):
            left = column * width + (width - image.width) // 2
            top = row * (2 * height + 2 * GAP) + GAP + below * height
            sheet.paste(image, (left, top))
    return sheet


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
