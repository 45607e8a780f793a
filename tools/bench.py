"""What a convolution matrix costs to build and to apply: ``make bench``.

One thread, every rival in the same run, repeats interleaved. What is stored in
results/conv_matrix.json and printed are ratios of median times: seconds say more
about the machine than about the code.
"""

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import tracemalloc
from math import prod
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import scipy
from numpy.lib.stride_tricks import sliding_window_view
from scipy.sparse import coo_array, csr_array, lil_array

from convae_lib import conv_matrix, conv_operator, conv_transpose_matrix

THREADS = "OMP_NUM OPENBLAS_NUM MKL_NUM TF_NUM_INTRAOP TF_NUM_INTEROP".split()
QUIET_AND_ALONE = {f"{name}_THREADS": "1" for name in THREADS}
QUIET_AND_ALONE["TF_CPP_MIN_LOG_LEVEL"] = "3"
RESULTS = Path(__file__).resolve().parents[1] / "results" / "conv_matrix.json"

BUILDS = [
    ("28×28×1→16", (3, 3, 1, 16), (28, 28, 1)),
    ("14×14×16→32", (3, 3, 16, 32), (14, 14, 16)),
    ("256×256×3→16", (3, 3, 3, 16), (256, 256, 3)),
    ("2048×2048×1→1", (3, 3, 1, 1), (2048, 2048, 1)),
]
LARGEST = ("4096×4096×1→1", (3, 3, 1, 1), (4096, 4096, 1))
APPLIED = [
    ("28×28×1→16", (3, 3, 1, 16), (28, 28, 1)),
    ("14×14×16→32", (3, 3, 16, 32), (14, 14, 16)),
    ("7×7×32→64", (3, 3, 32, 64), (7, 7, 32)),
    ("256×256×3→16", (3, 3, 3, 16), (256, 256, 3)),
    ("256×256×1→1", (3, 3, 1, 1), (256, 256, 1)),
]
LARGE = 10**7  # entries, from where on writing them is what takes the time


# The rivals. All build the "same" convolution at strides 1, as conv_matrix does.


def write_limit(kernel, shape, entries):
    """Write as many numbers and indices as the matrix has, and nothing else."""
    np.empty(entries, kernel.dtype).fill(1)
    np.empty(entries, np.int32).fill(1)


def coordinates(kernel, shape, dtype):
    """Compute row, column and weight of each entry, and let SciPy sort them."""
    (height, width, channels), (kh, kw, _, filters) = shape, kernel.shape
    axes = np.ogrid[:height, :width, :filters, :kh, :kw, :channels]
    y, x, f, i, j, c = (axis.astype(dtype) for axis in axes)
    above, left = y + i - (kh - 1) // 2, x + j - (kw - 1) // 2
    inside = (above >= 0) & (above < height) & (left >= 0) & (left < width)
    full = (height, width, filters, kh, kw, channels)
    inside = np.broadcast_to(inside, full)
    rows = np.broadcast_to((y * width + x) * filters + f, full)[inside]
    columns = np.broadcast_to((above * width + left) * channels + c, full)[inside]
    weights = np.broadcast_to(kernel.transpose(3, 0, 1, 2), full)[inside]
    matrix = coo_array(
        (weights, (rows, columns)),
        shape=(height * width * filters, height * width * channels),
    )
    return matrix.tocsr()


def index_image(kernel, shape):
    """Slide a window over an image of indices; the windows are the columns."""
    (height, width, channels), (kh, kw, _, filters) = shape, kernel.shape
    image = np.arange(prod(shape), dtype=np.int32).reshape(shape)
    pads = [((k - 1) // 2, k // 2) for k in (kh, kw)]
    image = np.pad(image, [*pads, (0, 0)], constant_values=-1)
    windows = sliding_window_view(image, (kh, kw), axis=(0, 1)).transpose(0, 1, 3, 4, 2)
    full = (height, width, filters, kh, kw, channels)
    columns = np.broadcast_to(windows[:, :, None], full)
    inside = columns >= 0
    weights = np.broadcast_to(kernel.transpose(3, 0, 1, 2), full)[inside]
    counts = inside.sum(axis=(3, 4, 5), dtype=np.int32).ravel()
    starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int32)], dtype=np.int32)
    return csr_array(
        (weights, columns[inside], starts),
        shape=(height * width * filters, height * width * channels),
    )


def entries_one_by_one(kernel, shape):
    """Yield row, column and weight of each entry, in Python."""
    (height, width, channels), (kh, kw, _, filters) = shape, kernel.shape
    for y in range(height):
        for x in range(width):
            for f in range(filters):
                row = (y * width + x) * filters + f
                for i in range(kh):
                    for j in range(kw):
                        above, left = y + i - (kh - 1) // 2, x + j - (kw - 1) // 2
                        if 0 <= above < height and 0 <= left < width:
                            for c in range(channels):
                                column = (above * width + left) * channels + c
                                yield row, column, kernel[i, j, c, f]


def python_lists(kernel, shape):
    rows, columns, weights = zip(*entries_one_by_one(kernel, shape))
    size = (prod(shape[:2]) * kernel.shape[-1], prod(shape))
    return coo_array((weights, (rows, columns)), shape=size).tocsr()


