"""Muon on kernels against Keras's own on matrices, and the schedule's corners."""

import keras
import numpy as np
import pytest

from convae_lib import KernelMuon, WarmupLinearDecay, conv_autoencoder

RATE = 0.03


def step(optimizer, value, gradient, times=3):
    """Apply the same gradient a few times; return how far the variable went."""
    variable = keras.Variable(value)
    for _ in range(times):
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    return np.asarray(variable) - value


@pytest.mark.parametrize(
    ("shape", "matrix"),
    [
        ((3, 3, 5, 7), (45, 7)),
        ((4, 4, 1, 6), (16, 6)),
        ((5, 5, 8, 1), (25, 8)),
        ((20, 30), (20, 30)),
    ],
)
def test_a_kernel_is_updated_as_the_matrix_it_is(shape, matrix):
    random = np.random.default_rng(0)
    value, gradient = random.normal(size=(2, *shape)).astype("float32")
    plain = keras.optimizers.Muon(
        RATE, weight_decay=None, adam_weight_decay=None, rms_rate=None
    )
    as_matrix = step(plain, value.reshape(matrix), gradient.reshape(matrix))
    as_kernel = step(KernelMuon(RATE), value, gradient)
    assert as_kernel.shape == shape
    np.testing.assert_allclose(as_kernel.reshape(matrix), as_matrix, atol=1e-6)


def orthogonal(matrix, steps=5):
    """Return Newton and Schulz's iteration, with the numbers of Jordan et al."""
    matrix = matrix.astype(float)
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (np.linalg.norm(x) + 1e-7)
    for _ in range(steps):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.T if tall else x


@pytest.mark.parametrize(
    "settings", [{}, {"nesterov": False}, {"momentum": 0.5}, {"momentum": 0.0}], ids=str
)
def test_momentum_is_that_of_jordan_and_others(settings):
    # Gradients that differ: along one direction no momentum could be told from another.
    gradients = np.random.default_rng(3).normal(size=(4, 3, 3, 2, 5)).astype("float32")
    momentum, nesterov = settings.get("momentum", 0.95), settings.get("nesterov", True)
    optimizer = KernelMuon(RATE, **settings)
    variable = keras.Variable(0 * gradients[0])
    moved, memory = 0, 0
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        memory = momentum * memory + gradient
        step = gradient + momentum * memory if nesterov else memory
        moved = moved - RATE * orthogonal(step.reshape(18, 5))
    found = keras.ops.convert_to_numpy(variable.value).reshape(18, 5)
    np.testing.assert_allclose(found, moved, atol=1e-5)


def test_what_is_not_said_is_the_default():
    settings = KernelMuon().get_config()
    assert settings["learning_rate"] == pytest.approx(0.03)
    assert settings["adam_lr_ratio"] == 0.1
    for switched_off in ("weight_decay", "adam_weight_decay", "rms_rate"):
        assert settings[switched_off] is None
    assert (settings["momentum"], settings["nesterov"]) == (0.95, True)
    assert settings["ns_steps"] == 5
    given = dict(adam_lr_ratio=0.2, weight_decay=0.3, adam_weight_decay=0.4)
    given |= dict(rms_rate=0.5, momentum=0.6, nesterov=False, ns_steps=7)
    settings = KernelMuon(0.1, **given).get_config()
    assert {name: settings[name] for name in given} == given
    assert WarmupLinearDecay(0.1, steps=100).warmup == 0.05


def test_the_steps_of_a_kernel_have_the_learning_rate_as_their_size():
    gradient = np.random.default_rng(1).normal(size=(3, 3, 4, 6)).astype("float32")
    moved = step(KernelMuon(RATE), 0 * gradient, 1e-3 * gradient, times=1)
    singular = np.linalg.svd(moved.reshape(36, 6), compute_uv=False)
    assert np.all((0.5 * RATE < singular) & (singular < 1.5 * RATE))


def test_biases_go_to_adam_at_a_share_of_the_rate():
    gradient = np.array([1.0, -2.0, 0.5], "float32")
    moved = step(KernelMuon(RATE, adam_lr_ratio=0.1), 0 * gradient, gradient, times=1)
    np.testing.assert_allclose(moved, -0.1 * RATE * np.sign(gradient), rtol=1e-3)


def test_schedule():
    rate = WarmupLinearDecay(0.1, steps=100, warmup=0.2)
    values = np.array([float(rate(step)) for step in range(120)])
    assert values.argmax() == 19 and values.max() == pytest.approx(0.1)
    assert np.all(np.diff(values[:20]) > 0) and np.all(np.diff(values[20:100]) < 0)
    assert values[0] == pytest.approx(0.005) and not values[100:].any()
    assert float(WarmupLinearDecay(0.1, steps=1)(0)) == pytest.approx(0.1)
    assert float(WarmupLinearDecay(0.1, steps=10, warmup=0)(0)) == pytest.approx(0.1)


def test_the_rise_takes_a_twentieth_unless_it_is_said_otherwise():
    rate = WarmupLinearDecay(0.1, steps=100)
    values = [float(rate(step)) for step in range(6)]
    assert values == pytest.approx([0.02, 0.04, 0.06, 0.08, 0.1, 0.1 * 95 / 95])
    assert float(rate(52)) == pytest.approx(0.1 * 48 / 95)


def test_a_schedule_is_saved_as_it_is():
    saved = keras.saving.serialize_keras_object(WarmupLinearDecay(0.1, 100, warmup=0.3))
    again = keras.saving.deserialize_keras_object(saved)
    assert (again.peak, again.steps, again.warmup) == (0.1, 100, 0.3)


def test_a_schedule_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="steps 0 must be 1 or more"):
        WarmupLinearDecay(0.1, steps=0)
    with pytest.raises(ValueError, match="warmup 1 must be a share"):
        WarmupLinearDecay(0.1, steps=10, warmup=1)


def test_a_compiled_model_survives_saving(tmp_path):
    model = conv_autoencoder()
    rate = WarmupLinearDecay(0.02, 50, warmup=0.3)
    model.compile(KernelMuon(rate, momentum=0.9), "binary_crossentropy")
    x = np.random.default_rng(2).random((8, 28, 28)).astype("float32")
    model.fit(x, x, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert isinstance(loaded.optimizer, KernelMuon)
    assert loaded.optimizer.iterations == 1
    loaded.fit(x, x, verbose=0), model.fit(x, x, verbose=0)
    np.testing.assert_allclose(np.asarray(loaded(x)), np.asarray(model(x)), atol=1e-5)


def test_what_is_excluded_goes_to_adam():
    kernel = keras.Variable(np.ones((3, 3, 2, 4)), name="kernel")
    assert not KernelMuon()._should_use_adamw(kernel)
    assert KernelMuon(exclude_layers=["ker"])._should_use_adamw(kernel)
    table = keras.Variable(np.ones((3, 4)), name="embeddings")
    assert KernelMuon()._should_use_adamw(table)
    assert not KernelMuon(exclude_embeddings=False)._should_use_adamw(table)
