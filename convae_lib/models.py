"""The autoencoders of the book, in plain Keras 3.

Each function returns a new, uncompiled model that maps images of shape
``(28, 28)`` with values in [0, 1] to reconstructions of the same shape.
Models that have a code keep it apart: ``encoder, decoder = model.layers``.
"""

import keras
from keras import layers

from .layers import DenseTranspose

__all__ = [
    "conv_autoencoder",
    "conv_decoder",
    "conv_encoder",
    "dense_autoencoder",
    "small_conv_autoencoder",
    "tied_dense_autoencoder",
]

IMAGE_SHAPE = (28, 28)


def conv_encoder():
    """Return the encoder of the published convolutional autoencoder.

    Returns
    -------
    keras.Sequential
        (batch, 28, 28) -> (batch, 3, 3, 64), 23,296 parameters. The last
        pooling takes 7 to 3 and drops the seventh row and column.

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
    return keras.Sequential(
        [
            keras.Input(IMAGE_SHAPE),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, kernel_size=3, padding="same", activation="selu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(32, kernel_size=3, padding="same", activation="selu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(64, kernel_size=3, padding="same", activation="selu"),
            layers.MaxPooling2D(pool_size=2),
        ],
        name="conv_encoder",
    )


def conv_decoder():
    """Return the decoder of the published convolutional autoencoder.

    Returns
    -------
    keras.Sequential
        (batch, 3, 3, 64) -> (batch, 28, 28), 23,233 parameters, by way of
        7x7 and 14x14.

    References
    ----------
    As for `conv_encoder`.

    Examples
    --------
    >>> from convae_lib import conv_decoder
    >>> conv_decoder().count_params()
    23233
    """
    return keras.Sequential(
        [
            keras.Input((3, 3, 64)),
            layers.Conv2DTranspose(
                32, kernel_size=3, strides=2, padding="valid", activation="selu"
            ),
            layers.Conv2DTranspose(
                16, kernel_size=3, strides=2, padding="same", activation="selu"
            ),
            layers.Conv2DTranspose(
                1, kernel_size=3, strides=2, padding="same", activation="sigmoid"
            ),
            layers.Reshape(IMAGE_SHAPE),
        ],
        name="conv_decoder",
    )


def conv_autoencoder():
    """Return the published convolutional autoencoder: 576 code numbers.

    Returns
    -------
    keras.Sequential
        `conv_encoder` followed by `conv_decoder`, 46,529 parameters.

    References
    ----------
    As for `conv_encoder`.

    Examples
    --------
    >>> from convae_lib import conv_autoencoder
    >>> encoder, decoder = conv_autoencoder().layers
    >>> encoder.output_shape
    (None, 3, 3, 64)
    """
    return keras.Sequential(
        [keras.Input(IMAGE_SHAPE), conv_encoder(), conv_decoder()],
        name="conv_autoencoder",
    )


def small_conv_autoencoder(code_size=30):
    """Return a convolutional autoencoder whose code is a short vector.

    A 4x4 convolution with strides 4 lays a 7x7 grid over the image, a 3x3
    convolution lets neighbouring patches talk, and a dense layer without an
    activation sums the grid up in `code_size` numbers. The decoder is the
    mirror image.

    Parameters
    ----------
    code_size : int, default 30
        Numbers in the code; 30 is that of `dense_autoencoder`.

    Returns
    -------
    keras.Sequential
        Encoder and decoder; 45,911 parameters with 30 code numbers, fewer than
        `conv_autoencoder` has.

    Raises
    ------
    ValueError
        If `code_size` is not a positive whole number.

    Examples
    --------
    >>> from convae_lib import small_conv_autoencoder
    >>> small_conv_autoencoder(30).count_params()
    45911
    """
    if not isinstance(code_size, int) or code_size < 1:
        raise ValueError(f"code_size {code_size!r} must be a whole number from 1 up")
    encoder = keras.Sequential(
        [
            keras.Input(IMAGE_SHAPE),
            layers.Reshape((28, 28, 1)),
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
            layers.Dense(7 * 7 * 12, activation="gelu"),
            layers.Reshape((7, 7, 12)),
            layers.Conv2DTranspose(
                40, kernel_size=3, padding="same", activation="gelu"
            ),
            layers.Conv2DTranspose(1, kernel_size=4, strides=4, activation="sigmoid"),
            layers.Reshape(IMAGE_SHAPE),
        ],
        name="small_conv_decoder",
    )
    return keras.Sequential(
        [keras.Input(IMAGE_SHAPE), encoder, decoder], name="small_conv_autoencoder"
    )


def dense_autoencoder():
    """Return the textbook's stacked dense autoencoder: 30 code numbers.

    Returns
    -------
    keras.Sequential
        784-100-30-100-784 with SELU, sigmoid at the end; 163,814 parameters.

    References
    ----------
    As for `conv_encoder`.

    Examples
    --------
    >>> from convae_lib import dense_autoencoder
    >>> dense_autoencoder().count_params()
    163814
    """
    encoder = keras.Sequential(
        [
            keras.Input(IMAGE_SHAPE),
            layers.Flatten(),
            layers.Dense(100, activation="selu"),
            layers.Dense(30, activation="selu"),
        ],
        name="dense_encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((30,)),
            layers.Dense(100, activation="selu"),
            layers.Dense(28 * 28, activation="sigmoid"),
            layers.Reshape(IMAGE_SHAPE),
        ],
        name="dense_decoder",
    )
    return keras.Sequential(
        [keras.Input(IMAGE_SHAPE), encoder, decoder], name="dense_autoencoder"
    )


def tied_dense_autoencoder():
    """Return the textbook's dense autoencoder with tied weights.

    The decoder's kernels are the encoder's, transposed; its biases are its
    own. Saving it as ``.keras`` and loading it keeps the tie.

    Returns
    -------
    keras.Model
        784-100-30-100-784, 82,414 parameters.

    References
    ----------
    As for `conv_encoder`.

    Examples
    --------
    >>> from convae_lib import tied_dense_autoencoder
    >>> tied_dense_autoencoder().count_params()
    82414
    """
    outer = layers.Dense(100, activation="selu")
    inner = layers.Dense(30, activation="selu")
    images = keras.Input(IMAGE_SHAPE)
    code = inner(outer(layers.Flatten()(images)))
    hidden = DenseTranspose(inner, activation="selu")(code)
    pixels = DenseTranspose(outer, activation="sigmoid")(hidden)
    return keras.Model(
        images, layers.Reshape(IMAGE_SHAPE)(pixels), name="tied_dense_autoencoder"
    )
