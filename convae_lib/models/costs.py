"""Cost of a network and size of its code."""

from math import prod

from keras import layers

from .tied_layers import Conv2DTiedTranspose, DenseTranspose

__all__ = ["code_size", "multiply_adds"]


def multiply_adds(model):
    """Return how many multiply-adds a model takes for one image.

    Convolutions count each output position once for each weight that reaches
    it, those that fall outside the image included, as is usual; transposed ones
    each input position. Biases, activations and pooling are left out. A step of
    training takes about three times as many: forwards, and backwards to the
    inputs and to the weights.

    Parameters
    ----------
    model : keras.Model
        Built; of dense layers, convolutions (depthwise, transposed, tied) and
        layers without weights, nested at will.

    Returns
    -------
    int
        Multiply-adds for an image.

    Raises
    ------
    TypeError
        If a layer with weights is of another kind.

    Examples
    --------
    >>> from convae_lib import conv_autoencoder, dense_autoencoder, multiply_adds
    >>> multiply_adds(dense_autoencoder())
    162800
    >>> multiply_adds(conv_autoencoder())
    2339136
    """
    if hasattr(model, "layers"):
        return sum(multiply_adds(layer) for layer in model.layers)
    if isinstance(model, layers.Dense):
        return prod(model.kernel.shape)
    if isinstance(model, DenseTranspose):
        return prod(model.dense.kernel.shape)
    if isinstance(model, layers.Conv2DTranspose | Conv2DTiedTranspose):
        kernel = getattr(model, "conv", model).kernel
        return prod(model.input.shape[1:3]) * prod(kernel.shape)
    if isinstance(model, layers.Conv2D | layers.DepthwiseConv2D):
        return prod(model.output.shape[1:3]) * prod(model.kernel.shape)
    if model.weights:
        raise TypeError(f"{type(model).__name__} is no layer that is counted here")
    return 0


def code_size(model):
    """Return how many numbers the narrowest layer of a model passes on.

    Parameters
    ----------
    model : keras.Model
        Built; nested at will.

    Returns
    -------
    int
        For an autoencoder, the size of its code.

    Examples
    --------
    >>> from convae_lib import code_size, conv_autoencoder
    >>> code_size(conv_autoencoder())
    576
    """
    if hasattr(model, "layers"):
        return min(code_size(layer) for layer in model.layers)
    return prod(model.output.shape[1:])
