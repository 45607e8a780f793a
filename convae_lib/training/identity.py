"""What tells one training from another: its model, its images and its settings."""

import json
import re
from hashlib import sha256

import keras
import numpy as np

__all__ = [
    "describe_images",
    "describe_model",
    "identify",
    "name_function",
    "refuse_another",
]

SAMPLED_IMAGES = 64  # of those that are read in batches


def identify(model, images, settings, seed):
    """Return what a checkpoint says of its training, ready for JSON.

    Parameters
    ----------
    model : keras.Model
    images : Images
    settings : dict
        Of ``train``, with its defaults.
    seed : int
    """
    return {
        "settings": {**settings, "damage": name_function(settings["damage"])},
        "seed": seed,
        "model": describe_model(model),
        "images": describe_images(images),
    }


def refuse_another(path, then, now):
    """Refuse a checkpoint of another training.

    Parameters
    ----------
    path : path-like
        What the refusal names.
    then, now : dict
        ``"model"``, ``"images"``, ``"seed"`` and ``"settings"`` of the checkpoint, and
        of the training that would go on from it.

    Raises
    ------
    ValueError
        Names what differs first, and both.

    Examples
    --------
    >>> same = dict(model="m", images="i", settings={})
    >>> refuse_another("run", same | dict(seed=1), same | dict(seed=1))
    >>> refuse_another("run", same | dict(seed=1), same | dict(seed=2))
    Traceback (most recent call last):
        ...
    ValueError: run was begun with seed 1, not 2; set the same before the model is built, \
or give that one, or begin in another folder
    """
    for what, begun in (
        ("model", "is of another model"),
        ("images", "is of other images"),
    ):
        if then[what] != now[what]:
            raise ValueError(
                f"{path} {begun}: {_line(then[what])}, not {_line(now[what])}"
            )
    then, now = ({"seed": x["seed"], **x["settings"]} for x in (then, now))
    for name, value in now.items():
        if then.get(name) != value:
            how = "go on with that"
            if name == "seed":
                how = "set the same before the model is built, or give that one"
            raise ValueError(
                f"{path} was begun with {name} {then.get(name)!r}, not {value!r}; {how}, "
                "or begin in another folder"
            )


def _line(description):
    return f"{description['name']} ({description['size']}, {description['digest']})"


def describe_model(model):
    """Return name, size and digest of a model: of its settings, and not of its weights.

    The numbers that Keras appends to names, which count the layers made before, are
    left out.
    """
    shapes = [[*variable.shape] for variable in model.variables]
    made = keras.saving.serialize_keras_object(model)
    config = json.dumps([shapes, made["class_name"], made["config"]])
    config = re.sub(r'_\d+(?=[/"])|"shared_object_id": \d+', "", config)
    return {
        "name": re.sub(r"_\d+$", "", model.name),
        "size": f"{model.count_params()} parameters",
        "digest": sha256(config.encode()).hexdigest()[:12],
    }


def describe_images(images):
    """Return name, size and digest of training and validation images.

    Of images that are read in batches, 64 of each part go into the digest: to read all
    would take as long as an epoch.
    """
    digest = sha256()
    for part in (images.train, images.valid):
        digest.update(repr(tuple(part.shape)).encode())
        if not isinstance(part, np.ndarray):
            rows = np.linspace(0, len(part) - 1, min(len(part), SAMPLED_IMAGES))
            part = part[rows.astype(int)]
        digest.update(np.ascontiguousarray(part))
    return {
        "name": images.name,
        "size": f"{len(images.train)} training and {len(images.valid)} validation images",
        "digest": digest.hexdigest()[:12],
    }


def name_function(function):
    """Name a function, with what it was given beforehand.

    Examples
    --------
    >>> from functools import partial
    >>> name_function(round), name_function(partial(round, ndigits=2))
    ('round', "round(){'ndigits': 2}")
    """
    if function is None:
        return None
    name = getattr(function, "__qualname__", None)
    if name is None and hasattr(function, "func"):
        name = f"{name_function(function.func)}{function.args}{function.keywords}"
    return name or type(function).__name__
