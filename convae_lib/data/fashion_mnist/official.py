"""The four official files of Fashion-MNIST: their names, their content, their classes.

A file is known by the SHA-256 of its decompressed content: Debian's package
compresses the files anew, so the ``.gz`` wrapping differs and the images do
not.

References
----------
.. [1] H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset
   for benchmarking machine learning algorithms", 2017, arXiv:1708.07747.
"""

from dataclasses import dataclass
from math import prod

__all__ = ["CLASS_NAMES", "FILES", "OfficialFile"]

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


@dataclass(frozen=True)
class OfficialFile:
    """One official file: its name, its content's SHA-256, its array's shape."""

    name: str
    sha256: str
    shape: tuple

    @property
    def header_size(self):
        """Bytes before the values: four, and four for each axis."""
        return 4 + 4 * len(self.shape)

    @property
    def size(self):
        """Bytes of the content, decompressed."""
        return self.header_size + prod(self.shape)

    @property
    def largest(self):
        """Bytes of the largest file that can hold it: gzip adds less than this."""
        return self.size + self.size // 1000 + 2**16


FILES = {
    "train_images": OfficialFile(
        "train-images-idx3-ubyte.gz",
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        (60_000, 28, 28),
    ),
    "train_labels": OfficialFile(
        "train-labels-idx1-ubyte.gz",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        (60_000,),
    ),
    "test_images": OfficialFile(
        "t10k-images-idx3-ubyte.gz",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        (10_000, 28, 28),
    ),
    "test_labels": OfficialFile(
        "t10k-labels-idx1-ubyte.gz",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        (10_000,),
    ),
}
