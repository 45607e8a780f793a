"""Layers that Keras does not have: dense and transposed ones tied to another."""

import keras
from keras import layers

__all__ = ["Conv2DTiedTranspose", "DenseTranspose", "kernel_of"]


@keras.saving.register_keras_serializable("convae_lib")
class DenseTranspose(layers.Layer):
    """A dense layer that multiplies by the transposed kernel of another one.

    The textbook's layer for tied weights, rewritten for Keras 3: the kernel is
    the other layer's own variable, so both train as one and are stored once;
    only the bias is new. A ``.keras`` file keeps the tie where both layers stand in one
    model (Keras itself cannot load a layer that two nested models share: save weights
    there, and load them into a model built anew). `keras.models.clone_model`, JSON and
    ``.h5`` would lose it, and are refused.

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
        When called, if `dense` has no kernel yet or is quantized, or the last axis of
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
        inputs, units = kernel_of(self.dense).shape
        if input_shape[-1] != units:
            raise ValueError(
                f"the input ends in {input_shape[-1]} numbers, but {self.dense.name!r} "
                f"has {units} units; its transpose takes those"
            )
        self.bias = self.add_weight(shape=(inputs,), initializer="zeros", name="bias")

    def call(self, inputs):
        kernel = keras.ops.transpose(kernel_of(self.dense))
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
        return cls(**{**config, "dense": _tied(config, "dense")})


@keras.saving.register_keras_serializable("convae_lib")
class Conv2DTiedTranspose(layers.Layer):
    """A transposed convolution whose kernel is that of a `Conv2D` layer.

    `Conv2D` stores (kh, kw, in, out) and `Conv2DTranspose` (kh, kw, out, in):
    the same array fits both, unpermuted. Only the bias is new. What keeps the tie
    and what is refused is as for `DenseTranspose`.

    Parameters
    ----------
    conv : keras.layers.Conv2D
        The layer to share the kernel with, built before this one.
    strides : int or tuple of int, default 1
    padding : {"valid", "same"}, default "valid"
    activation : str or callable, optional
        As in `keras.layers.Conv2DTranspose`; they need not be those of `conv`.
    **kwargs
        As in `keras.layers.Layer`.

    Raises
    ------
    TypeError
        If `conv` is no `keras.layers.Conv2D`.
    ValueError
        If `conv` is dilated, has groups or works channels-first; when called, if it
        has no kernel yet or is quantized, or the input has another number of channels
        than it has filters.

    Examples
    --------
    >>> import keras
    >>> from convae_lib import Conv2DTiedTranspose
    >>> conv = keras.layers.Conv2D(8, kernel_size=3)
    >>> conv.build((None, 14, 14, 5))
    >>> up = Conv2DTiedTranspose(conv, strides=2, padding="same")
    >>> tuple(up(keras.ops.ones((2, 7, 7, 8))).shape)
    (2, 14, 14, 5)
    """

    def __init__(self, conv, strides=1, padding="valid", activation=None, **kwargs):
        if not isinstance(conv, layers.Conv2D):
            raise TypeError(f"conv must be a keras.layers.Conv2D, not {conv!r}")
        plain = {"dilation_rate": (1, 1), "groups": 1, "data_format": "channels_last"}
        for name, value in plain.items():
            if (given := getattr(conv, name)) != value:
                raise ValueError(
                    f"{conv.name!r} has {name} {given!r}; the tied transpose is that of a "
                    f"convolution with {value!r}"
                )
        super().__init__(**kwargs)
        self.conv, self.strides, self.padding = conv, strides, padding
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        filters, channels = kernel_of(self.conv).shape[2:]
        if input_shape[-1] != channels:
            raise ValueError(
                f"the input has {input_shape[-1]} channels, but {self.conv.name!r} has "
                f"{channels} filters; its transpose takes those"
            )
        self.bias = self.add_weight(shape=(filters,), initializer="zeros", name="bias")

    def call(self, inputs):
        outputs = keras.ops.conv_transpose(
            inputs, kernel_of(self.conv), strides=self.strides, padding=self.padding
        )
        return self.activation(outputs + self.bias)

    def compute_output_shape(self, input_shape):
        grid = keras.KerasTensor(input_shape)
        kernel = keras.KerasTensor(self.conv.kernel.shape)
        return keras.ops.conv_transpose(
            grid, kernel, strides=self.strides, padding=self.padding
        ).shape

    def get_config(self):
        return {
            **super().get_config(),
            "conv": keras.saving.serialize_keras_object(self.conv),
            "strides": self.strides,
            "padding": self.padding,
            "activation": keras.activations.serialize(self.activation),
        }

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "conv": _tied(config, "conv")})


def _tied(config, key):
    """Return the layer to share the kernel with, where it is the model's own.

    Loading a ``.keras`` file, Keras makes each layer once and hands it to all that
    name it. Cloning, and reading JSON or ``.h5``, it makes one for each: two
    kernels that would go separate ways.
    """
    shared = {"shared_object_id": -id(config), **config[key]}
    layer, again = (keras.saving.deserialize_keras_object(shared) for _ in range(2))
    if layer is not again:
        raise ValueError(
            f"{config['name']!r} would lose its tie to {layer.name!r}: clone_model, "
            "to_json, from_config, .h5 files and layers in two nested models do not "
            "keep it. Build the model anew and call new.set_weights(model.get_weights()); "
            "where both layers stand in one model, a .keras file does as well"
        )
    return layer


def kernel_of(layer):
    """Return the kernel that a layer shares, if it is what the layer applies."""
    if not layer.built:
        raise ValueError(
            f"the layer {layer.name!r} has no kernel to share yet: call or build it first"
        )
    if layer.quantization_mode:
        raise ValueError(
            f"{layer.name!r} is quantized ({layer.quantization_mode}), and its stored kernel "
            "is not the one it applies; a tied model stays as it is: build it anew and load "
            "weights from before quantizing"
        )
    return layer.kernel