def element_assignment(kernel, shape):
    size = (prod(shape[:2]) * kernel.shape[-1], prod(shape))
    matrix = lil_array(size, dtype=kernel.dtype)
    for row, column, weight in entries_one_by_one(kernel, shape):
        matrix[row, column] = weight
    return matrix.tocsr()


def sparse_convolution(kernel, shape):
    """Build the matrix of the PyPI package (one channel, strides 1)."""
    from sparse_convolution import Toeplitz_convolution2d

    # It convolves: the kernel is flipped. It always builds the "full" matrix.
    return Toeplitz_convolution2d(
        x_shape=shape[:2],
        k=kernel[::-1, ::-1, 0, 0],
        mode="same",
        dtype=kernel.dtype,
        method="precomputed",
    )


# Measuring.


def medians(calls, repeats):
    """Return the median seconds of each call, all in turn, `repeats` times.

    A fast call is made as often as takes 2 ms, and each repeat begins with
    another one: no rival always finds the memory that the same other one left.
    """
    often = {name: max(1, round(2e-3 / seconds(call))) for name, call in calls.items()}
    times, names = {name: [] for name in calls}, list(calls)
    gc.disable()
    for turn in range(repeats):
        for name in np.roll(names, -turn).tolist():
            times[name].append(seconds(calls[name], often[name]))
    gc.enable()
    return {name: median(values) for name, values in times.items()}


def seconds(call, often=1):
    if often > 1:
        call()  # warm
    start = perf_counter()
    for _ in range(often):
        call()
    return (perf_counter() - start) / often


def build_row(layer, size, shape, dtype, repeats, rivals):
    """Return the ratios of one matrix: rivals over ours, ours over the limit."""
    kernel = np.random.default_rng(0).normal(size=size).astype(dtype)
    ours = conv_matrix(kernel, shape, padding="same")
    entries, own = ours.nnz, ours.data.nbytes + ours.indices.nbytes + ours.indptr.nbytes
    calls = {"ours": lambda: conv_matrix(kernel, shape, padding="same")}
    calls["limit"] = lambda: write_limit(kernel, shape, entries)
    for name, rival in rivals.items():
        if name != "sparse_convolution":
            theirs = rival(kernel, shape)
            assert (theirs != ours).nnz == 0, name
            del theirs
        calls[name] = lambda rival=rival: rival(kernel, shape)
    del ours
    took = medians(calls, repeats)
    tracemalloc.start()
    conv_matrix(kernel, shape, padding="same")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    row = dict(layer=layer, dtype=dtype, entries=entries, repeats=repeats)
    row["over_write_limit"] = took["ours"] / took["limit"]
    row |= {f"{name}_over_ours": took[name] / took["ours"] for name in rivals}
    row["peak_over_own"] = peak / own
    return row


def build_rows(repeats):
    rivals = {
        "coo_int64": lambda k, s: coordinates(k, s, np.int64),
        "coo_int32": lambda k, s: coordinates(k, s, np.int32),
        "index_image": index_image,
    }
    loops = {"lists": python_lists, "elements": element_assignment}
    packages = {"sparse_convolution": sparse_convolution}
    for layer, size, shape in BUILDS:
        for dtype in ("float32", "float64"):
            case = layer, size, shape, dtype, repeats
            row = build_row(*case, {}) | apart(*case, rivals)
            if layer == BUILDS[0][0]:
                row |= apart(*case, loops)
            if size[2:] == (1, 1):
                row |= apart(*case, packages)
            yield row
    case = *LARGEST, "float32", repeats
    yield build_row(*case, {}) | apart(*case, {"index_image": index_image})


def apart(*case):
    """Return what rivals take, over ours measured beside them.

    The write limit is measured without them: they leave memory in disorder.
    """
    row = build_row(*case)
    return {name: row[name] for name in row if name.endswith("_over_ours")}


def transposed_rows(repeats):
    """Return what the transposed matrix adds, lazily and sorted anew as CSR."""
    for layer, size, shape in BUILDS[:3]:
        kernel = np.random.default_rng(0).normal(size=size).astype("float32")
        small = (*shape[:2], size[-1])
        T = conv_transpose_matrix(kernel, small, padding="same")
        calls = {
            "conv": lambda: conv_matrix(kernel, shape, padding="same"),
            "lazy": lambda: conv_transpose_matrix(kernel, small, padding="same"),
            "tocsr": T.tocsr,
        }
        took = medians(calls, repeats)
        yield dict(
            layer=layer,
            lazy_over_conv=took["lazy"] / took["conv"],
            tocsr_over_conv=took["tocsr"] / took["conv"],
        )


def growth_rows(repeats):
    """Return how the time per entry changes with their number."""
    kernel = np.ones((3, 3), np.float32)
    sides = [32 * 2**step for step in range(8)]
    calls = {n: lambda n=n: conv_matrix(kernel, (n, n), padding="same") for n in sides}
    took = medians(calls, repeats)
    entries = {n: (3 * n - 2) ** 2 for n in sides}
    least = min(took[n] / entries[n] for n in sides)
    for n in sides:
        per_entry = took[n] / entries[n] / least
        yield dict(side=n, entries=entries[n], time_per_entry_over_least=per_entry)


