"""What Ray runs in each process of a training, and the errors it leaves to the driver."""

import os
import pickle
import re
import socket

from ..checkpoint_file import CHECKPOINT

__all__ = ["raise_what_is_left", "work"]

ERRORS = "error-*"  # files, with the number of the worker


def work(config):
    """Do one worker's share of a training, from its beginning or from its checkpoint.

    Ray calls it in each process, and again in new ones when one was lost. This module
    is imported there before Keras, whose backend is chosen here.

    Parameters
    ----------
    config : dict
        ``"given"``, Ray's reference to the function that builds the model, the images
        and the options of `train_share`; ``"progress"``, a callable or None;
        ``"scratch"``, a folder that all workers and the driver see.
    """
    import ray
    from ray import train
    from ray.train.collective import broadcast_from_rank_zero

    if any(config["scratch"].glob(ERRORS)):  # the training would end there again
        return
    rank = train.get_context().get_world_rank()
    workers = train.get_context().get_world_size()
    here = ray.util.get_node_ip_address()
    with socket.create_server((here, 0)) as server:
        port = server.getsockname()[1]
    where = broadcast_from_rank_zero(f"{here}:{port}")
    os.environ |= {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "JAX_COORDINATOR_BIND_ADDRESS": where,  # else it would be all addresses
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false "
        "intra_op_parallelism_threads=1",
    }
    from .shares import train_share

    build, images, options = ray.get(config["given"])
    options |= dict(
        where=where, rank=rank, workers=workers, progress=config["progress"]
    )
    # The first one decides for all: it may have written the file before another looks.
    begun = broadcast_from_rank_zero((options["folder"] / CHECKPOINT).exists())
    try:
        train_share(build, images, resume=begun, **options)
    except Exception as error:
        if not _is_of_lost_worker(error):
            path = config["scratch"] / ERRORS.replace("*", str(rank))
            path.write_bytes(_pickled(error))
        raise


def raise_what_is_left(scratch):
    """Raise the error of the first worker that left one, in the driver."""
    for file in sorted(scratch.glob(ERRORS)):
        raise pickle.loads(file.read_bytes())


def _pickled(error):
    try:
        pickle.loads(found := pickle.dumps(error))
        return found
    except Exception:  # as some cannot be
        return pickle.dumps(RuntimeError(repr(error)))


def _is_of_lost_worker(error):
    """Tell what JAX raises where another worker was lost: its status comes first."""
    return isinstance(error, RuntimeError) or re.match("[A-Z_]+: ", str(error))
