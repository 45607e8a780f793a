"""Fashion-MNIST, and garment-like images drawn from known factors.

``load_fashion_mnist`` returns the official images from wherever they are
found. Where they cannot be had it returns a stand-in, and says so.
"""

from .loader import FashionMNIST, load_fashion_mnist
from .official import CLASS_NAMES
from .standin import draw_garments

__all__ = ["CLASS_NAMES", "FashionMNIST", "draw_garments", "load_fashion_mnist"]
