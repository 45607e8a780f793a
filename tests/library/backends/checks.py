"""What is asked of each backend, in a process of its own: a report, and files for others.

KERAS_BACKEND=jax python -m tests.library.backends.checks FOLDER write read:tensorflow
"""

import json
import sys
import traceback
from pathlib import Path
from time import perf_counter

import keras
import numpy as np

from convae_lib import draw_garments, jacobian_matrix, layer_matrix, load_trained
from convae_lib.data import Images
from convae_lib.models import MODELS
from convae_lib.training.checkpoints import train_resumable
from convae_lib.training.fit import train
from tests.library.training.resumable import build, state

DRAWN, _, _ = draw_garments(40, seed=3)
IMAGES = Images(train=DRAWN[:16], valid=DRAWN[16:28], test=DRAWN[28:])
STARTED = "started.keras"  # written by the first backend, and trained by all
SHORT = dict(learning_rate=0.01, batch_size=16, epochs=2)  # two steps


def parameters(folder):
    """Build every model; save each with what it gives."""
    counts = {}
    for name, make in MODELS.items():
        keras.utils.set_random_seed(4)
        model = make()
        model.save(folder / f"{name}.keras")
        np.save(folder / f"{name}.npy", model.predict(IMAGES.test, verbose=0))
        counts[name] = model.count_params()
    return counts


def trained(folder):
    """Return how far the published network's outputs lie from the images."""
    outputs = load_trained("published").predict(IMAGES.test, verbose=0)
    np.save(folder / "trained.npy", outputs)
    return float(abs(outputs - IMAGES.test).mean())


def jacobians(folder):
    """Save the Jacobian of an encoder: pooling, a dense layer, and an activation."""
    encoder, _ = load_trained("smallest").layers
    J = jacobian_matrix(encoder, IMAGES.test[0])
    np.save(folder / "jacobians.npy", J.toarray() if hasattr(J, "toarray") else J)
    return J.shape


def layers(folder):
    """Return how far a layer differs from its matrix."""
    differ = {}
    for layer in (
        keras.layers.Conv2D(3, 3, strides=2, padding="same"),
        keras.layers.Conv2DTranspose(3, 3, strides=2, padding="same"),
        keras.layers.SeparableConv2D(3, 3),
        keras.layers.AveragePooling2D(2),
        keras.layers.UpSampling2D(2),
        keras.layers.BatchNormalization(),
    ):
        x = np.random.default_rng(0).random((1, 7, 8, 2), np.float32)
        ours = layer_matrix(layer, x.shape[1:]) @ x.ravel()
        theirs = keras.ops.convert_to_numpy(layer(x)).ravel()
        differ[type(layer).__name__] = float(abs(ours - theirs).max())
    return differ


def steps(folder):
    """Train the same start for two steps with each optimizer: the losses."""
    found = {}
    for optimizer in ("sgd", "adam", "muon"):
        model = keras.saving.load_model(folder.parent / STARTED)
        options = dict(optimizer=optimizer, schedule="linear", loss="sum")
        found[optimizer] = train(model, IMAGES, **options, **SHORT)
    model.save(folder / "compiled.keras")  # with the state of Muon
    return found


def resumed(folder):
    """Return whether an interrupted training ends with the weights of a whole one."""
    options = dict(SHORT, optimizer="muon", batch_size=4, every=2)

    def run(name, **more):
        model = build()
        train_resumable(model, IMAGES, folder=folder / name, **options, **more)
        return state(model)

    def interrupt(epoch, step, *_):
        if (epoch, step) == (2, 4):
            raise KeyboardInterrupt

    whole = run("whole")
    try:
        run("interrupted", progress=interrupt)
    except KeyboardInterrupt:
        pass
    again = run("interrupted", resume=True)
    return max(float(abs(a - b).max()) for a, b in zip(whole, again, strict=True))


def others(folder):
    """Return how far the models of another backend give something else here."""
    differ = {}
    for name in MODELS:
        model = keras.saving.load_model(folder / f"{name}.keras")
        outputs = model.predict(IMAGES.test, verbose=0)
        differ[name] = float(abs(outputs - np.load(folder / f"{name}.npy")).max())
    model = keras.saving.load_model(folder / "compiled.keras")
    before = int(model.optimizer.iterations)
    model.fit(IMAGES.train, IMAGES.train, batch_size=16, verbose=0)
    differ["steps"] = [before, int(model.optimizer.iterations)]
    return differ


def started(folder):
    """Save what all backends begin with."""
    keras.utils.set_random_seed(6)
    model = MODELS["strided_conv_autoencoder"]()
    model.save(folder.parent / STARTED)


def report(checks):
    """Run checks; a failure is told as its traceback."""
    found = {}
    for name, check, folder in checks:
        folder.mkdir(parents=True, exist_ok=True)
        begin = perf_counter()
        try:
            found[name] = check(folder)
        except Exception:
            found[name] = traceback.format_exc()
        print(name, perf_counter() - begin, file=sys.stderr)
    return found


if __name__ == "__main__":
    top, *asked = sys.argv[1:]
    top, own = Path(top), Path(top) / keras.backend.backend()
    checks = []
    for what in asked:
        if what == "start":
            checks.append(("start", started, own))
        elif what == "write":
            made = (parameters, trained, jacobians, layers, steps, resumed)
            checks += [(check.__name__, check, own) for check in made]
        else:
            checks.append((what, others, top / what.removeprefix("read:")))
    print(json.dumps(report(checks)))
