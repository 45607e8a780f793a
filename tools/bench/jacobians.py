"""What a network's Jacobian costs: ours, and that of asdex, which finds sparsity by itself.

Each pair runs in a process of its own, which says what its memory grew to.
"""

import argparse
import json
import resource
import sys
from functools import partial
from time import perf_counter

import numpy as np

from tools.bench.apart import measured_apart

NETWORKS = [
    "conv_encoder",
    "conv_decoder",
    "dense_autoencoder",
    "small_conv_autoencoder",
    "residual_autoencoder",
]
WAYS = ["ours", "asdex"]


def jacobian_rows(repeats):
    """Yield a row for each network: the times and memory of asdex over ours.

    Cold is the first Jacobian a process computes, with the pattern, its colouring and the
    compilation; warm is the median of those at new inputs after it.
    """
    for network in NETWORKS:
        ours, theirs = (in_a_process(network, way, repeats) for way in WAYS)
        row = {
            "network": network,
            "shape": "×".join(map(str, ours["shape"])),
            "entries": ours["entries"],
        }
        if "refusal" in theirs:
            yield row | {"asdex_refuses": theirs["refusal"]}
            continue
        assert np.isclose(ours["sum"], theirs["sum"], rtol=1e-3), network
        # Ours may need no more than the process has needed before; then there is no ratio.
        memory = theirs["memory"] / ours["memory"] if ours["memory"] else None
        yield row | {
            "asdex_colours": theirs["colours"],
            "asdex_cold_over_ours": theirs["cold"] / ours["cold"],
            "asdex_warm_over_ours": theirs["warm"] / ours["warm"],
            "asdex_memory_over_ours": memory,
        }


def in_a_process(network, way, repeats):
    """Return what `measure` finds in a process that does nothing else."""
    return measured_apart(
        *("tools.bench.jacobians", network, way, repeats),
        KERAS_BACKEND="jax",
        JAX_PLATFORMS="cpu",
        XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    )


def measure(network, way, repeats):
    """Return cold and warm seconds, growth of memory in bytes, and what was found."""
    import keras

    import convae_lib

    keras.utils.set_random_seed(0)
    model = getattr(convae_lib, network)()
    inputs = np.random.default_rng(0).random((repeats + 1, *model.input_shape[1:]))
    inputs = inputs.astype("float32")
    model(inputs[:1])
    before = peak_bytes()
    start = perf_counter()
    try:
        jacobian, colours = {"ours": ours, "asdex": asdex}[way](model, inputs[0])
    except NotImplementedError as error:
        return {"refusal": str(error).partition(". ")[0]}
    first = jacobian(inputs[0])
    cold = perf_counter() - start
    times = []
    for x in inputs[1:]:
        start = perf_counter()
        jacobian(x)
        times.append(perf_counter() - start)
    return {
        "cold": cold,
        "warm": float(np.median(times)),
        "memory": peak_bytes() - before,
        "shape": first.shape,
        "entries": int(first.nnz),
        "sum": float(abs(first).sum()),
        "colours": colours,
    }


def ours(model, x):
    import convae_lib

    return partial(convae_lib.jacobian_matrix, model), None


def asdex(model, x):
    """Return asdex's Jacobian of the network, compiled, as a SciPy matrix."""
    import asdex
    import jax
    from scipy.sparse import csr_array

    def flat(x):
        return model(x.reshape(1, *model.input_shape[1:]), training=False).ravel()

    coloring = asdex.jacobian_coloring(flat, x.ravel())
    compiled = jax.jit(asdex.jacobian_from_coloring(flat, coloring))

    def jacobian(x):
        found = compiled(x.ravel()).sort_indices()
        rows, columns = np.asarray(found.indices).T
        return csr_array((np.asarray(found.data), (rows, columns)), shape=found.shape)

    return jacobian, int(coloring.num_colors)


def peak_bytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


if __name__ == "__main__":
    parser = argparse.ArgumentParser("tools.bench.jacobians")
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("repeats", type=int)
    print(json.dumps(measure(**vars(parser.parse_args()))))
