"""The autoencoders of the book, in plain Keras 3.

Each function returns a new, uncompiled model that maps images of `image_shape` with
values in [0, 1] to reconstructions of the same shape.
Encoder and decoder are kept apart: ``encoder, decoder = model.layers`` (but for
the tied models, whose decoder is made of the encoder's own kernels).
"""

from .convolutional import (
    conv_autoencoder,
    conv_decoder,
    conv_encoder,
    tied_conv_autoencoder,
)
from .dense import dense_autoencoder, tied_dense_autoencoder
from .regularized import sparse_autoencoder, variational_autoencoder
from .residual import residual_autoencoder, residual_block
from .small import small_conv_autoencoder
from .strided import strided_conv_autoencoder

MODELS = {
    build.__name__: build
    for build in (
        conv_autoencoder,
        dense_autoencoder,
        residual_autoencoder,
        small_conv_autoencoder,
        sparse_autoencoder,
        strided_conv_autoencoder,
        tied_conv_autoencoder,
        tied_dense_autoencoder,
        variational_autoencoder,
    )
}
"""The autoencoders by the names that experiments use; a new one needs a line here."""

__all__ = [
    "MODELS",
    "conv_decoder",
    "conv_encoder",
    "residual_block",
    *MODELS,
]
