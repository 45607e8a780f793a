"""The rounded accuracy: a metric of Keras, what it forgives and what it refuses."""

import keras
import numpy as np
import pytest

from convae_lib import binary_crossentropy, rounded_accuracy


def evaluate(x, y, **how):
    """Return the score of a compiled network that answers `y`."""
    model = keras.Sequential([keras.Input(y.shape[1:]), keras.layers.Identity()])
    model.compile(loss="mse", metrics=[rounded_accuracy], **how)
    return model.evaluate(y, x, verbose=0, return_dict=True)["rounded_accuracy"]


def test_rounded_accuracy_is_a_keras_metric(tmp_path):
    x, y = np.array([[[0.4, 0.6]]]), np.array([[[0.1, 0.2]]])
    agree = keras.ops.convert_to_numpy(rounded_accuracy(x, y))
    assert agree.tolist() == [[[1, 0]]] and agree.dtype == np.float32
    model = keras.Sequential([keras.Input((1, 2)), keras.layers.ReLU()])
    model.compile(loss="mse", metrics=[rounded_accuracy])
    model.save(tmp_path / "model.keras")
    for each in (model, keras.saving.load_model(tmp_path / "model.keras")):
        scores = each.evaluate(y, x, verbose=0, return_dict=True)
        assert scores["rounded_accuracy"] == pytest.approx(0.5)


def test_rounded_accuracy_forgives_grey():
    x = np.random.default_rng(3).random((2, 6, 6))
    assert np.mean(rounded_accuracy(x, np.round(x))) == 1
    assert binary_crossentropy(x, np.round(x)) > 1


def test_black_and_white_may_be_truth_values():
    x = [True, False, True]
    for black_and_white in (x, np.array(x), np.uint8(x), keras.ops.array(x)):
        found = rounded_accuracy(black_and_white, [0.9, 0.2, 0.3])
        assert keras.ops.convert_to_numpy(found).tolist() == [1, 1, 0]
    x = np.array([[True, False]])
    assert evaluate(x, np.array([[0.9, 0.8]])) == 0.5
    assert evaluate(x.astype(np.uint8), np.array([[0.9, 0.8]])) == 0.5


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0, 255], [0, 255], "x has values from 0 to 255; .*divide grey levels by 255"),
        ([0, 1], [np.nan, 1], "reconstruction has 1 of 2 values that are NaN"),
        ([0, 1], [-3.0, 2], "reconstruction has values from -3 to 2; .*sigmoid"),
        ([[0, 1]], [0, 1], r"shape \(2,\) does not fit x of shape \(1, 2\)"),
        (
            np.ones((3, 2)),
            np.ones((1, 2)),
            r"\(1, 2\) does not fit x of shape \(3, 2\)",
        ),
        (np.ones((3, 2)), np.ones((3, 2, 1)), r"give np.reshape\(x, \(3, 2, 1\)\)"),
        (np.ma.masked_equal([0, 1], 1), [0, 1], "x has 1 masked value"),
    ],
)
def test_what_is_no_pixel_or_has_another_shape_is_refused(x, y, message):
    for given in (y, keras.ops.array(y)):
        with pytest.raises(ValueError, match=message):
            rounded_accuracy(x, given)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_compiled_function_shows_what_it_cannot_refuse(jit_compile):
    good = np.array([[0.0, 0.2], [0.8, 1.0]])
    assert evaluate(good, good, jit_compile=jit_compile) == 1
    for place, value in [((0, 1), np.nan), ((1, 0), 255), ((0, 0), -0.5)]:
        bad = good.copy()
        bad[place] = value
        assert np.isnan(evaluate(good, bad, jit_compile=jit_compile))
    assert np.isnan(evaluate(bad, good, jit_compile=jit_compile))
    with pytest.raises(
        ValueError, match=r"does not fit x .* np.reshape\(x, \(-?\d, 2\)"
    ):
        evaluate(good[..., None], good, jit_compile=jit_compile)
