"""Other ways to build the matrix that `conv_matrix` builds, at strides 1 and "same"."""

from functools import partial
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.sparse import coo_array, csr_array, lil_array


def write_limit(dtype, entries):
    """Write as many numbers and indices as a matrix has, and nothing else."""
    np.empty(entries, dtype).fill(1)
    np.empty(entries, np.int32).fill(1)


def matrix_shape(kernel, input_shape):
    return prod(input_shape[:2]) * kernel.shape[-1], prod(input_shape)


def coordinates(kernel, input_shape, index_dtype):
    """Compute row, column and weight of each entry, and let SciPy sort them."""
    (height, width, channels), (kh, kw, _, filters) = input_shape, kernel.shape
    axes = np.ogrid[:height, :width, :filters, :kh, :kw, :channels]
    y, x, f, i, j, c = (axis.astype(index_dtype) for axis in axes)
    above, left = y + i - (kh - 1) // 2, x + j - (kw - 1) // 2
    inside = (above >= 0) & (above < height) & (left >= 0) & (left < width)
    full = (height, width, filters, kh, kw, channels)
    inside = np.broadcast_to(inside, full)
    rows = np.broadcast_to((y * width + x) * filters + f, full)[inside]
    columns = np.broadcast_to((above * width + left) * channels + c, full)[inside]
    weights = np.broadcast_to(kernel.transpose(3, 0, 1, 2), full)[inside]
    shape = matrix_shape(kernel, input_shape)
    return coo_array((weights, (rows, columns)), shape=shape).tocsr()


def index_image(kernel, input_shape):
    """Slide a window over an image of indices; the windows are the columns."""
    (height, width, channels), (kh, kw, _, filters) = input_shape, kernel.shape
    image = np.arange(prod(input_shape), dtype=np.int32).reshape(input_shape)
    pads = [((k - 1) // 2, k // 2) for k in (kh, kw)]
    image = np.pad(image, [*pads, (0, 0)], constant_values=-1)
    windows = sliding_window_view(image, (kh, kw), axis=(0, 1)).transpose(0, 1, 3, 4, 2)
    full = (height, width, filters, kh, kw, channels)
    columns = np.broadcast_to(windows[:, :, None], full)
    inside = columns >= 0
    weights = np.broadcast_to(kernel.transpose(3, 0, 1, 2), full)[inside]
    counts = inside.sum(axis=(3, 4, 5), dtype=np.int32).ravel()
    starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int32)], dtype=np.int32)
    shape = matrix_shape(kernel, input_shape)
    return csr_array((weights, columns[inside], starts), shape=shape)


def entries_one_by_one(kernel, input_shape):
    """Yield row, column and weight of each entry, in Python."""
    (height, width, channels), (kh, kw, _, filters) = input_shape, kernel.shape
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


def python_lists(kernel, input_shape):
    rows, columns, weights = zip(*entries_one_by_one(kernel, input_shape))
    shape = matrix_shape(kernel, input_shape)
    return coo_array((weights, (rows, columns)), shape=shape).tocsr()


def element_assignment(kernel, input_shape):
    matrix = lil_array(matrix_shape(kernel, input_shape), dtype=kernel.dtype)
    for row, column, weight in entries_one_by_one(kernel, input_shape):
        matrix[row, column] = weight
    return matrix.tocsr()


def sparse_convolution(kernel, input_shape):
    """Build the matrix of the PyPI package, which knows one channel and strides 1."""
    from sparse_convolution import Toeplitz_convolution2d

    # The package convolves, so the kernel is flipped. It keeps the "full" matrix.
    return Toeplitz_convolution2d(
        x_shape=input_shape[:2],
        k=kernel[::-1, ::-1, 0, 0],
        mode="same",
        dtype=kernel.dtype,
        method="precomputed",
    )


ARRAYS = {
    "coo_int64": partial(coordinates, index_dtype=np.int64),
    "coo_int32": partial(coordinates, index_dtype=np.int32),
    "index_image": index_image,
}
LOOPS = {"lists": python_lists, "elements": element_assignment}
PACKAGES = {"sparse_convolution": sparse_convolution}
