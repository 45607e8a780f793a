"""Rows of results/conv_matrix.json: ratios of times, and the goals they have to meet."""

import os
import tracemalloc
from functools import partial

import numpy as np

from convae_lib import conv_matrix, conv_operator, conv_transpose_matrix
from tools.bench.rivals import ARRAYS, LOOPS, PACKAGES, write_limit
from tools.bench.timing import median_seconds

# Height, width and channels of the input, and filters; every kernel is 3×3.
FIRST, PHOTO = (28, 28, 1, 16), (256, 256, 3, 16)
BUILT = [FIRST, (14, 14, 16, 32), PHOTO, (2048, 2048, 1, 1)]
LARGEST = (4096, 4096, 1, 1)
APPLIED = [FIRST, (14, 14, 16, 32), (7, 7, 32, 64), PHOTO, (256, 256, 1, 1)]

LARGE_ENTRIES = 10**7
"""Number of entries above which most of the time is spent on writing them."""


def title(layer):
    return "{}×{}×{}→{}".format(*layer)


def drawn(layer, dtype="float32"):
    """Return a random kernel for a layer, and the shape of the layer's input."""
    *input_shape, filters = layer
    kernel = np.random.default_rng(0).normal(size=(3, 3, input_shape[-1], filters))
    return kernel.astype(dtype), tuple(input_shape)


def build_rows(repeats):
    """Yield a row for each layer and dtype: our time and memory, and rivals' times."""
    for layer in BUILT:
        for dtype in ("float32", "float64"):
            row = build_row(layer, dtype, repeats)
            row |= rivals_over_ours(layer, dtype, repeats, ARRAYS)
            if layer == FIRST:
                row |= rivals_over_ours(layer, dtype, repeats, LOOPS)
            if layer[2:] == (1, 1):
                row |= rivals_over_ours(layer, dtype, repeats, PACKAGES)
            yield row
    rival = {"index_image": ARRAYS["index_image"]}
    row = build_row(LARGEST, "float32", repeats)
    yield row | rivals_over_ours(LARGEST, "float32", repeats, rival)


def build_row(layer, dtype, repeats):
    """Return our time over the write limit, and our peak memory over the matrix's own.

    No rival is measured here, since rivals leave the memory fragmented.
    """
    keep_freed_memory()
    kernel, input_shape = drawn(layer, dtype)
    build = partial(conv_matrix, kernel, input_shape, padding="same")
    ours = build()
    entries = ours.nnz
    own_bytes = ours.data.nbytes + ours.indices.nbytes + ours.indptr.nbytes
    del ours
    calls = {"ours": build, "limit": partial(write_limit, dtype, entries)}
    took = median_seconds(calls, repeats)
    tracemalloc.start()
    build()
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "layer": title(layer),
        "dtype": dtype,
        "entries": entries,
        "repeats": repeats,
        "over_write_limit": took["ours"] / took["limit"],
        "peak_over_own": peak_bytes / own_bytes,
    }


def keep_freed_memory():
    """Have the process keep the memory that it frees, as one that has worked a while does.

    Linux's C library gives freed blocks of more than 128 KiB back to the system, until
    a larger one has been freed, of up to 32 MiB. In a new process small matrices would
    wait for fresh memory in each call, and the first row would bear that alone.
    """
    np.ones(31 * 2**20, np.uint8)


def rivals_over_ours(layer, dtype, repeats, rivals):
    """Return the times of rivals over ours, after a check that they build our matrix."""
    kernel, input_shape = drawn(layer, dtype)
    ours = conv_matrix(kernel, input_shape, padding="same")
    for name in rivals.keys() - PACKAGES.keys():  # a package has its own format
        assert (rivals[name](kernel, input_shape) != ours).nnz == 0, name
    del ours
    calls = {
        name: partial(rival, kernel, input_shape) for name, rival in rivals.items()
    }
    calls["ours"] = partial(conv_matrix, kernel, input_shape, padding="same")
    took = median_seconds(calls, repeats)
    return {f"{name}_over_ours": took[name] / took["ours"] for name in rivals}


