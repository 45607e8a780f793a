"""``convae evaluate``: how well a model reconstructs images that it has not seen."""

from pathlib import Path

from .arguments import WrongUse, whole
from .baselines import first, linear_code, mean_image
from .named_images import (
    AS_TRAINED,
    FASHION_MNIST,
    add_by_parent,
    add_data,
    add_memory,
    add_tiles,
    check_data,
    in_pixels,
    look_into,
    read_images,
    report_entries,
)
from .named_models import NETWORKS, add_model, check_model, read_model
from .notes import how_it_was_read, notes_place, number, read_notes

__all__ = ["HELP", "add_arguments", "run"]

PARTS = ("train", "valid", "test")

HELP = """\
Score a model on images.

example:
  convae evaluate mine.keras my-pictures
  convae evaluate published fashion-mnist --part valid --json

The loss is the binary cross-entropy in nats per pixel. No reconstruction gets below the
floor, which grey pixels have by themselves: what counts is the excess over it. Beside
the model stand PCA, which keeps as many numbers of an image and is fitted to the training
images, and their mean, drawn for every image. Where the images are large and few, PCA
is fitted to patches. Accuracy is the share of values that lie on the right side of one
half, and mse the mean squared error; the model was trained for neither.

Pictures are brought to the size and the colours that the model takes, and are split as in
convae train: the part "test" is what a model that was trained on this folder has not seen.
For a folder that it has never seen say --part all, which scores every picture. Whether pictures are cut into tiles, and
whether folders stay whole, is read from the notes that convae train wrote beside the model
(mine.json); where there are none, say --tiles and --by-parent again.
"""


def add_arguments(parser):
    """Say what the command takes."""
    add_model(parser)
    add_data(parser)
    parser.add_argument(
        "--part",
        choices=[*PARTS, "all"],
        default="test",
        help="which images (default: test)",
    )
    parser.add_argument(
        "--first", type=whole(1), metavar="N", help="only so many of them"
    )
    add_tiles(parser)
    add_by_parent(parser, AS_TRAINED)
    add_memory(parser)


def run(chosen, screen):
    """Load, score and tell."""
    check_model(chosen.model)
    check_data(chosen.data)
    from ..scores.measures import applied

    model = read_model(chosen.model, chosen.debug)
    images, report = images_for(model, chosen, screen)
    if report is not None:
        tell_of_notes(chosen, screen)
    mean = mean_image(images)
    drawn = {"model": applied(model), "mean_image": lambda batch: mean[None]}
    with screen.progress("fitting PCA"):
        about = pca_for(model, images, screen)
    if about:
        drawn["pca"] = about.pop("reconstruct")
    parts = PARTS if chosen.part == "all" else [chosen.part]
    if report is not None and chosen.part == "all":
        parts = ["train"]  # where `images_for` puts every picture
    looked = {part: first(getattr(images, part), chosen.first) for part in parts}
    total = sum(map(len, looked.values()))
    with screen.progress("scoring", total * len(drawn)) as advance:
        scores = scores_of(drawn, looked, advance)
    floor = scores["model"]["loss"] - scores["model"]["excess"]
    of = "" if chosen.part == "all" else f", part {chosen.part}"
    screen.line(f"{chosen.model} on {total:,} images of {images.title}{of}")
    tell(screen, scores, floor, about)
    if "train" in looked:
        screen.line("PCA and the mean image were made from images that are scored here")
    if about:
        scores["pca"] |= about
    screen.result(
        model=chosen.model,
        data=chosen.data,
        part=chosen.part,
        images=total,
        **scores.pop("model"),
        floor=floor,
        **scores,
        files=report_entries(report),
    )


def pca_for(model, images, screen):
    """Return PCA at the model's code size, and what is told about it; empty if there is none."""
    from ..models.costs import code_size

    try:
        numbers = code_size(model)
    except (TypeError, ValueError) as error:  # a network of another make
        screen.note(f"no PCA beside it: {error}")
        return {}
    reconstruct, kept, of = linear_code(images, numbers)
    return {"reconstruct": reconstruct, "numbers": kept, "fitted_to": of}


