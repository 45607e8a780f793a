"""The published convolutional autoencoder, its variants, and its tied version."""

from math import prod

import keras
from keras import layers

from ..checks import check_sizes
from .sizes import IMAGE_SHAPE, halvings, near, read_image_shape, way_up
from .tied_layers import Conv2DTiedTranspose

__all__ = [
    "conv_autoencoder",
    "conv_decoder",
    "conv_encoder",
    "tied_conv_autoencoder",
]

UPSAMPLING = ("transposed", "resize")


def conv_encoder(
    filters=(16, 32, 64),
    code_size=None,
    kernel_initializer="glorot_uniform",
    image_shape=IMAGE_SHAPE,
):
    """Return the encoder of the published convolutional autoencoder.

    Parameters
    ----------
    filters : tuple of 3 int, default (16, 32, 64)
        Filters of the three convolutions.
    code_size : int, optional
        If given, a dense layer without an activation follows, whose output is
        the code.
    kernel_initializer : str, default "glorot_uniform"
        That of the convolutions; "lecun_normal" is what SELU was made for.
    image_shape : tuple of int, default (28, 28)
        (height, width) or (height, width, channels) of an image.

    Returns
    -------
    keras.Sequential
        (batch, 28, 28) -> (batch, 3, 3, 64), 23,296 parameters. The last
        pooling takes 7 to 3 and drops the seventh row and column.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or an image is smaller than 8
        by 8.

    References
    ----------
    A. Geron, "Hands-On Machine Learning with Scikit-Learn, Keras, and
    TensorFlow", 2nd ed., chapter 17.

    Examples
    --------
    >>> from convae_lib import conv_encoder
    >>> conv_encoder().count_params()
    23296
    """
    a, b, c = _three(filters)
    height, width, channels = read_image_shape(image_shape)
    halvings(height, width)  # refuses what is too small
    selu = {"activation": "selu", "kernel_initializer": kernel_initializer}
    encoder = keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Reshape((height, width, channels)),
            layers.Conv2D(a, kernel_size=3, padding="same", **selu),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(b, kernel_size=3, padding="same", **selu),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(c, kernel_size=3, padding="same", **selu),
            layers.MaxPooling2D(pool_size=2),
        ],
        name="conv_encoder",
    )
    if code_size is not None:
        check_sizes(code_size=code_size)
        encoder.add(layers.Flatten())
        encoder.add(layers.Dense(int(code_size)))
    return encoder


def conv_decoder(
    filters=(16, 32, 64),
    code_size=None,
    kernel_initializer="glorot_uniform",
    upsampling="transposed",
    upsampling_kernel_size=3,
    image_shape=IMAGE_SHAPE,
):
    """Return the decoder of the published convolutional autoencoder.

    Parameters
    ----------
    filters, code_size, kernel_initializer, image_shape
        As in `conv_encoder`, whose mirror image this is.
    upsampling : {"transposed", "resize"}, default "transposed"
        How the last two layers double the image: by a transposed convolution
        with strides 2, as published, or by repeating each pixel four times and
        then convolving.
    upsampling_kernel_size : int, default 3
        Size of their kernels. The windows of a transposed convolution overlap
        evenly where strides divide it: with 4, not with the published 3.

    Returns
    -------
    keras.Sequential
        (batch, 3, 3, 64) -> (batch, 28, 28), 23,233 parameters, by way of
        7x7 and 14x14.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, `upsampling` is not known, or
        its layers cannot lead from the code to images of this shape. They can
        where 8 divides height and width: all three are "same" then. A transposed one
        of strides 2 and kernel size 3 also takes n to 2n + 1, on both sides at once:
        squares of any size from 8 up, such as 28, 30 or 100, are drawn by mixing both.

    References
    ----------
    As for `conv_encoder`; A. Odena et al., "Deconvolution and checkerboard
    artifacts", Distill, 2016, for the ways of upsampling.

    Examples
    --------
    >>> from convae_lib import conv_decoder
    >>> conv_decoder().count_params()
    23233
    """
    a, b, c = _three(filters)
    if upsampling not in UPSAMPLING:
        raise ValueError(f"upsampling {upsampling!r} is not one of {UPSAMPLING}")
    check_sizes(upsampling_kernel_size=upsampling_kernel_size)
    size = int(upsampling_kernel_size)
    height, width, channels = read_image_shape(image_shape)
    whole, half, quarter, code = halvings(height, width)
    init = {"kernel_initializer": kernel_initializer}

    def grow(small, large, filters, activation):
        options = dict(activation=activation, **init)
        if upsampling == "transposed":
            padding = way_up(small, large, size, whole)
            yield layers.Conv2DTranspose(
                filters, size, strides=2, padding=padding, **options
            )
        else:
            if way_up(small, large, size, whole) != "same":
                raise ValueError(
                    f"resizing takes {small} to its double, not to {large}; use images "
                    f"whose sides 8 divides, such as {near(8, *whole)}"
                )
            yield layers.UpSampling2D(2)
            yield layers.Conv2D(filters, size, padding="same", **options)

    inputs = [keras.Input((*code, c))]
    if code_size is not None:
        check_sizes(code_size=code_size)
        inputs = [
            keras.Input((int(code_size),)),
            layers.Dense(prod(code) * c, activation="selu", **init),
            layers.Reshape((*code, c)),
        ]
    padding = way_up(code, quarter, 3, whole)
    return keras.Sequential(
        [
            *inputs,
            layers.Conv2DTranspose(
                b, 3, strides=2, padding=padding, activation="selu", **init
            ),
            *grow(quarter, half, a, "selu"),
            *grow(half, whole, channels, "sigmoid"),
            layers.Reshape(image_shape),
        ],
        name="conv_decoder",
    )


