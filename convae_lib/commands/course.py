"""The course of a training: what is told before, on the way and after it."""

from math import prod

from . import begun, notes
from .arguments import WrongUse
from .baselines import mean_image
from .outputs import save_model
from .recipes import recipe_of
from .screen import in_words

__all__ = ["finish", "fit", "tell_model"]

ROWS = 10  # of the table of epochs


def tell_model(screen, chosen, model):
    """Say what is trained."""
    from ..models.costs import code_size

    numbers = prod(model.input_shape[1:])
    screen.line(
        f"{chosen.model}: {model.count_params():,} parameters, {code_size(model):,} "
        f"numbers for the {numbers:,} of an image, epochs: {chosen.epochs}"
    )


def fit(chosen, screen, model, images, kept, checkpoint):
    """Train, from a checkpoint if there is one, and draw how far it is."""
    from ..training.checkpoints import train_resumable

    made = begun.made_of(chosen, model)
    if checkpoint is not None:
        begun.refuse_another(kept, checkpoint, made)
        screen.note(begun.where_it_goes_on(checkpoint))
    elif chosen.resume:
        screen.note("no checkpoint yet: the training begins at its start")
    with screen.progress("compiling the first steps") as advance:

        def told(epoch, step, steps, loss, left):
            advance(
                (epoch - 1) * steps + step,
                chosen.epochs * steps,
                f"epoch {epoch} of {chosen.epochs}, loss {loss:.4f}",
                left,
                epoch,
            )

        try:
            if checkpoint is None:
                begun.keep_settings(kept, made)
            return train_resumable(
                model,
                images,
                folder=kept,
                every=chosen.every,
                resume=chosen.resume,
                seed=chosen.seed,
                progress=told,
                batch_size=chosen.batch_size,
                epochs=chosen.epochs,
                **recipe_of(chosen),
            )
        except KeyboardInterrupt as stopped:
            raise KeyboardInterrupt("; add --resume to go on") from stopped
        except ValueError as error:
            instead = ""
            if checkpoint is not None:  # which is of another model, or other images
                instead = (
                    f"; go on with the same options and images, or {begun.INSTEAD}"
                )
            raise WrongUse(f"{error}{instead}") from error
        finally:  # where nothing could be written, no folder stays for it
            begun.forget(kept)


def finish(chosen, screen, model, images, report, history, seconds, since):
    """Score the network on validation, write it and its notes, and tell."""
    from ..scores.losses import entropy_floor
    from ..scores.measures import applied, reconstruction_scores

    with screen.progress("scoring"):
        scores = reconstruction_scores("val", images.valid, applied(model))
        train_floor = entropy_floor(images.train)
        mean = mean_image(images)
        of_mean = reconstruction_scores("val", images.valid, lambda batch: mean[None])
    for name, value in scores.items():
        notes.number(name, value)
    scored = {**scores, "train_floor": train_floor}
    written = notes.notes_of(chosen, images, report, model, history, scored, seconds)
    notes.write_notes(chosen.out, written)
    save_model(model, chosen.out)
    tell_epochs(screen, history, scores["val_loss"])
    floor = scores["val_loss"] - scores["val_excess"]
    screen.line(
        f"in the end: validation loss {scores['val_loss']:.4f} nats per pixel, "
        f"{scores['val_excess']:.4f} over the floor of {floor:.4f}"
    )
    if scores["val_loss"] >= of_mean["val_loss"]:
        screen.line(
            f"the mean image, drawn for every image, has {of_mean['val_loss']:.4f}: "
            "the network is no better; try more --epochs, or another --learning-rate"
        )
    in_last = len(images.train) % min(chosen.batch_size, len(images.train))
    told = f"the training images have a floor of their own: {train_floor:.4f}"
    if in_last:
        told += " (an epoch's loss can lie below: images that fill its last batch count twice)"
    screen.line(told)
    screen.line(f"{chosen.out} is written; training took {in_words(seconds)}{since}")
    screen.result(out=chosen.out, **written)


def tell_epochs(screen, history, in_the_end):
    """Print the losses of some epochs, the last among them."""
    from ..training.fit import scored_epochs

    losses, valid = history["loss_by_epoch"], history["val_loss_by_epoch"]
    epochs = scored_epochs(len(losses))
    scored = [(n, losses[n - 1], v) for n, v in zip(epochs, valid, strict=True)]
    if epochs[-1] != len(losses):
        scored.append((len(losses), losses[-1], in_the_end))
    screen.line(f"{'epoch':>6s}{'loss':>9s}{'validation':>12s}")
    few = -(-len(scored) // ROWS)
    for epoch, loss, value in reversed(scored[::-1][::few]):
        screen.line(f"{epoch:6d}{loss:9.4f}{value:12.4f}")
