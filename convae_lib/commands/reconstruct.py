"""``convae reconstruct``: a folder of pictures as a model draws them again."""

from pathlib import Path

import numpy as np

from .arguments import WrongUse, add_overwrite, whole
from .contact_sheet import contact_sheet, png
from .named_images import add_memory, add_tiles, look_into
from .named_models import add_model, check_model, read_model
from .notes import how_it_was_read
from .outputs import check_out, whole_folder

__all__ = ["HELP", "SHEET", "add_arguments", "run"]

SHEET = "before-and-after.png"
AT_ONCE = 100

HELP = """\
Draw every picture of a folder again, through a model's code.

example:
  convae reconstruct mine.keras my-pictures --out drawn

Every picture becomes a PNG of the model's size, under its own name and in the same
folders, and before-and-after.png shows some of them above what became of them. What
cannot be read is named and left out.

Where the notes that convae train wrote beside the model (mine.json) say that it was trained
on tiles, or with --tiles, a picture is drawn tile by tile and put together again. It is then
as large as its whole tiles: the rim that holds none is left out. The parts of convae train
play no part: most of the pictures may be ones that the network was trained on.
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
                sheet.append((file.stem, before, after))
        (place / SHEET).write_bytes(png(contact_sheet(sheet)))
    left_out = report.files - report.read
    screen.line(f"{report.read:,} pictures drawn into {out}, {left_out:,} left out")
    if report.rim:
        screen.line("each is as large as its whole tiles: the rim is left out")
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
