"""``convae train``: an autoencoder of one's own images, in a file."""

import json
import shutil
from inspect import signature
from math import prod
from pathlib import Path
from time import perf_counter

from ..checks import write_whole
from . import given
from .arguments import Unreadable, WrongUse, add_overwrite, positive, size, whole
from .screen import in_words

__all__ = ["HELP", "MODELS", "RECIPES", "add_arguments", "run"]

MODELS = (
    "residual",
    "conv",
    "dense",
    "small_conv",
    "sparse",
    "strided_conv",
    "tied_conv",
    "tied_dense",
    "variational",
)
"""The functions of ``convae_lib.models`` without their ending, ``_autoencoder``."""

RECIPES = {
    "good": dict(optimizer="muon", learning_rate=0.03, schedule="linear"),
    "published": dict(optimizer="sgd", learning_rate=1.0, schedule="constant"),
    "adam": dict(optimizer="adam", learning_rate=0.001, schedule="constant"),
}
"""How to train: the book's best for all kinds of models, the textbook's, the usual one."""

SIZE = (64, 64)
EVERY = 100
EPOCHS, STEPS = 5, 1000
ROWS = 10  # of the table of epochs

HELP = """\
Train an autoencoder on a folder of pictures, or on Fashion-MNIST.

example:
  convae train my-pictures --out mine.keras
  convae train my-pictures --out mine.keras --resume
  convae train fashion-mnist --model conv --recipe published --out published.keras

The pictures of the folder, and of the folders in it, are resized to --size or cut into
tiles of that size, and split: eight tenths to train, a tenth to look at after each epoch
(validation), a tenth that is kept for convae evaluate. The split is the same each time.

Written are the network (mine.keras) and what it was made from and how well it does
(mine.json); while it trains, mine.checkpoints holds what --resume needs. Stop it whenever
you like, by Ctrl+C or by a power cut: the same command with --resume goes on.
"""