def scores_of(drawn, looked, advance):
    """Return the scores of all that draws images again, over all parts that are looked at.

    Parameters
    ----------
    drawn : dict of str to callable
    looked : dict of str to images
    advance : callable
        Told how many images are done, of each in turn.
    """
    from ..scores.measures import reconstruction_scores

    total, done, scores = sum(map(len, looked.values())), 0, {}

    def counted(draw):
        def again(batch):
            nonlocal done
            done += len(batch)
            advance(done)
            return draw(batch)

        return again

    for name, draw in drawn.items():
        sums = scores[name] = {}
        for part, x in looked.items():
            found = reconstruction_scores(part, x, counted(draw))
            for score, value in found.items():
                score = score.removeprefix(f"{part}_")
                share = len(x) / total * number(score, value)
                sums[score] = sums.get(score, 0) + share
    return scores


def tell(screen, scores, floor, about):
    """Print the scores beside the floor, PCA's and the mean image's."""
    rows = {"model": scores["model"]}
    if about:
        rows[f"PCA, {about['numbers']:,} numbers"] = scores["pca"]
    rows["mean image"] = scores["mean_image"]
    width = max(map(len, rows)) + 2
    screen.line(f"{'':{width}s}{'loss':>9s}{'excess':>9s}{'accuracy':>10s}{'mse':>9s}")
    for name, row in rows.items():
        screen.line(
            f"{name:{width}s}{row['loss']:9.4f}{row['excess']:9.4f}"
            f"{row['rounded_accuracy']:10.4f}{row['mse']:9.5f}"
        )
    screen.line(f"{'floor':{width}s}{floor:9.4f}{0:9.4f}")
    if about:
        screen.line(f"PCA is fitted to {about['fitted_to']}")


def images_for(model, chosen, screen):
    """Return images of the size and the colours that a model takes, and the report.

    Where all parts are scored, a folder needs none: every picture is in each.
    """
    shape = tuple(model.input_shape[1:])
    if chosen.data == FASHION_MNIST:
        images, report = read_images(screen, chosen.data)
        if shape[2:] == (1,) and images.image_shape == shape[:2]:
            return images.map(lambda batch: batch[..., None]), report
        if images.image_shape != shape:
            raise WrongUse(
                f"MODEL {chosen.model!r} takes images of {in_pixels(shape)}, and "
                f"{FASHION_MNIST} has {in_pixels(images.image_shape)}"
            )
        return images, report
    asked = dict(size=shape[:2], colour=shape[2:] == (3,), memory=chosen.memory)
    asked |= how_it_was_read(chosen.model, chosen)
    if chosen.part == "all":
        from ..data import Images
        from ..data.folder.read import read_images as read_all

        del asked["by_parent"]
        x, report = look_into(screen, read_all, chosen.data, **asked)
        name = Path(chosen.data).resolve().name
        images = Images(train=x, valid=x, test=x, name=name)
    else:
        images, report = read_images(screen, chosen.data, **asked)
    if shape[2:] == (1,):
        images = images.map(lambda batch: batch[..., None])
    return images, report


def tell_of_notes(chosen, screen):
    """Say where a model's notes are missing, or name another folder than is scored."""
    if chosen.model in NETWORKS:
        return
    splits = chosen.part != "all"
    notes = read_notes(chosen.model)
    trained_on = notes.get("settings", {}).get("data")
    unsaid = [] if chosen.tiles else ["--tiles"]
    if splits and not chosen.by_parent:
        unsaid.append("--by-parent")
    if not notes and unsaid:
        screen.note(
            f"there is no {notes_place(chosen.model)}: if the model was trained with "
            f"{' or '.join(unsaid)}, say it again"
        )
    elif (
        splits
        and trained_on
        and Path(trained_on).resolve() != Path(chosen.data).resolve()
    ):
        screen.note(
            f"the model was trained on {trained_on!r}: if {chosen.data!r} is not all of "
            "that, it may have seen some of these pictures; --part all is for a folder "
            "that it has never seen"
        )
