"""Autoencoders whose code is asked to be noisy, or sparse."""

import keras
import numpy as np
import pytest

from convae_lib import code_size, multiply_adds, residual_autoencoder
from convae_lib.models.regularized import (
    SampledCode,
    SparseCode,
    sparse_autoencoder,
    variational_autoencoder,
)

SMALL = dict(channels=8, code_channels=2, encoder_blocks=1, decoder_blocks=1)
MORE = {sparse_autoencoder: {"keep": 2}}
RNG = np.random.default_rng(0)


def test_draws_have_the_mean_and_the_variance_that_the_input_says():
    given = np.tile([1.0, -2.0, np.log(4), np.log(0.25)], (20_000, 1)).astype("float32")
    layer = SampledCode(price=0, seed=5)
    drawn = np.asarray(layer(given, training=True))
    assert drawn.mean(axis=0) == pytest.approx([1, -2], abs=0.05)
    assert drawn.std(axis=0) == pytest.approx([2, 0.5], rel=0.02)
    assert not np.array_equal(drawn, layer(given, training=True))
    assert np.array_equal(layer(given), given[:, :2])


def test_the_price_of_a_draw_is_the_divergence_from_the_normal_distribution():
    given = RNG.normal(size=(6, 4)).astype("float32")
    layer = SampledCode(price=0.3)
    layer(given)
    mean, variance = given[:, :2], np.exp(given[:, 2:])
    nats = (mean**2 + variance - np.log(variance) - 1).sum(axis=1) / 2
    assert float(layer.losses[0]) == pytest.approx(0.3 * nats.mean(), rel=1e-5)
    nothing = SampledCode(price=1)
    nothing(np.zeros((3, 8), "float32"))
    assert float(nothing.losses[0]) == 0


def test_the_largest_numbers_are_kept_and_learn():
    given = RNG.normal(size=(50, 2, 7)).astype("float32")
    code = np.asarray(SparseCode(keep=3)(given))
    order = np.argsort(-np.abs(given), axis=-1)[..., :3]
    expected = np.zeros_like(given)
    np.put_along_axis(expected, order, np.take_along_axis(given, order, -1), -1)
    assert np.array_equal(code, expected)
    with pytest.raises(ValueError, match="keep 8 must be a whole number from 1 to 7"):
        SparseCode(keep=8)(given)
    with pytest.raises(ValueError, match="keep 0 must be a whole number"):
        SparseCode(keep=0)


@pytest.mark.parametrize("build", [variational_autoencoder, sparse_autoencoder])
@pytest.mark.parametrize("image_shape", [(28, 28), (16, 12, 3)])
def test_both_are_residual_networks_with_another_code(build, image_shape, tmp_path):
    keras.utils.set_random_seed(1)
    model = build(code_size=5, image_shape=image_shape, **SMALL, **MORE.get(build, {}))
    encoder, decoder = model.layers
    assert encoder.output_shape == decoder.input_shape == (None, 5)
    plain = residual_autoencoder(code_size=5, image_shape=image_shape, **SMALL)
    more = model.count_params() - plain.count_params()
    width = np.prod(image_shape[:2]) // 16 * 2  # what the code's layer reads
    assert more == (5 * (width + 1) if build is variational_autoencoder else 0)
    assert code_size(model) == 5 and multiply_adds(model) >= multiply_adds(plain)
    x = RNG.random((3, *image_shape)).astype("float32")
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert np.allclose(loaded.predict(x, verbose=0), model.predict(x, verbose=0))


def test_an_image_costs_the_evidence_bound_in_nats_per_pixel():
    model = variational_autoencoder(code_size=5, **SMALL)
    model.compile("sgd", "binary_crossentropy")
    x = RNG.random((4, 28, 28)).astype("float32")
    y, given = model.predict(x, verbose=0), model.layers[0]
    before = keras.Model(given.input, given.layers[-1].input).predict(x, verbose=0)
    mean, log_variance = before[:, :5], before[:, 5:]
    nats = (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1).mean() / 2
    loss = -np.mean(x * np.log(y) + (1 - x) * np.log(1 - y))
    found = model.evaluate(x, x, verbose=0)
    assert found == pytest.approx(loss + nats / 784, rel=1e-4)


@pytest.mark.parametrize("build", [variational_autoencoder, sparse_autoencoder])
def test_sizes_that_are_none_are_refused(build):
    with pytest.raises(ValueError, match="code_size 0 must be a whole number"):
        build(code_size=0)
    with pytest.raises(ValueError, match="patch 5 does not divide"):
        build(patch=5)
