"""What makes training faster: batch size, compilation, precision, on each backend.

Each network on each backend runs in a process of its own, whose ways take turns. What is
counted are the seconds that the processor gives to it.
"""

import json
import sys
from time import process_time

from tools.bench.apart import measured_apart

NETWORKS = {"conv_autoencoder": "sgd", "residual_autoencoder": "muon"}
"""The published network and the best one, each with its recipe's optimizer."""

PAIRS = [
    ("conv_autoencoder", "tensorflow"),
    ("conv_autoencoder", "jax"),
    ("residual_autoencoder", "tensorflow"),
]
"""What is measured: not the residual network on JAX, whose compilation we did not wait for."""


def profile_rows(seconds=1.0, rounds=5):
    """Yield a row for each network, backend and change: ratios of one run."""
    for network, backend in PAIRS:
        for row in in_a_process(network, backend, seconds, rounds):
            kept = {k: row[k] for k in ("change", "ratio")}
            yield {"network": network, "backend": backend, **kept}


def in_a_process(network, backend, seconds, rounds):
    """Return what `measure` finds in a process with this backend."""
    return measured_apart(
        *("tools.bench.profiles", network, seconds, rounds),
        KERAS_BACKEND=backend,
        XLA_FLAGS="--xla_cpu_multi_thread_eigen=false",
    )


def measure(network, seconds, rounds):
    """Return the rows of `profile_training`, for images of Fashion-MNIST's size."""
    import convae_lib
    from convae_lib.training.profile import profile_training

    return profile_training(
        getattr(convae_lib, network),
        optimizer=NETWORKS[network],
        seconds=seconds,
        rounds=rounds,
        clock=process_time,
    )


def device():
    """Name what this process would compute on."""
    import keras  # noqa: F401 - else cards are not looked for

    from convae_lib.training.devices import describe_device

    return describe_device()


if __name__ == "__main__":
    network, seconds, rounds = sys.argv[1:]
    found = measure(network, float(seconds), int(rounds))
    print(json.dumps(found))
