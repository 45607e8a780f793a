"""``convae evaluate``: how well a model reconstructs images that it has not seen."""

from . import given
from .arguments import whole

__all__ = ["HELP", "add_arguments", "run"]

PARTS = ("train", "valid", "test")
BATCH = 500

HELP = """\
Score a model on images.

example:
  convae evaluate mine.keras my-pictures
  convae evaluate published fashion-mnist --part valid --json

The loss is the binary cross-entropy in nats per pixel. No reconstruction gets below the
floor, which grey pixels have by themselves: what counts is the excess over it. Beside
the model stands the mean of the training images, drawn for every image.

Pictures are brought to the size and the colours that the model takes, and are split as in
convae train: the part "test" is what a model that was trained on this folder has not seen.
For a folder that it has never seen say --part all.
"""


def add_arguments(parser):
    """Say what the command takes."""
    given.add_model(parser)
    given.add_data(parser)
    parser.add_argument(
        "--part",
        choices=[*PARTS, "all"],
        default="test",
        help="which images (default: test)",
    )
    parser.add_argument(
        "--first", type=whole(1), metavar="N", help="only so many of them"
    )
    given.add_tiles(parser)


def run(chosen, screen):
    """Load, score and tell."""
    given.check_model(chosen.model)
    given.check_data(chosen.data)
    from ..scores.measures import applied, reconstruction_scores

    model = given.read_model(chosen.model, chosen.debug)
    images, report = images_for(model, chosen, screen)
    reconstruct, parts = (
        applied(model),
        PARTS if chosen.part == "all" else [chosen.part],
    )
    looked = {part: first(getattr(images, part), chosen.first) for part in parts}
    total, done = sum(map(len, looked.values())), 0
    mean = mean_image(images)
    scores, base = {}, {}
    with screen.progress("scoring", total) as advance:

        def counted(batch):
            nonlocal done
            done += len(batch)
            advance(done)
            return reconstruct(batch)

        for part, x in looked.items():
            share = len(x) / total
            for sums, how in ((scores, counted), (base, lambda batch: mean[None])):
                found = reconstruction_scores(part, x, how)
                for name, value in found.items():
                    name = name.removeprefix(f"{part}_")
                    sums[name] = sums.get(name, 0) + share * given.number(name, value)
    tell(screen, chosen, images, report, total, scores, base)


def tell(screen, chosen, images, report, total, scores, base):
    """Print the scores beside the floor and the mean image's."""
    floor = scores["loss"] - scores["excess"]
    of = "all parts" if chosen.part == "all" else f"part {chosen.part}"
    screen.line(f"{chosen.model} on {total:,} images of {images.title}, {of}")
    rows = {"model": scores, "mean image": base}
    screen.line(f"{'':12s}{'loss':>9s}{'excess':>9s}{'accuracy':>10s}{'mse':>9s}")
    for name, row in rows.items():
        screen.line(
            f"{name:12s}{row['loss']:9.4f}{row['excess']:9.4f}"
            f"{row['rounded_accuracy']:10.4f}{row['mse']:9.4f}"
        )
    screen.line(f"{'floor':12s}{floor:9.4f}{0:9.4f}")
    screen.result(
        model=chosen.model,
        data=chosen.data,
        part=chosen.part,
        images=total,
        **scores,
        floor=floor,
        mean_image=base,
        files=given.report_entries(report),
    )


def images_for(model, chosen, screen):
    """Return images of the size and the colours that a model takes, and the report."""
    shape = tuple(model.input_shape[1:])
    if chosen.data == given.FASHION_MNIST:
        images, report = given.read_images(screen, chosen.data)
        if shape[2:] == (1,) and images.image_shape == shape[:2]:
            return images.map(lambda batch: batch[..., None]), report
        if images.image_shape != shape:
            raise given.WrongUse(
                f"MODEL {chosen.model!r} takes images of {given.in_pixels(shape)}, and "
                f"{given.FASHION_MNIST} has {given.in_pixels(images.image_shape)}"
            )
        return images, report
    images, report = given.read_images(
        screen,
        chosen.data,
        size=shape[:2],
        colour=shape[2:] == (3,),
        tiles=chosen.tiles or given.was_cut_into_tiles(chosen.model),
    )
    if shape[2:] == (1,):
        images = images.map(lambda batch: batch[..., None])
    return images, report


def first(images, count):
    """Return the first images of a part, all where there are not so many."""
    return images if count is None else images[: min(count, len(images))]


def mean_image(images, most=2000):
    """Return the mean of the training images, or of the first ones of very many."""
    some = first(images.train, most)
    total = sum(some[k : k + BATCH].sum(axis=0) for k in range(0, len(some), BATCH))
    return total / len(some)
