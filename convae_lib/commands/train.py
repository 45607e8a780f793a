"""``convae train``: an autoencoder of one's own images, in a file."""

import shutil
from pathlib import Path
from time import perf_counter

from . import notes
from .arguments import WrongUse, add_overwrite, positive, size, whole
from .begun import read_begun
from .course import finish, fit, tell_model
from .named_images import (
    FASHION_MNIST,
    add_by_parent,
    add_data,
    add_memory,
    check_data,
    read_images,
)
from .named_models import SUFFIX
from .outputs import check_out
from .recipes import MODELS, RECIPES, build, model_name

__all__ = ["HELP", "add_arguments", "run"]

SIZE = (64, 64)
EVERY = 100
EPOCHS, STEPS = 5, 1000

HELP = """\
Train an autoencoder on a folder of pictures, or on Fashion-MNIST.

example:
  convae train my-pictures --out mine.keras
  convae train my-pictures --out mine.keras --resume
  convae train fashion-mnist --model conv --recipe published --out published.keras

The pictures of the folder, and of the folders in it, are scaled to fill --size and cropped
to their middle, or cut into tiles of that size, and split: eight tenths to train, a tenth to
look at after each epoch (validation), a tenth that is kept for convae evaluate. The split is
the same each time.

Written are the network (mine.keras) and what it was made from and how well it does
(mine.json); while it trains, mine.checkpoints holds what --resume needs. Stop it whenever
you like, by Ctrl+C or by a power cut: the same command with --resume goes on.
"""


def add_arguments(parser):
    """Say what the command takes."""
    add_data(parser)
    parser.add_argument("--out", metavar="FILE.keras", help="where the network goes")
    parser.add_argument(
        "--model",
        type=model_name,
        default=MODELS[0],
        metavar="NAME",
        help=f"{', '.join(MODELS)} (default: {MODELS[0]})",
    )
    parser.add_argument(
        "--code-size",
        type=whole(1),
        metavar="N",
        help="numbers that are kept of an image (default: as the model has it)",
    )
    parser.add_argument(
        "--recipe",
        choices=RECIPES,
        default="good",
        help="optimizer, learning rate and schedule; "
        + "; ".join(
            f"{name}: {how['optimizer']}, {how['learning_rate']}, {how['schedule']}"
            for name, how in RECIPES.items()
        )
        + " (default: good)",
    )
    parser.add_argument(
        "--learning-rate",
        type=positive,
        metavar="RATE",
        help="in place of the recipe's",
    )
    parser.add_argument(
        "--epochs",
        type=whole(1),
        metavar="N",
        help="times through the training pictures (default: "
        f"{EPOCHS}, more for few pictures: as many as make {STEPS} steps)",
    )
    for name, least, most, default, what in (
        ("batch-size", 1, None, 32, "pictures in a step"),
        ("seed", 0, 2**32 - 1, 1, "of the first weights, and of the order of pictures"),
    ):
        parser.add_argument(
            f"--{name}",
            type=whole(least, most),
            default=default,
            metavar="N",
            help=f"{what} (default: {default})",
        )
    parser.add_argument(
        "--size",
        type=size,
        metavar="SIDE|HxW",
        help=f"height and width to which pictures are brought (default: {SIZE[0]})",
    )
    colours = parser.add_mutually_exclusive_group()
    colours.add_argument(
        "--colour",
        action="store_true",
        default=None,
        help="read the pictures in colour (default: if one of them has any)",
    )
    colours.add_argument(
        "--grey", dest="colour", action="store_false", help="read them grey"
    )
    parser.add_argument(
        "--tiles", action="store_true", help="cut pictures into tiles of --size"
    )
    add_by_parent(parser)
    add_memory(parser)
    parser.add_argument(
        "--every",
        type=whole(1),
        default=EVERY,
        metavar="STEPS",
        help=f"steps between two checkpoints (default: {EVERY})",
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with a training that was stopped"
    )
    parser.add_argument(
        "--profile",
        action="store_true",
        help="train nothing; measure what makes this training fast on this machine",
    )
    add_overwrite(parser)


