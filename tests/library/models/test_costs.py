"""Code sizes and multiply-adds by hand."""

import keras
import numpy as np
import pytest
from keras import layers

from convae_lib import (
    code_size,
    conv_autoencoder,
    multiply_adds,
    residual_autoencoder,
    residual_block,
    tied_conv_autoencoder,
    tied_dense_autoencoder,
)
from convae_lib.models.costs import COSTS


def chain(shape, *calls):
    return keras.Sequential([keras.Input(shape), *calls])


def test_the_models_of_the_book_by_hand():
    assert code_size(tied_conv_autoencoder()) == 576
    assert code_size(tied_dense_autoencoder(7)) == 7
    assert code_size(residual_autoencoder()) == 7 * 7 * 11
    grid = keras.Input((5, 6, 3))
    block = keras.Model(grid, residual_block(grid, 3, kernel_size=5))
    assert multiply_adds(block) == 5 * 6 * (25 * 3 + 3 * 3)
    assert multiply_adds(tied_dense_autoencoder()) == 2 * (784 * 100 + 100 * 30)
    tied, free = tied_conv_autoencoder(), conv_autoencoder()
    assert multiply_adds(tied) == multiply_adds(free)


@pytest.mark.parametrize(
    ("layer", "shape", "by_hand"),
    [
        (layers.Dense(32), (7, 7, 64), 7 * 7 * 64 * 32),
        (layers.Dense(4), (6,), 24),
        (layers.Conv1D(5, 3), (10, 2), 8 * 3 * 2 * 5),
        (layers.Conv2D(6, (3, 2), strides=2, padding="same"), (7, 6, 4), 12 * 6 * 24),
        (layers.Conv2D(6, 3, groups=2), (7, 6, 4), 5 * 4 * 9 * 2 * 6),
        (layers.Conv2D(6, 3, dilation_rate=2), (7, 6, 4), 3 * 2 * 9 * 4 * 6),
        (layers.Conv3D(5, 2), (3, 4, 5, 2), 2 * 3 * 4 * 8 * 2 * 5),
        (layers.Conv1DTranspose(5, 3, strides=2), (10, 2), 10 * 3 * 2 * 5),
        (layers.Conv2DTranspose(5, 3, strides=2), (3, 4, 2), 12 * 9 * 2 * 5),
        (layers.Conv3DTranspose(5, 2), (3, 4, 5, 2), 60 * 8 * 2 * 5),
        (layers.DepthwiseConv1D(3, depth_multiplier=2), (10, 4), 8 * 3 * 4 * 2),
        (layers.DepthwiseConv2D(3, strides=2), (7, 7, 4), 9 * 9 * 4),
        (layers.SeparableConv1D(5, 3), (10, 4), 8 * (3 * 4 + 4 * 5)),
        (layers.SeparableConv2D(5, 3), (7, 7, 4), 25 * (9 * 4 + 4 * 5)),
        (layers.EinsumDense("abc,cd->abd", (3, 4)), (3, 5), 3 * 5 * 4),
        (layers.EinsumDense("abc,bcd->ad", 4), (3, 5), 3 * 5 * 4),
        (layers.EinsumDense("...x,xy->...y", 4), (3, 5), 3 * 5 * 4),
        (layers.BatchNormalization(), (3, 5), 0),
        (layers.MaxPooling2D(2), (4, 4, 1), 0),
    ],
)
def test_layers_by_hand(layer, shape, by_hand):
    assert multiply_adds(chain(shape, layer)) == by_hand
    assert multiply_adds(layer, input_shape=shape) == by_hand


def test_channels_first_counts_alike():
    first = layers.Conv2D(6, 3, strides=2, data_format="channels_first")
    assert multiply_adds(chain((4, 7, 9), first)) == 3 * 4 * 9 * 4 * 6
    up = layers.Conv2DTranspose(6, 3, data_format="channels_first")
    assert multiply_adds(chain((4, 7, 9), up)) == 7 * 9 * 9 * 4 * 6


def test_a_layer_counts_each_time_it_is_called():
    dense, x = layers.Dense(4), keras.Input((4,))
    twice = keras.Model(x, dense(dense(x)))
    assert multiply_adds(twice) == 2 * 16
    again = keras.Model(x, layers.Add()([twice(x), twice(x + 1)]))
    assert multiply_adds(again) == 4 * 16


def test_open_sizes_are_asked_for():
    for open_ in (
        chain((None, None, 3), layers.Conv2D(2, 3)),
        keras.Sequential([layers.Conv2D(2, 3)]),
        layers.Conv2D(2, 3),
    ):
        with pytest.raises(ValueError, match=r"as in input_shape=\(28, 28, 1\)"):
            multiply_adds(open_)
        assert multiply_adds(open_, input_shape=(8, 7, 3)) == 6 * 5 * 9 * 3 * 2
    half = layers.EinsumDense("abc,cd->abd", (None, 4))
    with pytest.raises(ValueError, match=r"leaves sizes open \(None, 4\); give it its"):
        multiply_adds(chain((3, 5), half, layers.Dense(2)))
    for wrong in ((0, 3), (2.5,), (None, 3), -1):
        with pytest.raises(ValueError, match="must be positive whole numbers"):
            multiply_adds(layers.Dense(2), input_shape=wrong)


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.down, self.up = layers.Dense(3), layers.Dense(5)

    def call(self, x):
        return self.up(self.down(x))


