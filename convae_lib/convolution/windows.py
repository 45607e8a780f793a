"""The windows of an input: gathered side by side, and scattered back.

In the shapes of this module, lines are positions along the first spatial axis and
rest those along the others. Channels are those of a group. A patch is what one window
of one group holds: taps * channels numbers. Along the rest each window is copied.
Along the lines the windows overlap: a line is copied once, and read by every window
that it is in.
"""

from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

__all__ = ["blocks", "gather", "pad", "padded_shape", "scatter", "unpad", "window_view"]

CHUNK_BYTES = 2**19  # copied at a time: half of what a core's cache holds


def padded_shape(conv):
    """Return (padded lines, groups, channels, *padded rest)."""
    lines, *rest = [axis.before + axis.i + axis.after for axis in conv.axes]
    return (lines, conv.groups, conv.channels // conv.groups, *rest)


def pad(conv, image, dtype):
    """Return the planes of an image, with what lies around it.

    The image is (lines, *rest, all channels); the planes have `padded_shape`.
    """
    image = np.moveaxis(image, -1, 1)  # (lines, all channels, *rest)
    if conv.wrap:
        first, *rest = [(axis.before, axis.after) for axis in conv.axes]
        image = np.pad(image, [first, (0, 0), *rest], mode="wrap")
        return image.reshape(padded_shape(conv)).astype(dtype, copy=False)
    planes = np.zeros(padded_shape(conv), dtype)
    _merge_groups(planes)[_inside(conv)] = image
    return planes


def unpad(conv, planes):
    """Return the transpose of `pad`: what lies around is dropped or added back."""
    image = _merge_groups(planes)
    if conv.wrap:
        for place, (i, *_, before, after) in enumerate(conv.axes):
            # Fill up to whole copies of the input, and add the copies.
            axis = place and place + 1
            pads = [(0, 0)] * image.ndim
            pads[axis] = (-before % i, -after % i)
            image = np.pad(image, pads)
            copies = (*image.shape[:axis], -1, i, *image.shape[axis + 1 :])
            image = image.reshape(copies).sum(axis, dtype=image.dtype)
    else:
        image = image[_inside(conv)]  # (lines, all channels, *rest)
    return np.moveaxis(image, 1, -1)


def window_view(conv, planes):
    """Return a view, (padded lines, groups, *size[1:], channels, *output_shape[1:])."""
    axes, rest = conv.axes[1:], range(3, planes.ndim)
    spans = [axis.reach for axis in axes]
    view = sliding_window_view(planes, spans, axis=tuple(rest), writeable=True)
    steps = [axis.s for axis in axes] + [axis.d for axis in axes]
    view = view[(..., *(slice(None, None, step) for step in steps))]
    # (padded lines, groups, channels, *output_shape[1:], *size[1:])
    return view.transpose(0, 1, *range(planes.ndim, view.ndim), 2, *rest)


def blocks(conv, itemsize):
    """Return the lines of outputs, as many at a time as fit into the cache."""
    lines, *rest = conv.output_shape
    each = conv.channels * prod(conv.size[1:]) * prod(rest) * itemsize
    if not rest or conv.groups > 1 or conv.axes[0].d > 1:
        each *= conv.size[0]  # here every window is copied along the lines as well
    most = max(1, CHUNK_BYTES // each)
    starts = range(0, lines, most)
    return [slice(start, min(start + most, lines)) for start in starts]


def gather(conv, windows):
    """Yield each block's lines of outputs and its patches, (lines, groups, patch, rest).

    The next block overwrites them.
    """
    s, d, span = conv.axes[0].s, conv.axes[0].d, conv.axes[0].reach
    several = blocks(conv, windows.itemsize)
    most = s * (several[0].stop - 1) + span
    block = np.empty((most, *windows.shape[1:]), windows.dtype)
    seen = block.reshape(most, conv.groups, -1, prod(conv.output_shape[1:]))
    seen = sliding_window_view(seen, span, axis=0)[::s, ..., ::d]
    seen = seen.transpose(0, 1, 4, 2, 3)  # (lines, groups, size[0], ..., rest)
    for lines in several:
        read = windows[s * lines.start : s * (lines.stop - 1) + span]
        block[: len(read)] = read
        patches = seen[: lines.stop - lines.start]
        yield lines, patches.reshape(*patches.shape[:2], -1, patches.shape[-1])


def scatter(conv, windows, lines, patches):
    """Add the patches of a block, (lines, groups, patch, rest), where `gather` reads."""
    s, d, count = conv.axes[0].s, conv.axes[0].d, len(patches)
    shape = (count, conv.groups, conv.size[0], *windows.shape[2:])
    patches = patches.reshape(shape)  # (lines, groups, *size, channels, *rest)
    for tap, *taps in np.ndindex(conv.size):
        start = s * lines.start + d * tap
        rows = slice(start, start + s * (count - 1) + 1, s)
        target = windows[(rows, slice(None), *taps)]  # (lines, groups, channels, *rest)
        target += patches[(slice(None), slice(None), tap, *taps)]


def _merge_groups(planes):
    """Return a view, (padded lines, all channels, *padded rest)."""
    return planes.reshape(planes.shape[0], -1, *planes.shape[3:])


def _inside(conv):
    """Return where the input lies in the padded one."""
    first, *rest = (slice(axis.before, axis.before + axis.i) for axis in conv.axes)
    return (first, slice(None), *rest)
