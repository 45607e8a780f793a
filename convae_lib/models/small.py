"""A convolutional autoencoder whose code is as short as a dense one's."""

from math import prod

import keras
from keras import layers

from ..checks import check_sizes
from .sizes import IMAGE_SHAPE, read_image_shape

__all__ = ["small_conv_autoencoder"]


def small_conv_autoencoder(code_size=30, image_shape=IMAGE_SHAPE):
    """Return a convolutional autoencoder whose code is a short vector.

    A 4x4 convolution with strides 4 lays a 7x7 grid over the image, a 3x3
    convolution lets neighbouring patches talk, and a dense layer without an
    activation sums the grid up in ``code_size`` numbers. The decoder is the
    mirror image.

    Parameters
    ----------
    code_size : int, default 30
        Numbers in the code; 30 is that of `dense_autoencoder`.
    image_shape : tuple of int, default (28, 28)
        (height, width) or (height, width, channels) of an image; 4 divides both
        sides.

    Returns
    -------
    keras.Sequential
        Encoder and decoder; 45,911 parameters with 30 code numbers, fewer than
        `conv_autoencoder` has.

    Raises
    ------
    ValueError
        If `code_size` is not a positive whole number, or 4 does not divide the
        images' sides.

    Examples
    --------
    >>> from convae_lib import small_conv_autoencoder
    >>> small_conv_autoencoder(30).count_params()
    45911
    """
    check_sizes(code_size=code_size)
    code_size = int(code_size)  # of NumPy's whole numbers, Keras takes none
    height, width, channels = read_image_shape(image_shape)
    if height % 4 or width % 4:
        raise ValueError(
            f"images of {height} by {width} do not fall into patches of 4 by 4; use "
            "sides that 4 divides, such as 28 or 32"
        )
    grid = (height // 4, width // 4, 12)
    encoder = keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Reshape((height, width, channels)),
            layers.Conv2D(40, kernel_size=4, strides=4, activation="gelu"),
            layers.Conv2D(12, kernel_size=3, padding="same", activation="gelu"),
            layers.Flatten(),
            layers.Dense(code_size),
        ],
        name="small_conv_encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((code_size,)),
            layers.Dense(prod(grid), activation="gelu"),
            layers.Reshape(grid),
            layers.Conv2DTranspose(
                40, kernel_size=3, padding="same", activation="gelu"
            ),
            layers.Conv2DTranspose(
                channels, kernel_size=4, strides=4, activation="sigmoid"
            ),
            layers.Reshape(image_shape),
        ],
        name="small_conv_decoder",
    )
    return keras.Sequential(
        [keras.Input(image_shape), encoder, decoder], name="small_conv_autoencoder"
    )
