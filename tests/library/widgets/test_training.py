"""Learning in the page: gradients against Keras's, and what training reaches."""

import keras
import numpy as np
import pytest

from convae_lib import draw_garments, load_trained
from convae_lib.models.gradients import gradients
from convae_lib.widgets.elements import source
from convae_lib.widgets.weights import describe

LEARN = """
(network, image) => {
  convae.engine.open(network);
  const found = convae.engine.zeros(network);
  const loss = convae.engine.learn(network, Float32Array.from(image), found);
  return [loss, found.flat().map((gradient) => [...gradient])];
}
"""
TRAIN = """
(seed, steps) => {
  const { engine, live } = convae;
  const held = convae.garments.held;
  const bytes = engine.bytes(convae.garments.levels);
  const images = convae.garments.labels.map((_, at) =>
    Float32Array.from(bytes.subarray(784 * at, 784 * (at + 1)), (level) => level / 255));
  const loss = (network) => images.slice(0, held).reduce((sum, image) =>
    sum + engine.loss(image, engine.reconstruct(network, image)), 0) / held;
  const network = engine.untrained(convae.networks.smallest, seed);
  const trainer = new engine.Trainer(network, images.slice(held), SETTINGS);
  const before = loss(network);
  while (trainer.step < steps) trainer.advance();
  return [before, loss(network), loss(convae.networks.published)];
}
"""


@pytest.mark.parametrize("name", ["smallest", "residual_30", "dense_30"])
def test_gradients_of_all_weights_are_those_of_keras(engine, name):
    image = draw_garments(1, seed=5)[0]
    model = load_trained(name)
    shapes = [weight.shape for weight in model.trainable_variables]
    start = [keras.ops.convert_to_numpy(w)[None] for w in model.trainable_variables]

    def loss(*weights):
        values = [weight[0] for weight in weights]
        drawn, _ = model.stateless_call(values, [], image)
        per_row = keras.losses.binary_crossentropy(image, drawn)
        return keras.ops.mean(per_row, axis=-1)

    by_keras = gradients(loss, start, np.ones((1,), "f4"))
    v8 = engine("network.js", "training.js")
    value, found = v8.call(LEARN, describe(model), image.ravel().tolist())
    assert value == pytest.approx(float(loss(*start)[0]), rel=1e-5)
    for ours, theirs, shape in zip(found, by_keras, shapes, strict=True):
        ours, theirs = np.reshape(ours, shape), theirs[0]
        np.testing.assert_allclose(
            ours, theirs, rtol=1e-3, atol=1e-4 * np.abs(theirs).max()
        )


@pytest.fixture(scope="module")
def page(engine):
    """All that a page loads for its training."""
    v8 = engine("network.js", "training.js")
    for name in ("networks.js", "garments.js"):
        v8.context.eval(source(name))
    return v8


@pytest.mark.parametrize("seed", [1, 2])
def test_the_smallest_network_falls_below_the_published_one(page, seed):
    script = source("live_training.js")
    settings = script.partition("const SETTINGS = ")[2].partition(";")[0]
    before, after, line = page.call(TRAIN.replace("SETTINGS", settings), seed, 150)
    assert before > 0.6 and after < line - 0.003


def test_an_untrained_network_is_as_keras_begins(page):
    steps = page.call(
        "() => convae.engine.untrained(convae.networks.smallest, 7).steps"
    )
    weights = [step["weights"] for step in steps if "weights" in step]
    fresh = load_trained("smallest")
    model = keras.models.clone_model(fresh)
    for (kernel, bias), layer in zip(
        weights, [w for w in model.weights if "kernel" in w.path], strict=True
    ):
        theirs = keras.ops.convert_to_numpy(layer)
        kernel = np.array([*kernel.values()])
        assert not any(bias.values())
        assert np.abs(kernel).max() == pytest.approx(np.abs(theirs).max(), rel=0.1)
        assert kernel.std() == pytest.approx(theirs.std(), rel=0.2)


def test_gradients_do_not_go_where_no_way_back_is_written(engine):
    v8 = engine("network.js", "training.js")
    network = describe(load_trained("published"))
    with pytest.raises(Exception, match="no gradient goes through pool"):
        v8.call(LEARN, network, [0.5] * 784)


def test_every_garment_is_drawn_once_before_one_comes_again(page):
    order = page.call(
        """() => {
          const network = convae.engine.untrained(convae.networks.smallest, 1);
          const trainer = new convae.engine.Trainer(network, [...Array(20).keys()], {});
          return [...Array(40)].map(() => trainer.draw());
        }"""
    )
    assert sorted(order[:20]) == sorted(order[20:]) == list(range(20))
    assert order[:20] != order[20:]
