"""Autoencoders of dense layers: the textbook's, of any code size, and tied."""

from math import prod

import keras
from keras import layers

from ..checks import check_sizes
from .sizes import IMAGE_SHAPE, read_image_shape
from .tied_layers import DenseTranspose

__all__ = ["dense_autoencoder", "tied_dense_autoencoder"]


def dense_autoencoder(code_size=30, hidden=100, image_shape=IMAGE_SHAPE):
    """Return the textbook's stacked dense autoencoder: 30 code numbers.

    Parameters
    ----------
    code_size : int, default 30
        Numbers in the code.
    hidden : int or None, default 100
        Units of the layer before the code and of the one after it; with None
        there are none: 784-``code_size``-784.
    image_shape : tuple of int, default (28, 28)
        (height, width) or (height, width, channels) of an image.

    Returns
    -------
    keras.Sequential
        784-100-30-100-784 with SELU, sigmoid at the end; 163,814 parameters.

    Raises
    ------
    ValueError
        If a size is not a positive whole number.

    References
    ----------
    A. Geron, "Hands-On Machine Learning with Scikit-Learn, Keras, and
    TensorFlow", 2nd ed., chapter 17.

    Examples
    --------
    >>> from convae_lib import dense_autoencoder
    >>> dense_autoencoder().count_params()
    163814
    >>> dense_autoencoder(code_size=29, hidden=None).count_params()
    46285
    """
    sizes = _units(code_size, hidden)
    pixels = prod(read_image_shape(image_shape))
    encoder = keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Flatten(),
            *[layers.Dense(units, activation="selu") for units in sizes],
        ],
        name="dense_encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input(sizes[-1:]),
            *[layers.Dense(units, activation="selu") for units in sizes[-2::-1]],
            layers.Dense(pixels, activation="sigmoid"),
            layers.Reshape(image_shape),
        ],
        name="dense_decoder",
    )
    return keras.Sequential(
        [keras.Input(image_shape), encoder, decoder], name="dense_autoencoder"
    )


def tied_dense_autoencoder(code_size=30, hidden=100, image_shape=IMAGE_SHAPE):
    """Return the textbook's dense autoencoder with tied weights.

    The decoder's kernels are the encoder's, transposed; its biases are its
    own. Saving it as ``.keras`` and loading it keeps the tie.

    Parameters
    ----------
    code_size, hidden, image_shape
        As in `dense_autoencoder`.

    Returns
    -------
    keras.Model
        784-100-30-100-784, 82,414 parameters.

    Raises
    ------
    ValueError
        As in `dense_autoencoder`.

    References
    ----------
    As for `dense_autoencoder`.

    Examples
    --------
    >>> from convae_lib import tied_dense_autoencoder
    >>> tied_dense_autoencoder().count_params()
    82414
    """
    sizes = _units(code_size, hidden)
    read_image_shape(image_shape)  # refuses what is none
    down = [layers.Dense(units, activation="selu") for units in sizes]
    images = keras.Input(image_shape)
    numbers = layers.Flatten()(images)
    for dense in down:
        numbers = dense(numbers)
    for dense in reversed(down):
        activation = "sigmoid" if dense is down[0] else "selu"
        numbers = DenseTranspose(dense, activation=activation)(numbers)
    return keras.Model(
        images, layers.Reshape(image_shape)(numbers), name="tied_dense_autoencoder"
    )


def _units(code_size, hidden):
    """Return the units of the encoder's layers, checked."""
    check_sizes(code_size=code_size)
    if hidden is None:
        return [int(code_size)]
    check_sizes(hidden=hidden)
    return [int(hidden), int(code_size)]
