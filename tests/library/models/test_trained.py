"""Weights in a file: what is kept of a network, and what is refused."""

import keras
import numpy as np
import pytest

from convae_lib import dense_autoencoder, load_trained, trained_networks
from convae_lib.models.trained import write_trained


def test_what_is_written_is_loaded(tmp_path):
    model = dense_autoencoder(code_size=3, hidden=5)
    options = dict(code_size=3, hidden=5)
    made = dict(record="r1", build="dense_autoencoder", options=options)
    write_trained(tmp_path, "mine", model, **made)
    assert trained_networks(tmp_path) == {"mine": made}
    loaded = load_trained("mine", tmp_path)
    for ours, theirs in zip(loaded.get_weights(), model.get_weights()):
        np.testing.assert_array_equal(ours, np.float32(np.float16(theirs)))
    with np.load(tmp_path / "mine.npz", allow_pickle=False) as file:
        assert {array.dtype.kind for array in file.values()} == {"f", "U"}


def test_what_half_precision_does_not_hold_is_refused(tmp_path):
    for wrong in (np.nan, 70_000.0):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.set_weights([np.full((1, 1), wrong), np.zeros(1)])
        with pytest.raises(ValueError, match="mine has weights that half precision"):
            write_trained(tmp_path, "mine", model)
    assert [*tmp_path.iterdir()] == []


def test_a_network_that_does_not_ship_is_named(tmp_path):
    with pytest.raises(
        ValueError, match="no network 'best' comes trained; .*published"
    ):
        load_trained("best")
    with pytest.raises(ValueError, match="no network 'published' comes trained"):
        load_trained("published", tmp_path / "nowhere")
