"""Random networks, and automatic differentiation on any backend of Keras.

As a command, ``KERAS_BACKEND=jax python networks.py HOW_MANY SEED`` compares both.
"""

import sys

import keras
import numpy as np
from keras import layers

ACTIVATIONS = [
    *("relu", "selu", "elu", "gelu", "silu", "tanh", "sigmoid", "softplus", "softmax"),
    *("leaky_relu", "hard_sigmoid", "mish", "linear", keras.ops.relu, keras.ops.tanh),
]


def automatic(model, x):
    """Return the Jacobian of a model at one input by automatic differentiation."""
    x = np.asarray(x, dtype="float32")
    if keras.backend.backend() == "jax":
        import jax

        J = jax.jacrev(lambda x: model(x[None], training=False))(x)
    elif keras.backend.backend() == "torch":
        import torch

        J = torch.autograd.functional.jacobian(
            lambda x: model(x[None], training=False), torch.tensor(x)
        )
    else:
        import tensorflow as tf

        variable = tf.constant(x[None])
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(variable)
            y = model(variable, training=False)
        # One output after the other: the faster way keeps what it compiles.
        J = tape.jacobian(y, variable, experimental_use_pfor=False)
    return keras.ops.convert_to_numpy(J).reshape(-1, x.size)


def random_network(rng):
    """Return a functional network of a few random steps, with random weights."""
    x = grid = keras.Input((int(rng.integers(4, 7)), int(rng.integers(4, 7)), 2))
    for step in rng.choice(STEPS, size=4):
        grid = step(grid, rng)
    end = rng.integers(3)
    if end:
        head = [layers.Flatten(), layers.Dense(5, activation=activation(rng))]
        grid = keras.Sequential(head[: int(end)])(grid)
    network = keras.Model(x, grid)
    for weight in network.weights:
        low = 0.2 if "variance" in weight.path else -0.7
        weight.assign(rng.uniform(low, 0.7, size=weight.shape))
    return network


def activation(rng):
    return ACTIVATIONS[rng.integers(len(ACTIVATIONS))]


def convolve(grid, rng):
    kind = rng.choice([layers.Conv2D, layers.SeparableConv2D])
    padding = "same" if min(grid.shape[1:3]) < 4 else str(rng.choice(["valid", "same"]))
    return kind(3, 2, padding=padding, activation=activation(rng))(grid)


def around(grid, rng):
    return layers.DepthwiseConv2D(2, padding="same", activation=activation(rng))(grid)


def pool(grid, rng):
    kinds = [layers.MaxPooling2D, layers.AveragePooling2D]
    padding = "same" if min(grid.shape[1:3]) < 4 else "valid"
    return rng.choice(kinds)(2, strides=1, padding=padding)(grid)


def grow(grid, rng):
    kinds = [
        layers.Conv2DTranspose(2, 2, strides=2, activation=activation(rng)),
        layers.UpSampling2D((1, 2)),
        layers.UpSampling2D(2, interpolation="bilinear"),
        layers.ZeroPadding2D(((1, 0), (0, 2))),
    ]
    grid = kinds[rng.integers(len(kinds))](grid)
    return layers.Cropping2D(1)(grid) if min(grid.shape[1:3]) > 3 else grid


def same_size(grid, rng):
    kinds = [
        layers.Activation(activation(rng)),
        layers.PReLU(shared_axes=[1, 2]),
        layers.LeakyReLU(),
        layers.Softmax(),
        layers.BatchNormalization(),
        layers.LayerNormalization(),
        layers.SpatialDropout2D(0.5),
        layers.GaussianNoise(1.0),
        layers.Rescaling(0.5, 0.1),
    ]
    return kinds[rng.integers(len(kinds))](grid)


def add(grid, rng):
    return grid + same_size(around(grid, rng), rng)


def join(grid, rng):
    return layers.Concatenate()([layers.Permute((2, 1, 3))(grid)] * 2)


def twice(grid, rng):
    layer = layers.Conv2D(grid.shape[-1], 2, padding="same", activation=activation(rng))
    return layers.Add()([layer(layer(grid)), layer(grid), grid])


def gate(grid, rng):
    open_ = layers.GlobalAveragePooling2D(keepdims=True)(grid)
    return grid * layers.Dense(grid.shape[-1], activation="sigmoid")(open_)


def nested(grid, rng):
    inside = keras.Input(grid.shape[1:])
    inner = keras.Model(inside, add(inside, rng))
    return inner(inner(grid))


STEPS = [convolve, around, pool, grow, same_size, add, join, twice, gate, nested]


def main(how_many, seed):
    from convae_lib import jacobian_matrix

    entries = 0
    for number in range(how_many):
        rng = np.random.default_rng([seed, number])
        keras.utils.set_random_seed(seed)
        network = random_network(rng)
        x = rng.uniform(-1, 1, size=network.input_shape[1:])
        ours, theirs = jacobian_matrix(network, x).toarray(), automatic(network, x)
        scale = np.abs(theirs).max(initial=1e-6)
        worst = np.abs(ours - theirs).max() / scale
        if not worst < 1e-4:
            network.summary(expand_nested=True)
            raise SystemExit(f"network {number} of seed {seed} is off by {worst}")
        entries += np.count_nonzero(ours)
    print(f"{keras.backend.backend()}: {how_many} networks, {entries} entries equal")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
