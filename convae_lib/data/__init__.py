"""Fashion-MNIST, garment-like images drawn from known factors, and any other images.

``load_fashion_mnist`` returns the official images from wherever they are
found. Where they cannot be had it returns a stand-in, and says so. What trains and
measures is handed `Images`, of which Fashion-MNIST is one, and a folder of a reader's
own another.
"""

from .fashion_mnist.loader import FashionMNIST, load_fashion_mnist
from .fashion_mnist.official import CLASS_NAMES
from .folder.files import ImageFiles
from .folder.read import read_folder, read_images
from .folder.report import Report
from .garments.draw import draw_garments
from .images import Images
from .photographs import (
    PHOTOGRAPHS,
    Photograph,
    load_photographs,
    photograph_tiles,
    write_photographs,
)

__all__ = [
    "CLASS_NAMES",
    "PHOTOGRAPHS",
    "FashionMNIST",
    "ImageFiles",
    "Images",
    "Photograph",
    "Report",
    "draw_garments",
    "load_fashion_mnist",
    "load_photographs",
    "photograph_tiles",
    "read_folder",
    "read_images",
    "write_photographs",
]
