"""A layer that Keras does not have: a dense one tied to another."""

import keras
from keras import layers

__all__ = ["DenseTranspose"]


@keras.saving.register_keras_serializable("convae_lib")
class DenseTranspose(layers.Layer):
    """A dense layer that multiplies by the transposed kernel of another one.

    The textbook's layer for tied weights, rewritten for Keras 3: the kernel is
    the other layer's own variable, so both train as one and are stored once;
    only the bias is new.

    Parameters
    ----------
    dense : keras.layers.Dense
        The layer to share the kernel with. It must be built before this one.
    activation : str or callable, optional
        Applied at the end, as in `keras.layers.Dense`.
    **kwargs
        As in `keras.layers.Layer`.

    Raises
    ------
    TypeError
        If `dense` is no `keras.layers.Dense`.
    ValueError
        At the first call, if `dense` has no kernel yet or the last axis of
        the input is not its number of units.

    Examples
    --------
    >>> import keras
    >>> from convae_lib import DenseTranspose
    >>> dense = keras.layers.Dense(3)
    >>> dense.build((None, 5))
    >>> up = DenseTranspose(dense)
    >>> tuple(up(keras.ops.ones((2, 3))).shape)
    (2, 5)
    >>> up.dense.kernel is dense.kernel
    True
    """

    def __init__(self, dense, activation=None, **kwargs):
        if not isinstance(dense, layers.Dense):
            raise TypeError(f"dense must be a keras.layers.Dense, not {dense!r}")
        super().__init__(**kwargs)
        self.dense = dense
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        if not self.dense.built:
            raise ValueError(
                f"the layer {self.dense.name!r} has no kernel to share yet: call or "
                "build it first"
            )
        inputs, units = self.dense.kernel.shape
        if input_shape[-1] != units:
            raise ValueError(
                f"the input ends in {input_shape[-1]} numbers, but {self.dense.name!r} "
                f"has {units} units; its transpose takes those"
            )
        self.bias = self.add_weight(shape=(inputs,), initializer="zeros", name="bias")

    def call(self, inputs):
        kernel = keras.ops.transpose(self.dense.kernel)
        return self.activation(keras.ops.matmul(inputs, kernel) + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.dense.kernel.shape[0])

    def get_config(self):
        return {
            **super().get_config(),
            "dense": keras.saving.serialize_keras_object(self.dense),
            "activation": keras.activations.serialize(self.activation),
        }

    @classmethod
    def from_config(cls, config):
        dense = keras.saving.deserialize_keras_object(config["dense"])
        return cls(**{**config, "dense": dense})
