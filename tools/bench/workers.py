"""What a second process is worth: steps of the published network, and sums of gradients.

Two processes of one thread each, joined by JAX: the first also takes steps alone, in turn
with those that they take together, so that both are measured in the same minutes.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
from time import perf_counter

BATCH_SIZES = [32, 128, 512]
"""Images of a step, of all processes together."""

SUMMED = [1, 512, 4_653, 46_529, 465_290, 4_652_900]
"""Numbers in float32 whose sum over two processes is timed; 46,529 is the gradient."""

SUMS_A_TURN = 5  # they are short
SECONDS = 300


def worker_times(repeats):
    """Return what results/workers.json holds besides device and versions."""
    found = by_two_processes(repeats)
    seconds = {
        str(processes): {
            str(size): found[f"{processes} {size}"] for size in BATCH_SIZES
        }
        for processes in (1, 2)
    }
    return {
        "parameters": found["parameters"],
        "gradient_bytes": 4 * found["parameters"],
        "batch_sizes": BATCH_SIZES,
        "seconds_per_step": seconds,
        "ratio": {k: seconds["1"][k] / seconds["2"][k] for k in seconds["1"]},
        "sum_seconds": {str(4 * n): found[f"sum {n}"] for n in SUMMED},
    }


def by_two_processes(repeats):
    """Return what two processes find that work together, of one thread each."""
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("one core: two processes need one each")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    environment = os.environ | {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "NPROC": "1",  # threads of XLA
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false "
        "intra_op_parallelism_threads=1",
    }
    command = [sys.executable, "-m", "tools.bench.workers", str(port), str(repeats)]
    runs = [
        subprocess.Popen(
            [*command, str(rank)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in (0, 1)
    ]
    try:
        said, error = runs[0].communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        sys.exit(f"two processes were not done in {SECONDS} s; is the machine idle?")
    finally:
        for run in runs:
            run.kill()
            run.communicate()
    if runs[0].returncode > 0 or not said:
        sys.exit(f"two processes failed:\n{error}")
    return json.loads(said.splitlines()[-1])


def measure(port, repeats, rank):
    """Return the median seconds of each call, as the process of this rank finds them."""
    import jax
    import numpy as np

    here = f"127.0.0.1:{port}"
    jax.distributed.initialize(here, 2, rank, coordinator_bind_address=here)
    both = jax.sharding.Mesh(jax.devices(), "batch")
    alone = jax.sharding.Mesh(jax.local_devices(), "batch")
    calls = {f"sum {n}": summed(both, n) for n in SUMMED}
    for size in BATCH_SIZES:
        calls[f"2 {size}"], parameters = steps(both, size // 2)
        calls[f"1 {size}"], _ = steps(alone, size)
    times = {name: [] for name in calls}
    wait = summed(both, 1)
    for turn in range(repeats + 1):
        for name, call in calls.items():
            for _ in range(SUMS_A_TURN if name.startswith("sum") else 1):
                wait()  # both begin at once
                if name.startswith("1") and rank:
                    continue  # the first process works alone
                begin = perf_counter()
                call()
                if turn:  # the first call compiles
                    times[name].append(perf_counter() - begin)
    wait()
    found = {name: float(np.median(values)) for name, values in times.items() if values}
    return {"parameters": parameters, **found}


def spread(mesh, part):
    """Return an array over a mesh, from the rows of it that lie in this process."""
    import jax

    layout = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("batch"))
    return jax.make_array_from_process_local_data(layout, part)


def summed(mesh, count):
    """Return what sums so many numbers of each process, and waits for the sum."""
    import jax
    import numpy as np

    everywhere = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())
    numbers = spread(mesh, np.ones((1, count), np.float32))
    call = jax.jit(lambda x: x.sum(0), out_shardings=everywhere)
    return lambda: call(numbers).block_until_ready()


def steps(mesh, images):
    """Return what takes a step with so many images a process, and the parameters."""
    import jax
    import keras
    import numpy as np

    from convae_lib import conv_autoencoder
    from convae_lib.training.optimizers import make_optimizer

    keras.utils.set_random_seed(0)
    model = conv_autoencoder()
    optimizer = make_optimizer("sgd", 1.0)
    optimizer.build(model.trainable_variables)
    fixed = [variable.value for variable in model.non_trainable_variables]
    loss = keras.losses.BinaryCrossentropy()

    def mean_loss(weights, x):
        return loss(x, model.stateless_call(weights, fixed, x, training=True)[0])

    @jax.jit
    def step(weights, state, x):
        gradient = jax.grad(mean_loss)(weights, x)
        return optimizer.stateless_apply(state, gradient, weights)

    everywhere = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())
    x = np.random.default_rng(0).random((images, *model.input_shape[1:]), np.float32)
    x = spread(mesh, x)
    values = [
        [v.value for v in kept]
        for kept in (model.trainable_variables, optimizer.variables)
    ]
    state = jax.device_put(jax.tree.map(np.asarray, values), everywhere)

    def take():
        state[:] = jax.block_until_ready(step(*state, x))

    return take, model.count_params()


if __name__ == "__main__":
    parser = argparse.ArgumentParser("tools.bench.workers")
    for name in ("port", "repeats", "rank"):
        parser.add_argument(name, type=int)
    print(json.dumps(measure(**vars(parser.parse_args()))))
