"""The notes beside a network: what it was made from, and how well it does."""

import json
from pathlib import Path

from ..checks import write_whole
from .arguments import WrongUse
from .named_models import SUFFIX
from .outputs import writing
from .recipes import recipe_of

__all__ = [
    "how_it_was_read",
    "notes_of",
    "notes_place",
    "number",
    "read_notes",
    "refuse_other_settings",
    "settings_of",
    "write_notes",
]


def settings_of(chosen):
    """Return what a network is made from: what a resumed training shares with the first."""
    return {
        "data": str(Path(chosen.data)),
        "model": chosen.model,
        "code_size": chosen.code_size,
        "size": chosen.size and list(chosen.size),
        "colour": chosen.colour,
        "tiles": chosen.tiles,
        "by_parent": chosen.by_parent,
        "recipe": chosen.recipe,
        **recipe_of(chosen),
        "epochs": chosen.epochs,
        "batch_size": chosen.batch_size,
        "seed": chosen.seed,
    }


def notes_of(chosen, images, report, model, history, scores, seconds):
    """Return the notes of a training that is done."""
    from ..models.costs import code_size
    from ..training.fit import scored_epochs

    return {
        "settings": settings_of(chosen),
        "images": {
            "name": images.name,
            "shape": list(images.image_shape),
            **{part: len(getattr(images, part)) for part in ("train", "valid", "test")},
        },
        "files": None if report is None else report.as_dict(),
        "parameters": model.count_params(),
        "code_size": code_size(model),
        "seconds": round(seconds, 1),
        "val_epochs": scored_epochs(chosen.epochs),
        **history,
        **scores,
    }


def notes_place(model):
    """Return where the notes beside a model's file are."""
    return Path(model).with_suffix(".json")


def write_notes(model, notes):
    """Write the notes beside a model's file, in one step."""
    place = notes_place(model)
    with writing(place):
        write_whole(place, json.dumps(notes, indent=1, default=str))


def read_notes(model):
    """Return the notes beside a model's file; empty if there are none."""
    path = notes_place(model)
    if Path(model).suffix != SUFFIX or not path.is_file():
        return {}
    try:
        notes = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(notes, dict) and isinstance(notes.get("settings", {}), dict)
    return notes if is_ours else {}


def how_it_was_read(model, chosen):
    """Return how a folder is to be read for a model: as it was for its training.

    Parameters
    ----------
    model : str
        As it is named.
    chosen : argparse.Namespace
        ``tiles``, and ``by_parent`` where the command has it, ask for it in any case.

    Returns
    -------
    dict of str to bool
    """
    settings = read_notes(model).get("settings", {})
    asked = {
        name: getattr(chosen, name)
        for name in ("tiles", "by_parent")
        if hasattr(chosen, name)
    }
    return {name: bool(is_so or settings.get(name)) for name, is_so in asked.items()}


def refuse_other_settings(out, settings):
    """Refuse to go on with a network that is finished, and was made from something else.

    Raises
    ------
    WrongUse
        Names what differs.
    """
    there = read_notes(out).get("settings", {})
    left_open = {"epochs"} if settings["epochs"] is None else set()
    other = [n for n in settings.keys() - left_open if there.get(n) != settings[n]]
    if other:
        name = min(other)
        raise WrongUse(
            f"--out '{out}' is there already, with {name} {there.get(name)!r} and not "
            f"{settings[name]!r}; name another file, or add --overwrite in place of "
            "--resume"
        )


def number(name, value):
    """Return a score, unless the model gave none."""
    if value is None:
        raise ValueError(
            f"the {name} is no number: the model diverged in its training; train it "
            "again with a smaller --learning-rate"
        )
    return float(value)
