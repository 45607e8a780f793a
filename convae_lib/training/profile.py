"""What makes training faster on this device: batch size, compilation, precision."""

from statistics import median
from time import perf_counter

import keras
import numpy as np

from ..checks import check_sizes
from .devices import describe_device
from .fit import compile_to_reconstruct, steps_at_once
from .optimizers import OPTIMIZERS

__all__ = ["profile_training"]

LARGER = (4, 16)  # times the batch size that is asked about
PASSES = 2  # over the largest batch, in an epoch
REDUCED = "mixed_bfloat16"


def profile_training(
    build,
    *,
    optimizer="adam",
    batch_size=32,
    seconds=1.0,
    rounds=3,
    clock=perf_counter,
):
    """Time training steps as they are, and with one thing changed after the other.

    Only the speed is asked for: whether a larger batch or numbers of 16 bits cost loss, a
    training has to tell. All take turns in one run, so that what else the machine does
    meets all alike. Compilation is not timed, as a training's hours outweigh it; images
    are noise in memory.

    Parameters
    ----------
    build : callable
        Returns the model, anew in each call.
    optimizer : {"sgd", "adam", "muon"}, default "adam"
    batch_size : int, default 32
    seconds : float, default 1
        How long a measurement takes, about.
    rounds : int, default 3
    clock : callable, default time.perf_counter
        Returns seconds. With one thread on a processor, ``time.process_time`` does not
        count what other programs take of it.

    Returns
    -------
    list of dict
        The first row is the training as it is; the next ones change the batch size, use
        XLA or leave it out (with TensorFlow, where Keras uses it on a GPU only; JAX is
        always compiled by it, and PyTorch never), compute in ``mixed_bfloat16``, and join
        the largest batch with that. Each has ``"change"``,
        ``"batch_size"``, ``"xla"``, ``"precision"``, ``"images_per_second"``, ``"ratio"``
        of the first row's time to its own, the median of the rounds, with ``"lowest"`` and
        ``"highest"``, and the ``"device"``.

    Raises
    ------
    ValueError
        If the optimizer is unknown, or a number is out of range.

    Examples
    --------
    >>> from convae_lib import dense_autoencoder
    >>> def build():
    ...     return dense_autoencoder(code_size=2, hidden=4, image_shape=(4, 4))
    >>> rows = profile_training(build, batch_size=2, seconds=0.01, rounds=1)
    >>> rows[0]["change"], rows[0]["ratio"], rows[1]["change"]
    ('none', 1.0, 'batch size 8')
    """
    if optimizer not in OPTIMIZERS:
        raise ValueError(
            f"optimizer {optimizer!r} is not one of {', '.join(OPTIMIZERS)}"
        )
    check_sizes(batch_size=batch_size, rounds=rounds)
    if not seconds > 0:
        raise ValueError(f"seconds {seconds!r} must be positive")
    plain = build()
    compile_to_reconstruct(plain, OPTIMIZERS[optimizer](), "mean", 1)
    ways = _ways(int(batch_size), bool(plain.jit_compile))  # as Keras decides here
    count = PASSES * ways[-1]["batch_size"]
    runs = [_prepare(build, way, OPTIMIZERS[optimizer](), count) for way in ways]
    for run in runs:
        run(1)  # compiles
    epochs = max(1, round(seconds / _time(runs[0], 1, clock)))
    times = [[_time(run, epochs, clock) for run in runs] for _ in range(rounds)]
    times = np.array(times)
    ratios = times[:, :1] / times  # (rounds, ways)
    device = describe_device()
    return [
        {
            **way,
            "images_per_second": epochs * count / median(times[:, k].tolist()),
            "ratio": median(ratios[:, k].tolist()),
            "lowest": float(ratios[:, k].min()),
            "highest": float(ratios[:, k].max()),
            "device": device,
        }
        for k, way in enumerate(ways)
    ]


def _ways(batch_size, xla):
    """Return the settings that are timed, by what each changes."""
    plain = {
        "change": "none",
        "batch_size": batch_size,
        "xla": xla,
        "precision": keras.config.dtype_policy().name,
    }
    larger = [factor * batch_size for factor in LARGER]
    ways = [plain]
    ways += [
        {**plain, "change": f"batch size {size}", "batch_size": size} for size in larger
    ]
    if keras.backend.backend() == "tensorflow":
        change = "without XLA" if xla else "with XLA"
        ways.append({**plain, "change": change, "xla": not xla})
    reduced = {**plain, "precision": REDUCED}
    ways.append({**reduced, "change": REDUCED})
    both = f"batch size {larger[-1]}, {REDUCED}"
    return [*ways, {**reduced, "change": both, "batch_size": larger[-1]}]


def _prepare(build, way, optimizer, count):
    """Return what trains for some epochs in one way."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(way["precision"])
    try:
        model = build()
        compile_to_reconstruct(model, optimizer, "mean", 1)
        if model.jit_compile != way["xla"]:
            model.jit_compile = way["xla"]
    finally:
        keras.config.set_dtype_policy(policy)
    model.steps_per_execution = steps_at_once(count // way["batch_size"])
    shape = (count, *model.input_shape[1:])
    images = np.random.default_rng(0).random(shape, np.float32)

    def run(epochs):
        options = dict(batch_size=way["batch_size"], epochs=epochs, verbose=0)
        model.fit(images, images, **options)

    return run


def _time(run, epochs, clock):
    begin = clock()
    run(epochs)
    return clock() - begin
