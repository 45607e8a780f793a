"""Gradients, asked of Keras's backend: the one place that names backends."""

import keras
import numpy as np

__all__ = ["gradients"]


def gradients(function, inputs, weights):
    """Return the gradients of a weighted sum of outputs, for each set of weights.

    Parameters
    ----------
    function : callable
        From tensors, one for each of `inputs`, to a tensor.
    inputs : list of numpy.ndarray
        A point, with a batch of one.
    weights : numpy.ndarray
        Of the shape of outputs with a batch: one image, or one set of weights an image,
        each of which is then looked at anew.

    Returns
    -------
    list of numpy.ndarray
        For each input its gradients, (sets of weights, *its shape without the batch).

    Raises
    ------
    ValueError
        If the backend does not differentiate.

    Examples
    --------
    >>> import keras, numpy as np
    >>> x = np.array([[1.0, 2.0]], dtype="float32")
    >>> gradients(keras.ops.square, [x], np.array([[1.0, 0.0], [0.0, 1.0]]))[0]
    array([[2., 0.],
           [0., 4.]], dtype=float32)
    """
    tensors = [
        keras.ops.convert_to_tensor(np.broadcast_to(x, (len(weights), *x.shape[1:])))
        for x in inputs
    ]
    weights = keras.ops.convert_to_tensor(weights, dtype=keras.backend.floatx())
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(tensors)
            outputs = function(*tensors)
        found = tape.gradient(outputs, tensors, weights, unconnected_gradients="zero")
    elif backend == "jax":
        import jax

        found = jax.vjp(function, *tensors)[1](weights)
    elif backend == "torch":
        import torch

        with torch.enable_grad():
            tensors = [tensor.detach().requires_grad_() for tensor in tensors]
            outputs = function(*tensors)
        if not outputs.requires_grad:  # the same whatever the inputs are
            return [np.zeros(tuple(tensor.shape)) for tensor in tensors]
        found = torch.autograd.grad(
            outputs, tensors, weights, allow_unused=True, materialize_grads=True
        )
    else:
        raise ValueError(
            f"Keras's backend {backend!r} does not differentiate; use tensorflow, jax or "
            "torch (KERAS_BACKEND)"
        )
    return [keras.ops.convert_to_numpy(gradient) for gradient in found]