def run(chosen, screen):
    """Read, build, train, write and tell."""
    if chosen.data != FASHION_MNIST:
        chosen.size = chosen.size or SIZE
    if chosen.profile:
        return profile(chosen, screen)
    if not chosen.out:
        raise WrongUse("say where the network goes, as --out mine.keras")
    out = Path(chosen.out)
    kept = out.with_suffix(".checkpoints")
    if chosen.resume and chosen.overwrite:
        raise WrongUse("--resume goes on, --overwrite begins anew: give one of them")
    check_data(chosen.data)
    if chosen.resume and out.is_file():
        return tell_finished(chosen, screen, out)
    check_out(out, "--out", SUFFIX, chosen.overwrite)
    # A training that was stopped while it wrote has left notes, and goes on.
    there = notes.notes_place(out)
    check_out(there, "the notes of --out", ".json", chosen.overwrite or chosen.resume)
    if kept.exists() and not kept.is_dir():
        raise WrongUse(f"{kept}, where checkpoints go, is a file; name another --out")
    if kept.exists() and not chosen.resume:
        if not chosen.overwrite:
            raise WrongUse(
                f"{kept} holds a training that was stopped; add --resume to go on with "
                "it, or --overwrite to begin anew"
            )
        shutil.rmtree(kept)
    checkpoint = read_begun(chosen, kept)
    images, report = read(chosen, screen)
    steps = -(-len(images.train) // chosen.batch_size)
    chosen.epochs = chosen.epochs or max(EPOCHS, -(-STEPS // steps))
    model = build(chosen, images.image_shape)
    tell_model(screen, chosen, model)
    started = perf_counter()
    history = fit(chosen, screen, model, images, kept, checkpoint)
    seconds = perf_counter() - started
    since = "" if checkpoint is None else ", since it was resumed"
    finish(chosen, screen, model, images, report, history, seconds, since)
    shutil.rmtree(kept, ignore_errors=True)


def read(chosen, screen):
    """Return the images that are trained on, which are told, and the report."""
    if chosen.data != FASHION_MNIST:
        build(chosen, (*chosen.size, 3))  # refuses what no reading would mend
    images, report = read_images(
        screen,
        chosen.data,
        size=chosen.size,
        colour=chosen.colour,
        tiles=chosen.tiles,
        by_parent=chosen.by_parent,
        memory=chosen.memory,
    )
    screen.line(str(images))
    return images, report


def profile(chosen, screen):
    """Measure what makes such a training faster on this machine, and tell."""
    check_data(chosen.data)
    images, _ = read(chosen, screen)
    build(chosen, images.image_shape)
    from ..training.profile import profile_training

    with screen.progress("measuring, which takes a minute or more"):
        rows = profile_training(
            lambda: build(chosen, images.image_shape),
            optimizer=RECIPES[chosen.recipe]["optimizer"],
            batch_size=chosen.batch_size,
        )
    plain, *changed = rows
    screen.line(
        f"{chosen.model} on {plain['device']}: {plain['images_per_second']:,.0f} images a "
        "second as it is; with one change:"
    )
    screen.line(f"{'change':32s}{'times as fast':>15s}{'lowest':>9s}{'highest':>9s}")
    for row in changed:
        screen.line(
            f"{row['change']:32s}{row['ratio']:15.2f}{row['lowest']:9.2f}"
            f"{row['highest']:9.2f}"
        )
    screen.line(
        "A larger batch takes fewer steps in an epoch, and may need more epochs and "
        "another --learning-rate."
    )
    screen.result(rows=rows)


def tell_finished(chosen, screen, out):
    """Say that there is nothing to go on with, if what is there is what was asked for."""
    notes.refuse_other_settings(out, notes.settings_of(chosen))
    screen.line(f"{out} is finished already: nothing to resume")
    screen.result(out=str(out), **notes.read_notes(out))