def test_a_call_of_its_own_is_traced_first():
    model, x = Own(), keras.Input((5,))
    for count in (multiply_adds, code_size):
        with pytest.raises(TypeError, match=r"keras.Model\(x, model.call\(x\)\)"):
            count(model)
    with pytest.raises(TypeError, match="Own .* has a call of its own"):
        multiply_adds(chain((5,), model))
    traced = keras.Model(x, model.call(x))
    assert (multiply_adds(traced), code_size(traced)) == (30, 3)


@pytest.mark.parametrize(
    "layer", [layers.LSTM(3), layers.Dot(1), layers.Attention()], ids=lambda x: x.name
)
def test_what_is_not_counted_is_named(layer):
    x = keras.Input((4, 2))
    several = isinstance(layer, layers.Dot | layers.Attention)
    model = keras.Model(x, layer([x, x] if several else x))
    name = type(layer).__name__
    with pytest.raises(TypeError, match=f"{name} .* counted are .*Conv2D, .*COSTS"):
        multiply_adds(model)


def test_a_line_counts_a_layer(monkeypatch):
    class Own(layers.Dense):
        pass

    class Other(layers.LSTM):
        pass

    assert multiply_adds(chain((4,), Own(3))) == 12  # as the layer it stands for
    monkeypatch.setitem(COSTS, Other, lambda layer, inputs, outputs: inputs[1])
    assert multiply_adds(chain((5, 2), Other(3))) == 5
    with pytest.raises(TypeError, match="must be a Keras model or layer, not 'x'"):
        multiply_adds("x")


def test_input_and_output_are_no_code():
    narrow = [layers.Dense(1000, activation="relu"), layers.Dense(784)]
    assert code_size(chain((784,), *narrow)) == 1000
    noisy = [layers.GaussianNoise(0.1), layers.Flatten(), *narrow]
    ends = [layers.Activation("sigmoid"), layers.Reshape((28, 28))]
    assert code_size(chain((28, 28), *noisy, *ends)) == 1000
    assert code_size(chain((784,), layers.Dense(40), layers.Dense(784))) == 40


def test_what_goes_around_a_layer_makes_it_no_code():
    x = keras.Input((8, 8, 4))
    low = layers.Conv2D(1, 1)(x)
    inner = layers.Conv2D(4, 1)(low)
    code = layers.Conv2D(2, 1)(inner + x)  # 64 numbers beside the sum, 128 behind it
    model = keras.Model(x, layers.Conv2D(4, 1)(code))
    assert code_size(model) == 8 * 8 * 2
    beside = keras.Model(x, layers.Conv2D(4, 1)(low) + x)
    with pytest.raises(ValueError, match="no place that all must pass"):
        code_size(beside)


def test_a_second_head_is_no_code():
    x = keras.Input((784,))
    code = layers.Dense(30)(x)
    label = layers.Dense(10, activation="softmax")(code)
    assert code_size(keras.Model(x, [layers.Dense(784)(code), label])) == 30
    with pytest.raises(ValueError, match=r"takes 784 numbers and gives 10\. .*encoder"):
        code_size(keras.Model(x, label))
    with pytest.raises(ValueError, match="has 2 inputs"):
        code_size(keras.Model([x, keras.Input((10,))], layers.Dense(784)(code)))


def test_a_shape_that_a_model_does_not_take_is_named():
    dense = chain((28, 28, 1), layers.Flatten(), layers.Dense(10))
    conv = layers.Conv2D(2, 3)
    conv.build((None, 8, 8, 3))
    for model, shape, told in (
        (dense, (14, 14, 1), r"takes inputs of shape \(28, 28, 1\)"),
        (dense, 3, r"takes inputs of shape \(28, 28, 1\)"),
        (conv, (8, 8, 5), "was built for 3 on axis -1; .* has 5"),
        (conv, (2, 8, 3), r"Conv2D .* does not take \(2, 8, 3\), without the batch"),
        (keras.Sequential([conv]), (8, 8, 1), r"does not take \(8, 8, 1\), without"),
        (layers.Dense(3), True, "input_shape True must be positive whole numbers"),
    ):
        with pytest.raises(ValueError, match=told):
            multiply_adds(model, shape)
    with pytest.raises(ValueError, match=r"takes inputs of shape \(28, 28, 1\)"):
        code_size(dense, (14, 14, 1))


def test_several_open_inputs_are_closed_where_they_are_made():
    def of(steps):
        x, y = keras.Input((steps, 3)), keras.Input((steps, 3))
        return keras.Model([x, y], layers.Dense(3)(x + y))

    for shape in (None, (4, 3)):
        with pytest.raises(ValueError, match="has 2 inputs, .* with all sizes"):
            multiply_adds(of(None), shape)
        with pytest.raises(ValueError, match="has 2 inputs; a code is that of one"):
            code_size(of(None), shape)
    assert multiply_adds(of(4)) == 4 * 3 * 3


def test_operations_that_multiply_what_they_are_given_are_named():
    x, ops = keras.Input((4, 1, 3)), keras.ops
    for y in (ops.dot_product_attention(x, x, x), ops.kron(x, np.ones((1, 2, 2, 2)))):
        with pytest.raises(TypeError, match="DotProductAttention|Kron"):
            multiply_adds(keras.Model(x, y))
