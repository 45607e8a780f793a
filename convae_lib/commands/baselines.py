"""What stands beside a model's scores: the mean image, and PCA at the same code size."""

from math import prod

import numpy as np

from ..scores.batches import batches

__all__ = ["first", "linear_code", "mean_image"]

MEAN_OF = 2_000
"""Training images of a folder that the mean is taken of, at most."""

PCA_OF = 10_000
"""The same for PCA: their order is that of a hash, so the first ones are any."""

EXACT_VALUES = 1_024
"""Values of an image, or a patch, up to which their covariance is quick and small."""

SAMPLE_BYTES = 64 * 2**20
"""What a sample of larger images may take in memory, in float32."""

PER_COMPONENT = 4
"""Images of the sample that a component needs, lest it describe them alone."""


def first(images, count):
    """Return the first images of a part, all where there are not so many."""
    return images if count is None else images[: min(count, len(images))]


def mean_image(images):
    """Return the mean of the training images, or of the first ones of a large folder."""
    some = first(images.train, None if _in_memory(images) else MEAN_OF)
    return sum(batch.sum(axis=0) for batch in batches(some)) / len(some)


def linear_code(images, code_size):
    """Return PCA at the code size of a model, as far as the images allow.

    Small images are fitted whole, and exactly. Of larger ones a sample is, if there
    are enough for so many components. Else all patches of the images share theirs, as a
    folder has many patches even where it has few pictures.

    Parameters
    ----------
    images : Images
    code_size : int
        Numbers that may be kept of an image.

    Returns
    -------
    reconstruct : callable
        From a batch of images to what PCA makes of them, values in [0, 1].
    numbers : int
        How many it keeps of an image, at most `code_size`.
    of : str
        What it is fitted to, for people.
    """
    from sklearn.decomposition import PCA

    from ..scores.patch_pca import PatchPCA

    height, width, *channels = images.image_shape
    values = prod(images.image_shape)
    train = first(images.train, None if _in_memory(images) else PCA_OF)
    sampled = min(len(train), max(1, SAMPLE_BYTES // (4 * values)))
    if values <= EXACT_VALUES and height == width:
        patch = height
    elif code_size * PER_COMPONENT <= sampled:
        patch = None
    else:
        patch = _patch(height, width, prod(channels), code_size)
    if patch:
        places = (height // patch) * (width // patch)
        components = min(code_size // places, values // places)
        fitted = PatchPCA(patch, components).fit(train)
        of = (
            f"{len(train):,} images"
            if places == 1
            else f"patches of {patch}×{patch} pixels"
        )
        return (
            lambda batch: fitted.decode(fitted.encode(batch)),
            places * components,
            of,
        )
    components = min(code_size, sampled, values)
    flat = train[:sampled].reshape(sampled, values)
    fitted = PCA(components, svd_solver="randomized", random_state=0).fit(flat)

    def reconstruct(batch):
        again = fitted.inverse_transform(fitted.transform(batch.reshape(-1, values)))
        return np.clip(again, 0, 1).reshape(batch.shape)

    return reconstruct, components, f"{sampled:,} images"


def _patch(height, width, channels, code_size):
    """Return the largest side of patches that the code has a number for each of."""
    sides = [
        side
        for side in range(1, min(height, width) + 1)
        if not (height % side or width % side)
        and side * side * channels <= EXACT_VALUES
        and (height // side) * (width // side) <= code_size
    ]
    return max(sides, default=None)


def _in_memory(images):
    return isinstance(images.train, np.ndarray)