def transposed_rows(repeats):
    """Yield what the transposed matrix adds, as a view and sorted anew as CSR."""
    for layer in BUILT[:3]:
        kernel, input_shape = drawn(layer)
        small = (*input_shape[:2], layer[-1])
        transpose = partial(conv_transpose_matrix, kernel, small, padding="same")
        calls = {
            "conv": partial(conv_matrix, kernel, input_shape, padding="same"),
            "lazy": transpose,
            "tocsr": transpose().tocsr,
        }
        took = median_seconds(calls, repeats)
        yield {
            "layer": title(layer),
            "lazy_over_conv": took["lazy"] / took["conv"],
            "tocsr_over_conv": took["tocsr"] / took["conv"],
        }


def growth_rows(repeats):
    """Yield the time per entry for images of growing sides, over the least of them."""
    kernel = np.ones((3, 3), np.float32)
    sides = [32 * 2**step for step in range(8)]
    entries = {n: (3 * n - 2) ** 2 for n in sides}
    calls = {n: partial(conv_matrix, kernel, (n, n), padding="same") for n in sides}
    took = median_seconds(calls, repeats)
    least = min(took[n] / entries[n] for n in sides)
    for n in sides:
        over_least = took[n] / entries[n] / least
        yield {
            "side": n,
            "entries": entries[n],
            "time_per_entry_over_least": over_least,
        }


def apply_row(layer, repeats):
    """Return the times of products over Keras's; oneDNN is as the process has it."""
    import keras
    import tensorflow as tf

    kernel, input_shape = drawn(layer)
    x = np.random.default_rng(1).normal(size=input_shape).astype("float32")
    images, weights = tf.constant(x[None]), tf.constant(kernel)
    C = conv_matrix(kernel, input_shape, padding="same")
    A = conv_operator(kernel, input_shape, padding="same")
    calls = {
        "keras": lambda: np.asarray(keras.ops.conv(images, weights, padding="same")),
        "matrix": lambda: C @ x.ravel(),
        "operator": lambda: A @ x.ravel(),
    }
    if layer[2:] == (1, 1):
        import pylops

        flipped = np.ascontiguousarray(kernel[::-1, ::-1, 0, 0])
        P = pylops.signalprocessing.Convolve2D(
            input_shape[:2], flipped, offset=(1, 1), dtype="float32"
        )
        calls["pylops"] = lambda: P @ x.ravel()
    expected = calls["keras"]().ravel()
    for name, call in calls.items():
        assert np.allclose(call().ravel(), expected, atol=1e-3), name
    took = median_seconds(calls, repeats)
    over_keras = {f"{name}_over_keras": took[name] / took["keras"] for name in calls}
    del over_keras["keras_over_keras"]
    onednn = os.environ["TF_ENABLE_ONEDNN_OPTS"] == "1"
    return {"layer": title(layer), "onednn": onednn, "entries": C.nnz, **over_keras}


def goals(results):
    """Yield each goal of the project with its bound, what was measured, and whether."""
    build = results["build"]
    large = [row for row in build if row["entries"] > LARGE_ENTRIES]
    small = [row for row in build if row["entries"] <= LARGE_ENTRIES]

    def most(name, rows, key, bound):
        value = max(row[key] for row in rows)
        return {
            "goal": name,
            "at_most": bound,
            "measured": value,
            "met": value <= bound,
        }

    def least(name, rows, key, bound):
        value = min(row[key] for row in rows if key in row)
        return {
            "goal": name,
            "at_least": bound,
            "measured": value,
            "met": value >= bound,
        }

    yield most(
        "above 10⁷ entries, over the write limit", large, "over_write_limit", 1.3
    )
    yield least("above 10⁷, COO with int64", large, "coo_int64_over_ours", 20)
    yield least("above 10⁷, an index image", large, "index_image_over_ours", 4)
    yield least("below 10⁷, COO with int64", small, "coo_int64_over_ours", 4)
    yield least("first layer, Python lists", small, "lists_over_ours", 150)
    yield least("first layer, element assignment", small, "elements_over_ours", 500)
    yield most("peak memory over the matrix's own", large, "peak_over_own", 1.15)
    for row in results["apply"]:
        if row["layer"] == title(PHOTO):
            name = f"operator over Keras, oneDNN {'on' if row['onednn'] else 'off'}"
            yield most(name, [row], "operator_over_keras", 1)


def rounded(rows):
    """Return rows with four significant digits."""
    return [
        {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in row.items()}
        for row in rows
    ]
