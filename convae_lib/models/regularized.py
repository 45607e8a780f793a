"""Autoencoders whose code is asked for more than the reconstruction: to be noisy, or sparse."""

from math import prod

import keras
from keras import layers, ops

from ..checks import check_sizes
from .residual import residual_autoencoder
from .sizes import IMAGE_SHAPE

__all__ = ["SampledCode", "SparseCode", "sparse_autoencoder", "variational_autoencoder"]


@keras.saving.register_keras_serializable("convae_lib")
class SampledCode(layers.Layer):
    """Draw each number of a code from a normal distribution; return the mean at inference.

    The input holds the means, and behind them the logarithms of the variances. What
    the distributions differ by from the standard normal one, their Kullback-Leibler
    divergence, is added to the model's loss.

    Parameters
    ----------
    price : float
        What a nat of divergence costs, in the unit of the loss: ``1 / pixels`` for a
        loss that is a mean over pixels makes both together the negative evidence lower
        bound, in nats per pixel.
    seed : int, optional
        Of the draws; by default that of ``keras.utils.set_random_seed``.
    **kwargs
        As in `keras.layers.Layer`.

    References
    ----------
    D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", 2014, appendix B for
    the divergence.

    Examples
    --------
    >>> import numpy as np
    >>> code = SampledCode(price=1)
    >>> np.asarray(code(np.array([[0.5, -1.0, 0.0, 0.0]], "float32"))).tolist()
    [[0.5, -1.0]]
    >>> round(float(code.losses[0]), 3)  # (0.25 + 1) / 2
    0.625
    """

    def __init__(self, price, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.price, self.seed = float(price), seed
        self.random = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        mean, log_variance = ops.split(inputs, 2, axis=-1)
        terms = mean**2 + ops.exp(log_variance) - log_variance - 1
        self.add_loss(self.price * ops.mean(ops.sum(terms, axis=-1)) / 2)
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), seed=self.random)
        return mean + ops.exp(log_variance / 2) * noise

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] // 2)

    def get_config(self):
        return {**super().get_config(), "price": self.price, "seed": self.seed}


@keras.saving.register_keras_serializable("convae_lib")
class SparseCode(layers.Layer):
    """Keep the largest numbers of a code, by absolute value, and set the others to 0.

    Parameters
    ----------
    keep : int
        How many are kept of each code.
    **kwargs
        As in `keras.layers.Layer`.

    Raises
    ------
    ValueError
        If `keep` is not a positive whole number, or larger than the code.

    References
    ----------
    A. Makhzani and B. Frey, "k-sparse autoencoders", 2014.

    Examples
    --------
    >>> import numpy as np
    >>> code = SparseCode(keep=2)
    >>> np.asarray(code(np.array([[3.0, -4.0, 1.0, 0.5]], "float32"))).tolist()
    [[3.0, -4.0, 0.0, 0.0]]
    """

    def __init__(self, keep, **kwargs):
        check_sizes(keep=keep)
        super().__init__(**kwargs)
        self.keep = int(keep)

    def build(self, input_shape):
        if self.keep > input_shape[-1]:
            raise ValueError(
                f"keep {self.keep} must be a whole number from 1 to {input_shape[-1]}, "
                "the size of the code"
            )

    def call(self, inputs):
        sizes = ops.abs(inputs)
        least = ops.top_k(sizes, self.keep)[0][..., -1:]  # of those that are kept
        return ops.where(sizes >= least, inputs, 0)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "keep": self.keep}


def variational_autoencoder(
    code_size=30, price=None, image_shape=IMAGE_SHAPE, **options
):
    """Return `residual_autoencoder` with a code that is drawn, not given.

    Its encoder gives two numbers for each of the code, a mean and a log-variance;
    `SampledCode` draws from them in training, and passes the means on otherwise.

    Parameters
    ----------
    code_size : int, default 30
    price : float, optional
        As in `SampledCode`; by default 1 over the values of an image.
    image_shape : tuple of int, default (28, 28)
        (height, width) or (height, width, channels) of an image.
    **options
        As in `residual_autoencoder`.

    Returns
    -------
    keras.Sequential
        Encoder and decoder; ``decoder.predict(np.random.normal(size=(n, code_size)))``
        draws new images once it is trained.

    Raises
    ------
    ValueError
        As in `residual_autoencoder`.

    References
    ----------
    As for `SampledCode`.

    Examples
    --------
    >>> from convae_lib import variational_autoencoder
    >>> encoder, decoder = variational_autoencoder(code_size=6, code_channels=2).layers
    >>> encoder.output_shape, decoder.output_shape
    ((None, 6), (None, 28, 28))
    """
    check_sizes(code_size=code_size)
    if price is None:
        price = 1 / prod(image_shape)
    code = SampledCode(price, name="code")
    given = 2 * int(code_size)
    return _with_code(
        code, given, int(code_size), image_shape, options, "variational_autoencoder"
    )


def sparse_autoencoder(code_size=30, keep=10, image_shape=IMAGE_SHAPE, **options):
    """Return `residual_autoencoder` with a code of which most numbers are 0.

    Parameters
    ----------
    code_size : int, default 30
    keep : int, default 10
        As in `SparseCode`.
    image_shape : tuple of int, default (28, 28)
        (height, width) or (height, width, channels) of an image.
    **options
        As in `residual_autoencoder`.

    Returns
    -------
    keras.Sequential
        Encoder and decoder.

    Raises
    ------
    ValueError
        As in `residual_autoencoder` and `SparseCode`.

    References
    ----------
    As for `SparseCode`.

    Examples
    --------
    >>> from convae_lib import sparse_autoencoder
    >>> encoder, decoder = sparse_autoencoder(code_size=6, keep=2, code_channels=2).layers
    >>> encoder.output_shape
    (None, 6)
    """
    check_sizes(code_size=code_size)
    code, size = SparseCode(keep, name="code"), int(code_size)
    return _with_code(code, size, size, image_shape, options, "sparse_autoencoder")


def _with_code(code, given, size, image_shape, options, name):
    """Return an encoder of `given` numbers, a layer on them, and a decoder of `size`."""
    encoder, _ = residual_autoencoder(
        code_size=given, image_shape=image_shape, **options
    ).layers
    _, decoder = residual_autoencoder(
        code_size=size, image_shape=image_shape, **options
    ).layers
    encoder = keras.Model(encoder.input, code(encoder.output), name="encoder")
    return keras.Sequential([keras.Input(image_shape), encoder, decoder], name=name)
