"""Fashion-MNIST, and garment-like images drawn from known factors.

``load_fashion_mnist`` returns the official images from wherever they are
found. Where they cannot be had it returns a stand-in, and says so.
"""

from .fashion_mnist.loader import FashionMNIST, load_fashion_mnist
from .fashion_mnist.official import CLASS_NAMES
from .garments.draw import draw_garments

__all__ = ["CLASS_NAMES", "FashionMNIST", "draw_garments", "load_fashion_mnist"]
