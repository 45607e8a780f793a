"""Images in three parts, whatever their size and wherever they are kept."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..checks import (
    check_sizes,
    read_array,
    refuse_no_numbers,
    refuse_not_finite,
    white_of,
)

__all__ = ["Images"]

PARTS = {"train": "training", "valid": "validation", "test": "test"}


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class Images:
    """Training, validation and test images, with labels where there are any.

    A part is an array of shape (n, height, width) or (n, height, width,
    channels) with values in [0, 1], or something that is read like one, a batch
    at a time: it has that ``shape`` and a length, and ``part[a:b]`` and
    ``part[rows]`` are float32 arrays. `ImageFiles` reads them from files.

    Attributes
    ----------
    train, valid, test : ndarray of float32, or what is read like one
        The three parts, of one image shape.
    labels : dict of str to ndarray of int
        Labels for each part that has them, by its name.
    name : str
        What records call these images.
    source : str
        Where they come from.

    Raises
    ------
    ValueError
        If a part is empty, is of another shape, or an array with masked values,
        values outside [0, 1] or what are no real numbers, or has another number of
        labels than images; if there are labels of no part.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(0).random((30, 16, 12, 3), np.float32)
    >>> images = Images(train=x[:20], valid=x[20:25], test=x[25:], name="noise")
    >>> images.image_shape
    (16, 12, 3)
    >>> print(images)
    noise: 20 training, 5 validation, 5 test images, 16×12, 3 channels, in [0, 1]
    >>> len(images.first(7).train)
    7
    """

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray
    labels: dict = field(default_factory=dict)
    name: str = "images"
    source: str = ""

    def __post_init__(self):
        for part in PARTS:
            images = getattr(self, part)
            if _is_array(images) or not hasattr(images, "shape"):
                object.__setattr__(self, part, read_array(part, images))
            _check_part(part, getattr(self, part), self.train.shape[1:])
        if unknown := sorted(set(self.labels) - set(PARTS)):
            raise ValueError(f"labels of {unknown[0]!r} are of none of {tuple(PARTS)}")
        for part, labels in self.labels.items():
            if len(labels) != len(getattr(self, part)):
                raise ValueError(
                    f"{len(labels)} labels do not fit {len(getattr(self, part))} "
                    f"images of {part}"
                )

    @property
    def image_shape(self):
        """Height and width, and channels where images have an axis for them."""
        return tuple(self.train.shape[1:])

    @property
    def title(self):
        """What a reader is told these images are."""
        return self.name

    def first(self, count):
        """Return these images with the first `count` of the training ones only.

        Raises
        ------
        ValueError
            If there are not so many, or `count` is no whole number from 1 up.
        """
        check_sizes(count=count)
        if count > len(self.train):
            raise ValueError(
                f"{count} training images are asked for, and there are "
                f"{len(self.train)}"
            )
        train = self.train
        train = (
            train[:count] if _is_array(train) else View(train, rows=np.arange(count))
        )
        labels = dict(self.labels)
        if "train" in labels:
            labels["train"] = labels["train"][:count]
        return replace(self, train=train, labels=labels)

    def only(self, label):
        """Return the training and validation images of one class; all test images.

        Raises
        ------
        ValueError
            If a part has no labels, or no image of this class.
        """
        if missing := sorted(set(PARTS) - set(self.labels)):
            raise ValueError(f"the images of {missing[0]} have no labels")
        parts, labels = {}, dict(self.labels)
        for part in ("train", "valid"):
            rows = np.flatnonzero(labels[part] == label)
            if not len(rows):
                raise ValueError(f"no image of {part} has the label {label!r}")
            images = getattr(self, part)
            parts[part] = images[rows] if _is_array(images) else View(images, rows=rows)
            labels[part] = labels[part][rows]
        return replace(self, **parts, labels=labels)

    def map(self, change):
        """Return these images, each batch changed by a function of an array."""
        parts = {part: getattr(self, part) for part in PARTS}
        return replace(
            self,
            **{
                part: change(images) if _is_array(images) else View(images, change)
                for part, images in parts.items()
            },
        )

    def __str__(self):
        parts = (f"{len(getattr(self, part)):,} {what}" for part, what in PARTS.items())
        rows, columns, *channels = self.image_shape
        colour = f"{channels[0]} channels" if channels else "grey"
        size = f"{rows}×{columns}, {colour}, in [0, 1]"
        return f"{self.title}: {', '.join(parts)} images, {size}"

    def __repr__(self):
        return f"<{self}; source: {self.source}>"


class View:
    """Some images of what is read in batches, changed when they are read."""

    def __init__(self, images, change=None, rows=None):
        self.images, self.change = images, change
        self.rows = np.arange(len(images)) if rows is None else rows
        shape = images.shape if change is None else change(images[:1]).shape
        self.shape = (len(self.rows), *shape[1:])

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, rows):
        rows = self.rows[rows]
        batch = self.images[rows.ravel()]  # a batch for one image, too
        batch = batch if self.change is None else self.change(batch)
        return batch.reshape(*rows.shape, *batch.shape[1:])


def _is_array(images):
    return isinstance(images, np.ndarray)


def _check_part(name, images, image_shape):
    shape = tuple(images.shape)
    if len(shape) not in (3, 4) or 0 in shape:
        raise ValueError(
            f"{name} of shape {shape} holds no images (n, height, width) or "
            "(n, height, width, channels)"
        )
    if shape[1:] != tuple(image_shape):
        raise ValueError(
            f"images of {name} have shape {shape[1:]}, those of train {image_shape}"
        )
    if not _is_array(images):
        return
    refuse_no_numbers(name, images)
    if not (images.min() >= 0 and images.max() <= 1):
        refuse_not_finite(name, images)
        low, high = images.min(), images.max()
        white = white_of(name, images)
        hint = f" (divide grey levels by {white})" if white else ""
        raise ValueError(
            f"{name} has values from {low} to {high}; they must lie in [0, 1]{hint}"
        )