def apply_rows(repeats):
    """Return the times of products over Keras's; oneDNN is as the process has it."""
    import keras
    import pylops
    import tensorflow as tf

    for layer, size, shape in APPLIED:
        rng = np.random.default_rng(0)
        kernel = rng.normal(size=size).astype("float32")
        x = rng.normal(size=shape).astype("float32")
        C = conv_matrix(kernel, shape, padding="same")
        A = conv_operator(kernel, shape, padding="same")
        images, weights = tf.constant(x[None]), tf.constant(kernel)
        calls = {
            "keras": lambda: np.asarray(
                keras.ops.conv(images, weights, padding="same")
            ),
            "matrix": lambda: C @ x.ravel(),
            "operator": lambda: A @ x.ravel(),
        }
        if size[2:] == (1, 1):
            flipped = np.ascontiguousarray(kernel[::-1, ::-1, 0, 0])
            P = pylops.signalprocessing.Convolve2D(
                shape[:2], flipped, offset=(1, 1), dtype="float32"
            )
            calls["pylops"] = lambda: P @ x.ravel()
        expected = calls["keras"]().ravel()
        for name, call in calls.items():
            assert np.allclose(call().ravel(), expected, atol=1e-3), name
        took = medians(calls, repeats)
        row = dict(layer=layer, onednn=os.environ["TF_ENABLE_ONEDNN_OPTS"] == "1")
        row["entries"] = C.nnz
        for name in calls:
            if name != "keras":
                row[f"{name}_over_keras"] = took[name] / took["keras"]
        yield row


def goals(results):
    """Yield each goal of the project with its bound, what was measured, and whether."""
    build = results["build"]
    large = [row for row in build if row["entries"] > LARGE]
    small = [row for row in build if row["entries"] <= LARGE]
    whole = [row for row in results["apply"] if row["layer"] == "256×256×3→16"]

    def most(name, rows, key, bound):
        value = max(row[key] for row in rows)
        return dict(goal=name, at_most=bound, measured=value, met=value <= bound)

    def least(name, rows, key, bound):
        value = min(row[key] for row in rows if key in row)
        return dict(goal=name, at_least=bound, measured=value, met=value >= bound)

    yield most(
        "above 10⁷ entries, over the write limit", large, "over_write_limit", 1.3
    )
    yield least("above 10⁷, COO with int64", large, "coo_int64_over_ours", 20)
    yield least("above 10⁷, an index image", large, "index_image_over_ours", 4)
    yield least("below 10⁷, COO with int64", small, "coo_int64_over_ours", 4)
    yield least("first layer, Python lists", small, "lists_over_ours", 150)
    yield least("first layer, element assignment", small, "elements_over_ours", 500)
    yield most("peak memory over the matrix's own", large, "peak_over_own", 1.15)
    for row in whole:
        name = f"operator over Keras, oneDNN {'on' if row['onednn'] else 'off'}"
        yield most(name, [row], "operator_over_keras", 1)


def apply_in_a_process(onednn, repeats):
    """Return `apply_rows` of a process of its own: oneDNN is chosen at start-up."""
    run = subprocess.run(
        [sys.executable, __file__, "--apply", "--repeats", str(repeats)],
        env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": onednn},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        sys.exit(f"applying with oneDNN {onednn} failed:\n{run.stderr}")
    return json.loads(run.stdout)


def show(title, rows):
    """Print rows as a table, ratios first."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    names.sort(key=lambda name: "_over_" not in name and not name.startswith("over_"))
    cells = [[_told(row.get(name, "")) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells)]
    print(f"\n{title}")
    for line in [names, *cells]:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths)))
    sys.stdout.flush()


def _told(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def rounded(rows):
    return [
        {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in row.items()}
        for row in rows
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=11, help="at least 7")
    parser.add_argument("--apply", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not QUIET_AND_ALONE.items() <= os.environ.items():  # read at start-up
        os.execve(
            sys.executable, [sys.executable, *sys.argv], os.environ | QUIET_AND_ALONE
        )
    if options.repeats < 7:
        parser.error(f"--repeats {options.repeats}: a median needs at least 7")
    if options.apply:
        return print(json.dumps(rounded(apply_rows(options.repeats))))
    results = {
        "about": "Ratios of median times, one thread; written by make bench.",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }
    parts = {
        "build": build_rows,
        "transposed": transposed_rows,
        "growth": growth_rows,
    }
    for name, rows in parts.items():
        results[name] = rounded(rows(options.repeats))
        show(name, results[name])
    results["apply"] = [
        row for onednn in "10" for row in apply_in_a_process(onednn, options.repeats)
    ]
    show("apply", results["apply"])
    results["goals"] = rounded(goals(results))
    show("goals", results["goals"])
    RESULTS.parent.mkdir(exist_ok=True)
    draft = RESULTS.with_suffix(".tmp")
    draft.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    draft.replace(RESULTS)
    print(f"\nwritten: results/{RESULTS.name}")


if __name__ == "__main__":
    main()
