"""The sizes that models go through, from the image to the code and back."""

from math import gcd

from ..checks import is_whole

__all__ = ["IMAGE_SHAPE", "check_divides", "halvings", "read_image_shape", "way_up"]

IMAGE_SHAPE = (28, 28)  # of Fashion-MNIST: what a model takes if it is not told


def read_image_shape(image_shape):
    """Return height, width and channels, where a grey image may have no such axis.

    Raises
    ------
    ValueError
        If `image_shape` is not two or three positive whole numbers.

    Examples
    --------
    >>> read_image_shape((28, 28)), read_image_shape((64, 48, 3))
    ((28, 28, 1), (64, 48, 3))
    """
    shape = tuple(image_shape) if hasattr(image_shape, "__len__") else (image_shape,)
    if len(shape) not in (2, 3) or not all(is_whole(n) and n > 0 for n in shape):
        raise ValueError(
            f"image_shape {image_shape!r} must be (height, width) or (height, width, "
            "channels), in positive whole numbers"
        )
    height, width, channels = (int(n) for n in (*shape, 1)[:3])
    return height, width, channels


def check_divides(name, size, height, width):
    """Raise a ValueError unless `size`, an argument, divides both sides of the image."""
    if height % size or width % size:
        common = gcd(height, width)
        *some, last = (str(n) for n in range(1, common + 1) if common % n == 0)
        use = f"{', '.join(some)} or {last}" if some else last
        sides = " and ".join(dict.fromkeys((str(height), str(width))))
        raise ValueError(
            f"{name} {size} does not divide {sides}; use {use}, or images of "
            f"{near(size, height, width)}"
        )


def near(size, height, width):
    """Return the shapes below and above an image's whose sides `size` divides, in words.

    Examples
    --------
    >>> near(8, 30, 32), near(8, 5, 9)
    ('24×32 or 32×32', '8×16')
    """
    below = [n // size * size for n in (height, width)]
    above = [-(-n // size) * size for n in (height, width)]
    return " or ".join(f"{h}×{w}" for h, w in (below, above) if h and w)


def halvings(height, width):
    """Return the sizes of the grid, from the image over three poolings to the code.

    Raises
    ------
    ValueError
        If nothing would be left.

    Examples
    --------
    >>> halvings(28, 28)
    [(28, 28), (14, 14), (7, 7), (3, 3)]
    """
    if min(height, width) < 8:
        raise ValueError(
            f"images of {height} by {width} are too small to be halved three times; "
            "they need at least 8 rows and columns"
        )
    return [(height // n, width // n) for n in (1, 2, 4, 8)]


def way_up(small, large, kernel_size, image=None):
    """Return the padding with which a transposed layer of strides 2 grows a grid.

    Parameters
    ----------
    small, large : (int, int)
        Height and width before and after.
    kernel_size : int
    image : (int, int), optional
        Height and width of the image, to tell in a refusal which ones are near.

    Returns
    -------
    str
        "same" where both sides double, "valid" where both become
        ``2 * (small - 1) + kernel_size``.

    Raises
    ------
    ValueError
        If one layer cannot do it.

    Examples
    --------
    >>> way_up((3, 3), (7, 7), 3), way_up((7, 7), (14, 14), 3)
    ('valid', 'same')
    """
    sizes = {
        "same": tuple(2 * n for n in small),
        "valid": tuple(2 * (n - 1) + max(kernel_size, 2) for n in small),
    }
    for padding, size in sizes.items():
        if size == tuple(large):
            return padding
    such_as = f", such as {near(8, *image)}" if image else ""
    raise ValueError(
        f"no layer with strides 2 and kernel size {kernel_size} takes {small} back to "
        f"{large}: 'same' gives {sizes['same']} and 'valid' {sizes['valid']}; use "
        f"images whose sides 8 divides{such_as}"
    )
