"""Every file of a folder is decoded once, to see that it can be."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .decoding import Refusal, decode, has_colour, quietly
from .parts import THREADS

__all__ = ["look_at_all"]

FILES_AT_ONCE = 100  # looked at between two calls of `progress`


def look_at_all(folder, paths, size, colour, tiles, report, progress):
    """Decode every file once, and count in the report what became of it.

    Parameters
    ----------
    folder : bytes
    paths : list of bytes
        From the folder on.
    size : (int, int) or None
    colour : bool or None
        Colours are looked for if it is None.
    tiles : bool
        Files smaller than `size` are refused.
    report : Report
    progress : callable or None

    Returns
    -------
    files : list of bytes
        The paths of those that are images.
    sizes : ndarray of int32, shape (files, 2)
    any_colour : bool
    """
    files, sizes, any_colour = [], np.empty((len(paths), 2), np.int32), False

    def look(path):
        try:
            seen = decode(os.path.join(folder, path), 1)
        except Refusal as refusal:
            return refusal
        ask = colour is None and not any_colour  # once one has, no more are asked
        return seen.size, seen.notes, ask and has_colour(seen.image)

    with quietly(), ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, len(paths), FILES_AT_ONCE):
            some = paths[start : start + FILES_AT_ONCE]
            for path, seen in zip(some, pool.map(look, some)):
                if not isinstance(seen, Refusal):
                    seen = _too_small(seen, size) if tiles else seen
                if isinstance(seen, Refusal):
                    report.refuse(path, seen.reason, seen.detail)
                    continue
                of_file, notes, has = seen
                sizes[len(files)] = of_file
                files.append(path)
                any_colour |= has
                report.done.update(
                    notes if tiles else [*notes, *_scaling(of_file, size)]
                )
            if progress is not None:
                progress(start + len(some), len(paths))
    return files, sizes[: len(files)].copy(), any_colour


def _too_small(seen, size):
    """Return a refusal in place of what has no room for a tile."""
    (height, width), *_ = seen
    if height >= size[0] and width >= size[1]:
        return seen
    return Refusal(
        "too small", f"{height}×{width} pixels; a tile is {size[0]}×{size[1]}"
    )


def _scaling(of_file, size):
    """Return what is done to an image of this size, in the words of the report."""
    if size is None or of_file == size:
        return []
    larger = of_file[0] < size[0] or of_file[1] < size[1]
    return ["enlarged" if larger else "resized"]
