"""Codes that need no training: principal components, and lossless files."""

import gzip
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ..checks import check_sizes
from ..scores.measures import rounded_codes, scores
from ..scores.patch_pca import PatchPCA
from .experiment import Experiment, refuse_unknown

__all__ = ["LinearCode", "Lossless"]


@dataclass(frozen=True, kw_only=True)
class LinearCode(Experiment):
    """Principal components of the patches of the training images.

    Attributes
    ----------
    patch, components : int
        As in `PatchPCA`.
    """

    patch: int
    components: int

    kind = "linear_code"
    tolerance = 0.001  # no seed, and rounding errors only

    def __post_init__(self):
        check_sizes(patch=self.patch, components=self.components)

    def measure(self, data):
        """Return scores and sizes, and the excess for rounded codes."""
        code = PatchPCA(self.patch, self.components).fit(data.x_train)
        shape = code.encode(data.x_valid[:1]).shape[1:]
        y = code.decode(code.encode(data.x_valid))
        return {
            "code_size": int(np.prod(shape)),
            "parameters": code.parameters,
            **scores("val", data.x_valid, y),
            **scores("test", data.x_test, code.decode(code.encode(data.x_test))),
            **rounded_codes(data, code.encode, code.decode),
        }


@dataclass(frozen=True, kw_only=True)
class Lossless(Experiment):
    """The size of the validation images in a lossless file format.

    Attributes
    ----------
    format : {"raw", "png", "gzip"}
        Each image by itself; "gzip" at its highest level.
    """

    format: str

    kind = "lossless"
    tolerance = 0.02  # compressors differ a little

    def __post_init__(self):
        refuse_unknown("format", self.format, FORMATS)

    def measure(self, data):
        """Return the mean bits per image."""
        images = np.round(data.x_valid * 255).astype(np.uint8)
        sizes = [len(FORMATS[self.format](image)) for image in images]
        return {"bits_per_image": 8 * np.mean(sizes)}


def png(image):
    """Return the bytes of an image file."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "png", optimize=True)
    return file.getvalue()


FORMATS = {
    "raw": np.ndarray.tobytes,
    "png": png,
    "gzip": lambda image: gzip.compress(image.tobytes(), mtime=0),
}
