"""The engine of the pages against Keras, which runs the same stored weights."""

import json

import keras
import numpy as np
import pytest

from convae_lib import (
    binary_crossentropy,
    draw_garments,
    entropy_floor,
    load_trained,
    trained_networks,
)
from convae_lib.experiments import read_records
from convae_lib.widgets import weights
from convae_lib.widgets.weights import describe, describe_components, script
from tools.reproduce import REAL

# A variational code is drawn by chance, and a denoiser is not shown.
NETWORKS = [n for n in trained_networks() if n not in ("denoiser", "variational")]
IMAGES = np.concatenate(
    [
        draw_garments(4, seed=3)[0],
        np.random.default_rng(3).random((2, 28, 28), "f4"),  # no pixel is black
    ]
)

RUN = """
(network, images) => images.map((image) => {
  const code = convae.engine.encode(network, Float32Array.from(image));
  return [[...code], [...convae.engine.decode(network, code)]];
})
"""


@pytest.fixture(scope="module")
def v8(engine):
    return engine("network.js")


def run(v8, network, images=IMAGES):
    """Return codes and reconstructions by JavaScript."""
    found = v8.call(RUN, network, images.reshape(len(images), -1).tolist())
    codes, drawn = ([np.array(part) for part in parts] for parts in zip(*found))
    return np.stack(codes), np.stack(drawn).reshape(-1, 28, 28)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_computes_what_keras_computes(v8, name):
    model = load_trained(name)
    codes, drawn = run(v8, describe(model))
    by_keras = model.layers[0].predict(IMAGES, verbose=0)
    np.testing.assert_allclose(codes, by_keras.reshape(codes.shape), atol=1e-4)
    np.testing.assert_allclose(drawn, model.predict(IMAGES, verbose=0), atol=1e-4)


def test_any_single_weight_counts(v8):
    model = load_trained("smallest")
    _, before = run(v8, describe(model))
    for variable in model.weights:
        values = keras.ops.convert_to_numpy(variable).copy()
        values.flat[values.size // 2] += 0.5
        variable.assign(values.astype("f2").astype("f4"))
        _, after = run(v8, describe(model))
        np.testing.assert_allclose(after, model.predict(IMAGES, verbose=0), atol=1e-4)
        assert np.abs(after - before).max() > 1e-3
        before = after


@pytest.mark.parametrize("activation", ["gelu", "selu", "sigmoid", "relu", None])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_other_layers_and_sizes_too(v8, activation, padding):
    keras.utils.set_random_seed(1)
    options = {"padding": padding, "activation": activation}
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(3, (3, 2), strides=(2, 3), **options),
            keras.layers.DepthwiseConv2D(3, **options),
            keras.layers.MaxPooling2D(2),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input(encoder.output_shape[1:]),
            keras.layers.Conv2DTranspose(2, 4, strides=3, use_bias=False, **options),
            keras.layers.Flatten(),
            keras.layers.Dense(784, activation=activation),
            keras.layers.Reshape((28, 28)),
        ]
    )
    model = keras.Sequential([encoder, decoder])
    for variable in model.weights:
        variable.assign(keras.ops.cast(keras.ops.cast(variable, "float16"), "float32"))
    images = IMAGES[..., None]
    codes, drawn = run(v8, describe(model), images)
    by_keras = encoder.predict(images, verbose=0)
    np.testing.assert_allclose(codes, by_keras.reshape(codes.shape), atol=1e-4)
    np.testing.assert_allclose(drawn, decoder.predict(by_keras, verbose=0), atol=1e-4)


def test_a_layer_that_it_does_not_compute_is_refused():
    halve = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.AveragePooling2D(2)])
    double = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.UpSampling2D(2)])
    model = keras.Sequential([halve, double])
    with pytest.raises(
        ValueError, match="of the kind AveragePooling2D, which network.js"
    ):
        describe(model)


def test_the_components_are_those_of_their_record(v8, real_data):
    with np.load(weights.COMPONENTS) as kept:
        record, mean, components = kept["record"], kept["mean"], kept["components"]
        mean, components = mean.astype("f4"), components.astype("f4")

    def draw(images):
        flat = images.reshape(len(images), -1)
        drawn = (flat - mean) @ components.T @ components + mean
        return np.clip(drawn, 1 / 510, 1 - 1 / 510).reshape(images.shape)

    rows = {row["id"]: row for row in read_records(REAL / "linear_codes.jsonl")}
    x = real_data.x_valid
    loss = binary_crossentropy(x, draw(x))
    assert loss == pytest.approx(rows[str(record)]["val_loss"], abs=1e-4)
    _, drawn = run(v8, describe_components())
    np.testing.assert_allclose(drawn, draw(IMAGES), atol=2e-3)  # of half precision


def test_losses_and_floors_are_those_of_the_library(v8):
    drawn = np.linspace(0, 1, 784)
    call = "(x, y) => convae.engine.loss(x, y)"
    x = IMAGES[0].ravel()
    loss = v8.call(call, x.tolist(), drawn.tolist())
    assert loss == pytest.approx(binary_crossentropy(x, drawn), rel=1e-6)
    floor = v8.call(call, x.tolist(), x.tolist())
    assert floor == pytest.approx(entropy_floor(x), rel=1e-6)


def test_levels_and_halves_arrive_as_they_were_sent(v8):
    halves = np.array([0, -0.0, 1, -2.5, 65504, 6e-8, -6.1e-5, 1 / 3], np.float16)
    found = v8.call("(text) => [...convae.engine.halves(text)]", weights.halves(halves))
    assert found == halves.astype(float).tolist()
    for count in (783, 784, 785):  # all three ways in which base64 ends
        images = np.round(np.random.default_rng(count).random(count) * 255) / 255
        read = v8.call(
            "(text) => [...convae.engine.bytes(text)]", weights.levels(images)
        )
        assert read == np.round(images * 255).tolist()


def test_a_script_adds_to_what_is_there(v8):
    v8.context.eval(script("things", {"a": [1]}))
    v8.context.eval(script("things", {"b": "text"}))
    assert v8.call("() => convae.things") == {"a": [1], "b": "text"}
    assert json.loads(json.dumps(describe(load_trained("smallest"))))["code"] == 3
