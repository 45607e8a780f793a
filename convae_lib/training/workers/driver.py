"""One training on several processes, of this machine or a cluster, by Ray."""

import logging
import shutil
from contextlib import ExitStack, contextmanager

from ...checks import check_sizes
from ..checkpoint_file import EVERY, locate, read
from .progress import heard_here
from .session import first_line, ray_session, read_address
from .worker import raise_what_is_left, work

__all__ = ["train_on_workers"]

RESTARTS = 10
"""How often a training goes on from its checkpoint when a worker was lost."""


def train_on_workers(
    build,
    images,
    *,
    workers=2,
    address="local",
    folder,
    every=EVERY,
    resume=False,
    seed=0,
    progress=None,
    **as_train,
):
    """Fit a model on several processes at once, each with a part of every batch.

    Every process has the whole model. It computes the gradient of its part of a batch,
    all gradients are averaged, and all take the same step: the model is that of one
    process with the same batches, up to the order in which numbers are summed.

    Parameters
    ----------
    build : callable
        Returns the model, without arguments; called in each process, on Keras's JAX
        backend, after ``keras.utils.set_random_seed(seed)``.
    images : Images
        Sent to each machine once. Those that are read from files are read by each
        process, from the same paths.
    workers : int, default 2
        Processes, each with a core. A batch has a multiple of so many images.
    address : str, default "local"
        Of a cluster of Ray, as `on_ray` takes it; with "local" the processes run on
        this machine.
    folder : path-like
        Where the checkpoint is kept, as `train_resumable` does; on a cluster, all
        machines see it under this path.
    every, resume, progress
        As in `train_resumable`.
    seed : int, default 0
        Of the model, of the order of the images, and of their damage.
    **as_train
        Optimizer, learning rate and the other settings of ``train``.

    Returns
    -------
    model : keras.Model
        The trained one, on this process's backend.
    history : dict of list
        As ``train`` returns it.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range, a batch cannot be parted evenly, or the
        folder holds another training's checkpoint.
    ImportError
        If Ray or JAX is not installed.
    ConnectionError
        If no cluster answers at the address.
    RuntimeError
        If workers were lost more than ten times.

    Notes
    -----
    The processes are those of Ray Train's ``JaxTrainer``, which Ray marks as alpha and
    documents for TPUs and GPUs. Here it is tested with two processes on processors, with
    the version in requirements.lock. They are joined by ``jax.distributed`` under
    ``keras.distribution.DataParallel``. A process that is lost ends the others, and all
    go on from the checkpoint, at most `every` steps back. Each process scores all
    validation images. On this machine Ray listens on 127.0.0.1 only, and JAX, while it
    trains, at the address that the machine's own name stands for.

    Examples
    --------
    In a program, call it under ``if __name__ == "__main__":``.

    >>> from convae_lib import conv_autoencoder, draw_garments
    >>> from convae_lib.data import Images
    >>> drawn = draw_garments(120)[0]
    >>> images = Images(train=drawn[:96], valid=drawn[96:108], test=drawn[108:])
    >>> recipe = dict(optimizer="sgd", learning_rate=1.0, folder="run")
    >>> model, history = train_on_workers(
    ...     conv_autoencoder, images, workers=2, **recipe
    ... )  # doctest: +SKIP
    >>> train_on_workers(conv_autoencoder, images, workers=3, **recipe)
    Traceback (most recent call last):
        ...
    ValueError: batches of 32 images cannot be parted among 3 workers; give a batch_size \
that 3 divides
    """
    # Workers import this module, and must not import Keras before they choose its backend.
    from ..fit import complete_settings
    from ..identity import identify, refuse_another
    from ..optimizers import make_optimizer
    from .shares import build_seeded

    check_sizes(workers=workers, every=every)
    check_sizes(0, seed=seed)
    address = read_address(address)
    model = build_seeded(build, seed)
    settings = complete_settings(model, images, as_train)
    make_optimizer(settings["optimizer"], 1.0, settings["schedule"], steps=1)
    batch_size = min(settings["batch_size"], len(images.train))
    if batch_size % workers:
        raise ValueError(
            f"batches of {batch_size} images cannot be parted among {workers} workers; "
            f"give a batch_size that {workers} divides"
        )
    path = locate(folder, resume).absolute()
    if resume and path.exists():
        refuse_another(path, read(path)[0], identify(model, images, settings, seed))
    else:
        path.unlink(missing_ok=True)  # of no step: workers go on from what is there
    options = dict(folder=path.parent, every=every, seed=seed)
    with ExitStack() as closing:
        ray = closing.enter_context(ray_session(address, workers))
        if workers > (cores := int(ray.cluster_resources().get("CPU", 0))):
            raise ValueError(
                f"workers {workers} are more than the {cores} cores of {address}"
            )
        scratch = closing.enter_context(_fresh_folder(path.parent / ".ray"))
        config = {
            "given": ray.put((build, images, options | as_train)),
            "progress": closing.enter_context(heard_here(ray, progress)),
            "scratch": scratch,
        }
        _fit(workers, config)
    about, arrays = read(path)
    for place, variable in enumerate(model.variables):
        variable.assign(arrays[f"model_{place}"])
    return model, about["history"]


def _fit(workers, config):
    """Run a training to its end, whoever is lost on the way."""
    from ray import train
    from ray.train.v2.jax import JaxTrainer

    class Trainer(JaxTrainer):
        def _register_sigint_handler(self, controller):
            """Leave Ctrl-C to Python: Ray would exit, and keep its handler for ever."""

    logging.getLogger("ray.train").setLevel(logging.CRITICAL)  # it tells every worker
    trainer = Trainer(
        work,
        train_loop_config=config,
        scaling_config=train.ScalingConfig(num_workers=workers),
        run_config=train.RunConfig(
            name="run",
            storage_path=str(config["scratch"]),
            failure_config=train.FailureConfig(max_failures=RESTARTS),
        ),
    )
    try:
        trainer.fit()
    except train.TrainingFailedError as error:
        raise RuntimeError(
            f"workers were lost more than {RESTARTS} times, or did not start; the "
            f"checkpoint is whole, resume it ({first_line(error)})"
        ) from error
    raise_what_is_left(config["scratch"])


@contextmanager
def _fresh_folder(path):
    """Give an empty folder, and remove it in the end."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