def add_arguments(parser):
    """Say what the command takes."""
    given.add_data(parser)
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
        help="; ".join(
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
        help=f"(default: {EPOCHS}, more for few pictures: as many as make {STEPS} steps)",
    )
    for name, least, default in (("batch-size", 1, 32), ("seed", 0, 1)):
        parser.add_argument(
            f"--{name}",
            type=whole(least),
            default=default,
            metavar="N",
            help=f"(default: {default})",
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


def model_name(text):
    """Read the name of a kind of model."""
    name = text.replace("-", "_").removesuffix("_autoencoder")
    if name not in MODELS:
        raise Unreadable(f"{text!r} is not one of {', '.join(MODELS)}")
    return name


def run(chosen, screen):
    """Read, build, train, write and tell."""
    if not chosen.out and not chosen.profile:
        raise WrongUse("say where the network goes, as --out mine.keras")
    out = Path(chosen.out or "none.keras")
    kept = out.with_suffix(".checkpoints")
    if chosen.resume and chosen.overwrite:
        raise WrongUse("--resume goes on, --overwrite begins anew: give one of them")
    given.check_data(chosen.data)
    if not chosen.profile and not (chosen.resume and out.is_file()):
        given.check_out(out, "--out", given.SUFFIX, chosen.overwrite)
    settings = settings_of(chosen)
    if chosen.resume and out.is_file():
        return tell_finished(screen, out, settings)
    if kept.exists() and not (chosen.resume or chosen.profile):
        if not chosen.overwrite:
            raise WrongUse(
                f"{kept} holds a training that was stopped; add --resume to go on with "
                "it, or --overwrite to begin anew"
            )
        shutil.rmtree(kept)
    if chosen.data != given.FASHION_MNIST:
        build(chosen, (*chosen.size, 3))  # refuses what no reading would mend
    images, report = given.read_images(
        screen,
        chosen.data,
        size=chosen.size,
        colour=chosen.colour,
        tiles=chosen.tiles,
    )
    screen.line(str(images))
    steps = -(-len(images.train) // chosen.batch_size)
    chosen.epochs = chosen.epochs or max(EPOCHS, -(-STEPS // steps))
    model = build(chosen, images.image_shape)
    if chosen.profile:
        return profile(chosen, screen, images.image_shape)
    tell_model(screen, chosen, model)
    started = perf_counter()
    history = fit(chosen, screen, model, images, kept)
    finish(chosen, screen, model, images, report, history, perf_counter() - started)
    shutil.rmtree(kept, ignore_errors=True)


def settings_of(chosen):
    """Return what a network is made from: what a resumed training shares with the first."""
    if chosen.data != given.FASHION_MNIST:
        chosen.size = chosen.size or SIZE
    recipe = dict(RECIPES[chosen.recipe])
    if chosen.learning_rate is not None:
        recipe["learning_rate"] = chosen.learning_rate
    return {
        "data": chosen.data,
        "model": chosen.model,
        "code_size": chosen.code_size,
        "size": chosen.size and list(chosen.size),
        "colour": chosen.colour,
        "tiles": chosen.tiles,
        "recipe": chosen.recipe,
        **recipe,
        "epochs": chosen.epochs,
        "batch_size": chosen.batch_size,
        "seed": chosen.seed,
    }


def build(chosen, image_shape):
    """Return the untrained model, from its seed."""
    given.load_keras(chosen.debug)
    import keras

    from ..models import MODELS as builds

    make = builds[f"{chosen.model}_autoencoder"]
    options = {"image_shape": image_shape}
    if chosen.code_size is not None:
        if "code_size" not in signature(make).parameters:
            takes = [
                n
                for n in MODELS
                if "code_size" in signature(builds[f"{n}_autoencoder"]).parameters
            ]
            raise WrongUse(
                f"--model {chosen.model} has a code of one size; --code-size is for "
                f"{', '.join(takes)}"
            )
        options["code_size"] = chosen.code_size
    keras.utils.clear_session()  # so that layers are numbered from the first on
    keras.utils.set_random_seed(chosen.seed)
    try:
        return make(**options)
    except ValueError as error:
        of = given.in_pixels(image_shape)
        raise WrongUse(
            f"--model {chosen.model} does not take images of {of}: {error} (--size "
            "says another size, --model another model)"
        ) from error


def profile(chosen, screen, image_shape):
    """Measure what makes such a training faster on this machine, and tell."""
    from ..training.profile import profile_training

    with screen.progress("measuring for about a minute"):
        rows = profile_training(
            lambda: build(chosen, image_shape),
            optimizer=RECIPES[chosen.recipe]["optimizer"],
            batch_size=chosen.batch_size,
        )
    screen.line(
        f"{chosen.model} on {rows[0]['device']}, as it is, and with one change:"
    )
    screen.line(f"{'change':32s}{'images a second':>16s}{'times as fast':>15s}")
    for row in rows:
        rate, ratio = row["images_per_second"], row["ratio"]
        screen.line(f"{row['change']:32s}{rate:16,.0f}{ratio:15.2f}")
    screen.line(
        "A larger batch takes fewer steps in an epoch, and may need more epochs and "
        "another --learning-rate."
    )
    screen.result(rows=rows)


def tell_model(screen, chosen, model):
    """Say what is trained."""
    numbers = prod(model.input_shape[1:])
    screen.line(
        f"{chosen.model}: {model.count_params():,} parameters, {code_of(model):,} numbers "
        f"for the {numbers:,} of an image, epochs: {chosen.epochs}"
    )


def code_of(model):
    """Return how many numbers a model keeps of an image."""
    from ..models.costs import code_size

    return code_size(model)


def fit(chosen, screen, model, images, kept):
    """Train, from a checkpoint if there is one, and draw how far it is."""
    from ..training.checkpoints import train_resumable

    if chosen.resume and not kept.exists():
        screen.note("no checkpoint yet: the training begins at its start")
    recipe = {
        name: settings_of(chosen)[name]
        for name in ("optimizer", "learning_rate", "schedule", "batch_size", "epochs")
    }
    with screen.progress("training") as advance:

        def told(epoch, step, steps, loss, left):
            advance(
                (epoch - 1) * steps + step,
                chosen.epochs * steps,
                f"epoch {epoch} of {chosen.epochs}, loss {loss:.4f}",
                left,
            )

        try:
            return train_resumable(
                model,
                images,
                folder=kept,
                every=chosen.every,
                resume=chosen.resume,
                seed=chosen.seed,
                progress=told,
                **recipe,
            )
        except KeyboardInterrupt as stopped:
            raise KeyboardInterrupt("; add --resume to go on") from stopped
        except ValueError as error:  # of a checkpoint that is another training's
            raise WrongUse(str(error)) from error


def finish(chosen, screen, model, images, report, history, seconds):
    """Score the network on validation, write it and its notes, and tell."""
    from ..scores.measures import applied, reconstruction_scores

    scores = reconstruction_scores("val", images.valid, applied(model))
    for name, value in scores.items():
        given.number(name, value)
    notes = {
        "settings": settings_of(chosen),
        "images": {
            "name": images.name,
            "shape": list(images.image_shape),
            **{part: len(getattr(images, part)) for part in ("train", "valid", "test")},
        },
        "files": given.report_entries(report),
        "parameters": model.count_params(),
        "code_size": code_of(model),
        "seconds": round(seconds, 1),
        **history,
        **scores,
    }
    out = Path(chosen.out)
    write_whole(out.with_suffix(".json"), json.dumps(notes, indent=1, default=str))
    given.save_model(model, out)
    tell_epochs(screen, history)
    floor = scores["val_loss"] - scores["val_excess"]
    screen.line(
        f"validation loss {scores['val_loss']:.4f} nats per pixel, {scores['val_excess']:.4f}"
        f" over the floor of {floor:.4f}"
    )
    screen.line(f"{out} is written, after {in_words(seconds)}")
    screen.result(out=str(out), **notes)


def tell_epochs(screen, history):
    """Print the losses of some epochs, the last among them."""
    losses, valid = history["loss_by_epoch"], history["val_loss_by_epoch"]
    every = -(-len(losses) // 30)  # of very many, not all are scored
    scored = [(every * k, losses[every * k - 1], v) for k, v in enumerate(valid, 1)]
    screen.line(f"{'epoch':>6s}{'loss':>9s}{'validation':>12s}")
    few = -(-len(scored) // ROWS)
    for epoch, loss, value in reversed(scored[::-1][::few]):
        screen.line(f"{epoch:6d}{loss:9.4f}{value:12.4f}")


def tell_finished(screen, out, settings):
    """Say that there is nothing to go on with, if what is there is what was asked for."""
    notes = given.read_notes(out)
    there = notes.get("settings", {})
    left_open = {"epochs"} if settings["epochs"] is None else set()
    other = [n for n in settings.keys() - left_open if there.get(n) != settings[n]]
    if other:
        name = min(other)
        raise WrongUse(
            f"--out '{out}' is there already, with {name} {there.get(name)!r} and not "
            f"{settings[name]!r}; name another file, or add --overwrite in place of "
            "--resume"
        )
    screen.line(f"{out} is finished already: nothing to resume")
    screen.result(out=str(out), **notes)
