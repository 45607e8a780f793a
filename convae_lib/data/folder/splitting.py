"""Which files are for training, validation and test: the same on every machine."""

import os
from hashlib import blake2b
from numbers import Real

import numpy as np

from ..images import PARTS

__all__ = ["far_from", "read_shares", "split_files"]

FAR = 0.1  # between a part's share of the files and the one that was asked for


def read_shares(split):
    """Return the shares of the three parts.

    Raises
    ------
    ValueError
        If they are not three numbers above 0 whose sum is 1.

    Examples
    --------
    >>> read_shares([0.8, 0.1, 0.1])
    (0.8, 0.1, 0.1)
    """
    shares = tuple(split) if hasattr(split, "__len__") else (split,)
    good = len(shares) == 3 and all(isinstance(s, Real) and s > 0 for s in shares)
    if not good or abs(sum(shares) - 1) > 1e-6:
        raise ValueError(
            f"split {split!r} must be three shares above 0 whose sum is 1, such as "
            "(0.8, 0.1, 0.1)"
        )
    return shares


def split_files(index, parents, split, seed):
    """Return the files of each part, in the order of their hashes.

    With ``parents``, a number for each file, those of one number are in one part.
    """
    names = [index.name(file) for file in range(len(index))]
    hashes = np.array([_hash(name, seed) for name in names])
    files = np.argsort(hashes, kind="stable")
    if parents is None:
        together, of_groups = np.arange(len(index)), hashes
    else:
        together, of_groups = parents, np.zeros(parents.max() + 1, np.int64)
        of_groups[parents] = [_hash(os.path.dirname(name), seed) for name in names]
    counts, order = np.bincount(together), np.argsort(of_groups, kind="stable")
    part_of, place = np.zeros(len(order), np.int8), 0
    for part in (2, 1):  # test and validation; the rest is for training
        wanted, taken = split[part] * len(index), 0
        # One at least, and another if that comes nearer to the share.
        while place < len(order) - part and (
            not taken or taken + counts[order[place]] / 2 <= wanted
        ):
            part_of[order[place]] = part
            taken += counts[order[place]]
            place += 1
    return {
        name: files[part_of[together[files]] == part] for part, name in enumerate(PARTS)
    }


def far_from(split, counts, folders=None):
    """Return a line, in a list, if the parts are far from the shares that were asked for.

    Parameters
    ----------
    split : tuple of 3 float
    counts : list of int
        Files of each part.
    folders : int, optional
        How many there are, where each is in one part.

    Examples
    --------
    >>> far_from((0.8, 0.1, 0.1), [8, 1, 1])
    []
    """
    files = sum(counts)
    if max(abs(n / files - share) for n, share in zip(counts, split)) <= FAR:
        return []
    asked = "{:.0%}, {:.0%} and {:.0%}".format(*split)
    got = "{:,}, {:,} and {:,}".format(*counts)
    of, what = f"{files:,} files give {got}", "more files come nearer"
    if folders:
        of = f"{folders:,} folders, which stay whole, give {got} files"
        what = "more folders, of fewer files each, come nearer"
    return [f"parts of {asked} cannot be had, for {of}: {what}"]


def _hash(name, seed):
    digest = blake2b(b"%d:" % int(seed) + name, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1  # which int64 holds
