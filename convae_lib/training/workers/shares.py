"""A training in which each process has a part of every batch, on Keras's JAX backend."""

import keras

from ..checkpoint_file import CHECKPOINT
from ..checkpoints import carry_out
from ..fit import complete_settings
from ..run import PartOfEpoch, Run

__all__ = ["ShareOfEpoch", "SharedRun", "WholeModels", "build_seeded", "train_share"]


class WholeModels(keras.distribution.DataParallel):
    """All processes have the whole model, and each a part of a batch, or all of it.

    Attributes
    ----------
    whole_batches : bool
        Whether each process is given the same whole batches now.
    """

    whole_batches = False

    def get_data_layout(self, data_shape):
        if not self.whole_batches:
            return super().get_data_layout(data_shape)
        axes = [None] * len(data_shape)
        return keras.distribution.TensorLayout(axes, self.device_mesh)


class ShareOfEpoch(PartOfEpoch):
    """The part of each batch that is one process's: a slice of its images."""

    def __init__(self, *args, share, **options):
        super().__init__(*args, **options)
        self.share = share
        if self.damage is None:  # then the other images need not be read
            self.order = self.order.reshape(-1, self.batch_size)[:, share].ravel()
            self.batch_size, self.share = share.stop - share.start, slice(None)

    def __getitem__(self, place):
        return tuple(x[self.share] for x in super().__getitem__(place))


class SharedRun(Run):
    """What one of several processes does of a training."""

    def __init__(self, *args, rank, workers, distribution, **options):
        super().__init__(*args, **options)
        self.rank, self.workers, self.distribution = rank, workers, distribution

    def part(self, images, batch_size, damage, **where):
        count = batch_size // self.workers
        share = slice(self.rank * count, (self.rank + 1) * count)
        return ShareOfEpoch(images, batch_size, damage, share=share, **where)

    def evaluate(self, **options):
        # Each process scores all images: their number need not be divisible.
        self.distribution.whole_batches = True
        try:
            return super().evaluate(**options)
        finally:
            self.distribution.whole_batches = False


def train_share(build, images, *, where, rank, workers, every, progress, **options):
    """Join other processes, and train with them.

    Parameters
    ----------
    build : callable
    images : Images
    where : str
        Address and port at which the first process waits for the others.
    rank, workers : int
        Number of this process, from 0 up, and of all.
    every, progress, **options
        As `train_resumable` takes them; ``seed`` and ``resume`` are given.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range, or the checkpoint is damaged or another
        training's.
    OSError
        If a checkpoint cannot be written.
    """
    seed, resume, folder = (options.pop(k) for k in ("seed", "resume", "folder"))
    keras.utils.set_random_seed(seed)  # else the processes draw one and agree on it
    keras.distribution.initialize(where, workers, rank)
    distribution = WholeModels(auto_shard_dataset=False)  # parted by `ShareOfEpoch`
    keras.distribution.set_distribution(distribution)
    model = build_seeded(build, seed)
    settings = complete_settings(model, images, options)
    first = rank == 0
    run = SharedRun(
        model,
        images,
        settings,
        seed,
        progress if first else None,
        rank=rank,
        workers=workers,
        distribution=distribution,
    )
    carry_out(run, folder / CHECKPOINT, every, resume, saves=first)


def build_seeded(build, seed):
    """Return the model that a function builds after the seed is set; it is called once."""
    keras.utils.set_random_seed(seed)
    return build()
