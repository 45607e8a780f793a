"""Codes that need no training: principal components, and lossless files."""

import gzip
import io
from dataclasses import dataclass

import numpy as np

from ..checks import check_sizes
from ..scores.batches import batches
from ..scores.codes import excess_by_bits
from ..scores.measures import (
    CODE_MEASURES,
    ROUND_TRIP_MEASURES,
    reconstruction_scores,
)
from .experiment import Experiment, refuse_unknown, refuse_unknown_measures

__all__ = ["LinearCode", "Lossless"]

HALF_A_LEVEL = 1 / 510  # grey levels are 1/255 apart


@dataclass(frozen=True, kw_only=True)
class LinearCode(Experiment):
    """Principal components of the patches of the training images.

    What is scored stays half a grey level inside [0, 1], as a network's sigmoid
    does: by cross-entropy, a pixel drawn exactly black where the image has a dark
    grey costs more than all that a sum of components can gain.

    Attributes
    ----------
    patch, components : int
        As in `PatchPCA`.
    measures : tuple of str
        Of "few labels", "files", "graph" and "neighbours": what else is asked of the
        code.

    Raises
    ------
    ValueError
        If a number is no positive whole one, or a measure is unknown.

    Examples
    --------
    >>> import numpy as np
    >>> from convae_lib.data import Images
    >>> x = np.random.default_rng(0).random((60, 8, 8), np.float32)
    >>> images = Images(train=x[:40], valid=x[40:50], test=x[50:])
    >>> row = LinearCode(name="patches", patch=2, components=1).run(images)
    >>> row["code_size"], row["parameters"], round(row["val_mse"], 4)
    (16, 8, 0.0689)
    """

    patch: int
    components: int
    measures: tuple = ()

    kind = "linear_code"

    def __post_init__(self):
        check_sizes(patch=self.patch, components=self.components)
        refuse_unknown_measures(self.measures, CODE_MEASURES | ROUND_TRIP_MEASURES)

    def measure(self, images, models=None):
        """Return scores and sizes, and the excess for rounded codes."""
        from ..scores.patch_pca import PatchPCA  # here: it needs scikit-learn

        code = PatchPCA(self.patch, self.components).fit(images.train)

        def decode(codes):
            return np.clip(code.decode(codes), HALF_A_LEVEL, 1 - HALF_A_LEVEL)

        def reconstruct(batch):
            return decode(code.encode(batch))

        row = {
            "code_size": code.encode(images.valid[:1]).size,
            "parameters": code.parameters,
            **reconstruction_scores("val", images.valid, reconstruct),
            **reconstruction_scores("test", images.test, reconstruct),
            **excess_by_bits(images, code.encode, decode),
        }
        for name in self.measures:
            if name in ROUND_TRIP_MEASURES:
                row |= ROUND_TRIP_MEASURES[name](images, code.encode, decode)
            else:
                row |= CODE_MEASURES[name](images, code.encode)
        return row


@dataclass(frozen=True, kw_only=True)
class Lossless(Experiment):
    """The size of the validation images in a lossless file format.

    Attributes
    ----------
    format : {"raw", "png", "gzip"}
        "gzip" at its highest level.
    together : bool, default False
        Whether all images are one file, below each other in one tall image; else each is
        a file by itself.

    Raises
    ------
    ValueError
        If the format is another one, or ``together`` neither True nor False.

    Examples
    --------
    >>> import numpy as np
    >>> from convae_lib.data import Images
    >>> x = np.zeros((3, 8, 8), np.float32)
    >>> images = Images(train=x, valid=x, test=x)
    >>> Lossless(name="raw", format="raw").run(images)["bits_per_image"]
    512.0
    """

    format: str
    together: bool = False

    kind = "lossless"

    def __post_init__(self):
        refuse_unknown("format", self.format, FORMATS)
        if not isinstance(self.together, bool):
            raise ValueError(f"together {self.together!r} must be True or False")

    def measure(self, images, models=None):
        """Return the mean bits per image."""
        levels = (np.round(x * 255).astype(np.uint8) for x in batches(images.valid))
        if self.together:
            files = [np.concatenate([image for x in levels for image in x])]
        else:
            files = (image for x in levels for image in x)
        count = sum(len(FORMATS[self.format](file)) for file in files)
        return {"bits_per_image": 8 * count / len(images.valid)}


def png(image):
    """Return the bytes of an image file."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image).save(file, "png", optimize=True)
    return file.getvalue()


FORMATS = {
    "raw": np.ndarray.tobytes,
    "png": png,
    "gzip": lambda image: gzip.compress(image.tobytes(), mtime=0),
}
