"""The plain denoiser: convolutions with strides, and back."""

import keras
from keras import layers

from ..checks import check_sizes
from .sizes import IMAGE_SHAPE, check_divides, read_image_shape

__all__ = ["strided_conv_autoencoder"]


def strided_conv_autoencoder(
    filters=(16, 8), strides=(2, 2), activation="relu", image_shape=IMAGE_SHAPE
):
    """Return an autoencoder of 3x3 convolutions that shrink the image by strides.

    The decoder repeats the encoder's layers backwards, transposed, and one more
    convolution draws the image. By default it is the denoiser of TensorFlow's tutorial.

    Parameters
    ----------
    filters : tuple of int, default (16, 8)
        Of each convolution of the encoder.
    strides : tuple of int, default (2, 2)
        As many. The last grid is the code: with ``(2, 1, 1)`` it is half as high and wide
        as the image, and not narrow at all where the filters are many.
    activation : str, default "relu"
    image_shape : tuple of int, default (28, 28)
        (height, width) or (height, width, channels) of an image; the product of the
        strides divides both sides.

    Returns
    -------
    keras.Sequential
        Encoder and decoder; 3,217 parameters, and a code of 7·7·8 = 392 numbers.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, there are not as many strides as filters,
        or the images' sides do not divide.

    References
    ----------
    "Intro to autoencoders", TensorFlow's tutorials, second example.

    Examples
    --------
    >>> from convae_lib import strided_conv_autoencoder
    >>> strided_conv_autoencoder().count_params()
    3217
    >>> wide = strided_conv_autoencoder(filters=(32, 32, 32), strides=(2, 1, 1))
    >>> wide.layers[0].output_shape
    (None, 14, 14, 32)
    """
    filters, strides = tuple(filters), tuple(strides)
    if not filters or len(filters) != len(strides):
        raise ValueError(
            f"strides {strides} must be as many as filters {filters}, one or more"
        )
    step = 1
    for place in range(len(filters)):
        check_sizes(**{f"filters[{place}]": filters[place]})
        check_sizes(**{f"strides[{place}]": strides[place]})
        step *= int(strides[place])
    height, width, channels = read_image_shape(image_shape)
    check_divides("the product of strides", step, height, width)
    same = {"kernel_size": 3, "padding": "same"}

    images = keras.Input(image_shape)
    grid = layers.Reshape((height, width, channels))(images)
    for count, by in zip(filters, strides):
        grid = layers.Conv2D(
            int(count), strides=int(by), activation=activation, **same
        )(grid)
    encoder = keras.Model(images, grid, name="strided_conv_encoder")

    code = keras.Input(grid.shape[1:])
    grid = code
    for count, by in zip(filters[::-1], strides[::-1]):
        grid = layers.Conv2DTranspose(
            int(count), strides=int(by), activation=activation, **same
        )(grid)
    pixels = layers.Conv2D(channels, activation="sigmoid", **same)(grid)
    decoder = keras.Model(
        code, layers.Reshape(image_shape)(pixels), name="strided_conv_decoder"
    )
    return keras.Sequential(
        [keras.Input(image_shape), encoder, decoder], name="strided_conv_autoencoder"
    )
