"""Whole pictures as files of codes: the tiles of each in one file, and what is left."""

import numpy as np

from .batches import mapped
from .code_files import FILE_STEPS, read_codes, write_codes

__all__ = ["picture_file_scores"]


def picture_file_scores(images, encode, decode):
    """Return what each test picture takes as a file of codes, and how well it is drawn.

    Test images are tiles, and their labels say which picture each is of. A code that is a
    grid has one table for all places of the grid, so that a file's header stays small.

    Parameters
    ----------
    images : Images
        With labels of the test images.
    encode, decode : callable
        From a batch of images to their codes, and back.

    Returns
    -------
    dict
        ``picture_steps``, as shares of the spread of the training codes, as in
        `file_scores`; ``picture_labels``; and for each step a list with a number for each
        picture: ``picture_bytes``, of its file with its header, and ``picture_psnr``, the
        PSNR of all its pixels in decibels.

    Raises
    ------
    ValueError
        If the test images have no labels.

    Examples
    --------
    >>> import numpy as np
    >>> from convae_lib import PatchPCA
    >>> from convae_lib.data import Images
    >>> x = np.random.default_rng(0).random((60, 8, 8), np.float32)
    >>> images = Images(
    ...     train=x[:40], valid=x[40:50], test=x[50:], labels={"test": [0] * 4 + [1] * 6}
    ... )
    >>> code = PatchPCA(patch=2, components=1).fit(images.train)
    >>> found = picture_file_scores(images, code.encode, code.decode)
    >>> found["picture_labels"], found["picture_bytes"][0]
    ([0, 1], [71, 80])
    """
    if "test" not in images.labels:
        raise ValueError(f"the test images of {images.name} have no labels")
    labels = np.asarray(images.labels["test"])
    training = mapped(encode, images.train)
    tables = training.reshape(-1, training.shape[-1])  # (places, numbers at each)
    spread = np.sqrt(tables.var(axis=0).mean()) or 1.0
    of_pictures = [images.test[labels == label] for label in np.unique(labels)]
    codes = [mapped(encode, tiles) for tiles in of_pictures]
    found = {"picture_bytes": [], "picture_psnr": []}
    for share in FILE_STEPS:
        bytes_of, psnr_of = [], []
        for tiles, code in zip(of_pictures, codes):
            places = code.reshape(-1, code.shape[-1])
            file = write_codes(places, tables, share * spread)
            y = mapped(decode, read_codes(file).reshape(code.shape))
            error = np.mean((tiles - np.clip(y, 0, 1)) ** 2)
            bytes_of.append(len(file))
            psnr_of.append(float(-10 * np.log10(max(error, 1e-10))))
        found["picture_bytes"].append(bytes_of)
        found["picture_psnr"].append(psnr_of)
    labels = [int(label) for label in np.unique(labels)]
    return {"picture_steps": list(FILE_STEPS), "picture_labels": labels, **found}
