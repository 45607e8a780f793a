"""The published run, repeated once on the real images."""

import keras
import pytest

from convae_lib import conv_autoencoder, rounded_accuracy


@pytest.mark.long
def test_the_published_run(real_data):
    keras.utils.set_random_seed(42)
    model = conv_autoencoder()
    model.compile(
        loss="binary_crossentropy",
        optimizer=keras.optimizers.SGD(learning_rate=1.0),
        metrics=[rounded_accuracy],
        steps_per_execution=191,
    )
    x, valid = real_data.x_train, real_data.x_valid
    log = model.fit(x, x, epochs=5, validation_data=(valid, valid), verbose=0).history
    assert log["val_loss"][-1] == pytest.approx(0.2673, abs=0.004)
    assert log["val_rounded_accuracy"][-1] == pytest.approx(0.9506, abs=0.006)
    assert log["loss"][-1] == pytest.approx(0.2664, abs=0.004)
    assert log["val_loss"][0] == pytest.approx(0.2847, abs=0.02)
