"""A training that was begun, as its folder of checkpoints tells it."""

import json
from contextlib import suppress

from ..checks import write_whole
from .arguments import WrongUse
from .notes import settings_of
from .outputs import writing

__all__ = [
    "INSTEAD",
    "forget",
    "keep_settings",
    "made_of",
    "read_begun",
    "refuse_another",
    "where_it_goes_on",
]

SETTINGS = "settings.json"
"""Beside the checkpoint, which says nothing of how pictures were read."""

INSTEAD = "give another --out, or --overwrite in place of --resume"


def made_of(chosen, model):
    """Return what a training is made from, with what was left to the images and model."""
    from ..models.costs import code_size

    return settings_of(chosen) | {
        "colour": len(model.input_shape) == 4,
        "code_size": chosen.code_size or code_size(model),
    }


def keep_settings(kept, settings):
    """Write beside the checkpoints to come what the training is made from."""
    place = kept / SETTINGS
    with writing(place):
        write_whole(place, json.dumps(settings, indent=1))


def forget(kept):
    """Remove the settings and their folder again, if there is no checkpoint."""
    if not _checkpoint(kept).exists():
        with suppress(OSError):
            (kept / SETTINGS).unlink(missing_ok=True)
            kept.rmdir()


def read_begun(chosen, kept):
    """Return what the checkpoint and the settings beside it say; None if there is none.

    Raises
    ------
    WrongUse
        If it is damaged, or of other settings than are chosen.
    """
    from ..training.checkpoint_file import read_checkpoint

    if not _checkpoint(kept).exists():
        return None
    try:
        begun = read_checkpoint(kept)
    except ValueError as error:
        raise WrongUse(str(error)) from error
    begun["settings"]["seed"] = begun["seed"]
    # Of an earlier version there are none.
    with suppress(OSError, TypeError, ValueError):
        begun["settings"] |= json.loads((kept / SETTINGS).read_text())
    refuse_another(kept, begun, settings_of(chosen))
    return begun


def refuse_another(kept, begun, settings):
    """Refuse to go on with other settings, as far as both are known.

    Raises
    ------
    WrongUse
        Names what differs first.
    """
    for name, now in settings.items():
        then = begun["settings"].get(name)
        if name != "data" and None not in (then, now) and then != now:
            raise WrongUse(
                f"{kept} was begun {_difference(name, then, now)}; go on like that, or "
                f"{INSTEAD}"
            )


def where_it_goes_on(begun):
    """Return the position of a checkpoint in words."""
    done, epochs = begun["epoch"], begun["settings"]["epochs"]
    if done == epochs:
        return f"all {epochs} epochs are done: goes on with the scores"
    return f"goes on at epoch {done + 1} of {epochs}"


def _checkpoint(kept):
    from ..training.checkpoint_file import CHECKPOINT

    return kept / CHECKPOINT


def _difference(name, then, now):
    """Return what differs, as it is typed.

    Examples
    --------
    >>> _difference("code_size", 22, 30), _difference("size", [64, 64], [32, 48])
    ('with code size 22, not 30', 'with size 64×64, not 32×48')
    >>> _difference("tiles", True, False), _difference("colour", False, True)
    ('with --tiles, not without', 'with --grey, not --colour')
    """
    if name == "colour":
        then, now = ("--colour" if value else "--grey" for value in (then, now))
        return f"with {then}, not {now}"
    if isinstance(then, bool):
        option = name.replace("_", "-")
        return (
            f"with --{option}, not without"
            if then
            else f"without --{option}, not with it"
        )
    if name == "size":
        then, now = ("×".join(map(str, value)) for value in (then, now))
    return f"with {name.replace('_', ' ')} {then}, not {now}"
