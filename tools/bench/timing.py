"""Median times of calls that take turns."""

import gc
from statistics import median
from time import perf_counter

import numpy as np

SHORTEST_SECONDS = 2e-3
"""What a repeat takes at least: a faster call is made several times."""


def median_seconds(calls, repeats):
    """Return the median time of each call, all measured in turn, `repeats` times.

    Each repeat begins with another call, so that none always finds the memory that
    the same other call has freed.
    """
    loops = {
        name: max(1, round(SHORTEST_SECONDS / seconds(call)))
        for name, call in calls.items()
    }
    times, names = {name: [] for name in calls}, list(calls)
    gc.disable()
    for turn in range(repeats):
        for name in np.roll(names, -turn).tolist():
            times[name].append(seconds(calls[name], loops[name]))
    gc.enable()
    return {name: median(values) for name, values in times.items()}


def seconds(call, loops=1):
    """Return the time of one call, as the mean of `loops`."""
    if loops > 1:
        call()  # fills the caches
    start = perf_counter()
    for _ in range(loops):
        call()
    return (perf_counter() - start) / loops