def conv_autoencoder(
    filters=(16, 32, 64),
    code_size=None,
    kernel_initializer="glorot_uniform",
    upsampling="transposed",
    upsampling_kernel_size=3,
    image_shape=IMAGE_SHAPE,
):
    """Return the published convolutional autoencoder: 576 code numbers.

    Parameters
    ----------
    filters, code_size, kernel_initializer, image_shape
        As in `conv_encoder`.
    upsampling, upsampling_kernel_size
        As in `conv_decoder`.

    Returns
    -------
    keras.Sequential
        `conv_encoder` followed by `conv_decoder`, 46,529 parameters.

    Raises
    ------
    ValueError
        As in `conv_encoder` and `conv_decoder`.

    References
    ----------
    As for `conv_encoder`.

    Examples
    --------
    >>> from convae_lib import conv_autoencoder
    >>> encoder, decoder = conv_autoencoder().layers
    >>> encoder.output_shape
    (None, 3, 3, 64)
    >>> conv_autoencoder(filters=(16, 32, 32), code_size=30).count_params()
    45663
    """
    read_image_shape(image_shape)  # refuses what is none
    both = filters, code_size, kernel_initializer
    return keras.Sequential(
        [
            keras.Input(image_shape),
            conv_encoder(*both, image_shape),
            conv_decoder(*both, upsampling, upsampling_kernel_size, image_shape),
        ],
        name="conv_autoencoder",
    )


def tied_conv_autoencoder(image_shape=IMAGE_SHAPE):
    """Return the published autoencoder with the decoder's kernels tied.

    Each transposed convolution uses the kernel of the encoder's convolution of
    the same shape, last with first; the biases are its own.

    Parameters
    ----------
    image_shape : tuple of int, default (28, 28)
        As in `conv_encoder`.

    Returns
    -------
    keras.Model
        23,345 parameters; 576 code numbers.

    Raises
    ------
    ValueError
        As in `conv_encoder`.

    Examples
    --------
    >>> from convae_lib import tied_conv_autoencoder
    >>> tied_conv_autoencoder().count_params()
    23345
    """
    height, width, _ = read_image_shape(image_shape)
    down = conv_encoder(image_shape=image_shape).layers
    kernels = [layer for layer in down if isinstance(layer, layers.Conv2D)]
    grid = images = keras.Input(image_shape)
    for layer in down:
        grid = layer(grid)
    *sizes, small = halvings(height, width)
    for conv, large in zip(reversed(kernels), reversed(sizes)):
        activation = "sigmoid" if conv is kernels[0] else "selu"
        padding = way_up(small, large, 3, (height, width))
        up = Conv2DTiedTranspose(
            conv, strides=2, padding=padding, activation=activation
        )
        grid, small = up(grid), large
    return keras.Model(
        images, layers.Reshape(image_shape)(grid), name="tied_conv_autoencoder"
    )


def _three(filters):
    if not hasattr(filters, "__len__") or len(filters) != 3:
        raise ValueError(f"filters {filters!r} must be three whole numbers")
    for size in filters:
        check_sizes(filters=size)
    return [int(size) for size in filters]
