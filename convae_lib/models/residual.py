"""The small residual autoencoder that comes closest to the floor."""

from math import prod

import keras
from keras import layers

from ..checks import check_sizes
from .sizes import IMAGE_SHAPE, check_divides, read_image_shape

__all__ = ["residual_autoencoder", "residual_block"]


def residual_block(grid, channels, kernel_size=5, activation="gelu"):
    """Add to a grid what its neighbourhood suggests.

    A depthwise convolution looks around, each channel for itself; a 1x1
    convolution mixes the channels at each place; the sum goes on.

    Parameters
    ----------
    grid : keras tensor of shape (batch, height, width, channels)
        Where the block stands in a functional model.
    channels : int
        Channels of the grid.
    kernel_size : int, default 5
        Size of the depthwise kernel.
    activation : str, default "gelu"
        Applied before the sum.

    Returns
    -------
    keras tensor
        Of the shape of `grid`; it takes ``(kernel_size**2 + channels + 2) *
        channels`` parameters.

    Raises
    ------
    ValueError
        If `grid` is not (batch, height, width, channels).

    References
    ----------
    A. Trockman and J. Z. Kolter, "Patches are all you need?", 2022; K. He et al.,
    "Deep residual learning for image recognition", 2016.

    Examples
    --------
    >>> import keras
    >>> from convae_lib import residual_block
    >>> grid = keras.Input((7, 7, 64))
    >>> block = keras.Model(grid, residual_block(grid, 64))
    >>> block.output_shape, block.count_params()
    ((None, 7, 7, 64), 5824)
    """
    if len(grid.shape) != 4 or grid.shape[-1] != channels:
        raise ValueError(
            f"grid has the shape {tuple(grid.shape)}; it must be (batch, height, width, "
            f"channels), with channels {channels}"
        )
    around = layers.DepthwiseConv2D(kernel_size, padding="same")(grid)
    return grid + layers.Conv2D(channels, 1, activation=activation)(around)


def residual_autoencoder(
    channels=64,
    code_channels=11,
    code_size=None,
    patch=4,
    encoder_blocks=2,
    decoder_blocks=3,
    kernel_size=5,
    activation="gelu",
    image_shape=IMAGE_SHAPE,
):
    """Return an autoencoder of patches and residual blocks.

    A convolution whose strides are its kernel size cuts the image into patches
    and turns each into `channels` numbers; residual blocks let the patches
    talk; a 1x1 convolution keeps `code_channels` of each. With ``code_size``, a
    dense layer sums these up in one short code. The decoder mirrors it.

    Parameters
    ----------
    channels : int, default 64
        Channels of the grid, in both halves.
    code_channels : int, default 11
        Numbers kept at each position of the grid.
    code_size : int, optional
        If given, the code is this many numbers instead of the grid.
    patch : int, default 4
        Side of a patch in pixels; it divides height and width of the image.
    encoder_blocks, decoder_blocks : int, default 2 and 3
        Residual blocks in each half.
    kernel_size, activation
        As in `residual_block`.
    image_shape : tuple of int, default (28, 28)
        (height, width) or (height, width, channels) of an image.

    Returns
    -------
    keras.Sequential
        Encoder and decoder; 32,716 parameters, and 7·7·11 = 539 code numbers.

    Raises
    ------
    ValueError
        If a size is not a whole number, or `patch` does not divide the images'
        sides.

    Examples
    --------
    >>> from convae_lib import residual_autoencoder
    >>> residual_autoencoder().count_params()
    32716
    >>> encoder, decoder = residual_autoencoder(40, 7, code_size=30).layers
    >>> encoder.output_shape
    (None, 30)
    """
    check_sizes(channels=channels, code_channels=code_channels)
    check_sizes(patch=patch, kernel_size=kernel_size)
    check_sizes(0, encoder_blocks=encoder_blocks, decoder_blocks=decoder_blocks)
    height, width, image_channels = read_image_shape(image_shape)
    check_divides("patch", patch, height, width)
    patch, channels, code_channels = int(patch), int(channels), int(code_channels)
    cells = (height // patch, width // patch)
    block = {"kernel_size": int(kernel_size), "activation": activation}

    images = keras.Input(image_shape)
    grid = layers.Reshape((height, width, image_channels))(images)
    grid = layers.Conv2D(channels, patch, strides=patch, activation=activation)(grid)
    for _ in range(encoder_blocks):
        grid = residual_block(grid, channels, **block)
    code = layers.Conv2D(code_channels, 1)(grid)
    if code_size is not None:
        check_sizes(code_size=code_size)
        code = layers.Dense(int(code_size))(layers.Flatten()(code))
    encoder = keras.Model(images, code, name="residual_encoder")

    code = keras.Input(code.shape[1:])
    grid = code
    if code_size is not None:
        grid = layers.Dense(prod(cells) * code_channels)(grid)
        grid = layers.Reshape((*cells, code_channels))(grid)
    grid = layers.Conv2D(channels, 1, activation=activation)(grid)
    for _ in range(decoder_blocks):
        grid = residual_block(grid, channels, **block)
    pixels = layers.Conv2DTranspose(
        image_channels, patch, strides=patch, activation="sigmoid"
    )(grid)
    decoder = keras.Model(
        code, layers.Reshape(image_shape)(pixels), name="residual_decoder"
    )
    return keras.Sequential(
        [keras.Input(image_shape), encoder, decoder], name="residual_autoencoder"
    )
