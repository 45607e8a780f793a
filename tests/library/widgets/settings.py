"""Random settings of the explorer, and what the library says to them."""

import numpy as np

from convae_lib import conv_matrix, conv_transpose_matrix


def draw(rng):
    """Return a random setting, as the explorer stores it; about half are possible."""

    def pair(least, most):
        return rng.integers(least, most + 1, 2).tolist()

    padding = str(rng.choice(["valid", "same", "full", "numbers", "numbers"]))
    if padding == "numbers":
        padding = [pair(0, 4), pair(0, 4)]
    small = rng.random() < 0.7  # one channel
    setting = dict(
        transposed=bool(rng.random() < 0.5),
        input_shape=pair(1, 9),
        kernel_size=pair(1, 5),
        strides=pair(1, 4),
        padding=padding,
        dilation_rate=rng.choice(3, 2, p=[0.6, 0.2, 0.2]) + 1,
        output_padding=[
            None if rng.random() < 0.6 else int(rng.integers(0, 4)) for _ in "yx"
        ],
        channels=1 if small else int(rng.integers(1, 5)),
        filters=1 if small else int(rng.integers(1, 5)),
        groups=1 if small else int(rng.integers(1, 5)),
        boundary=str(rng.choice(["zero", "zero", "wrap"])),
        flip=bool(rng.random() < 0.3),
    )
    setting["dilation_rate"] = setting["dilation_rate"].tolist()
    if rng.random() < 0.1:  # what no control offers, but an address may ask for
        name, value = [
            ("strides", [0, 1]),
            ("dilation_rate", [1, 2.5]),
            ("padding", "causal"),
            ("padding", [[-1, 0], [0, 1]]),
            ("input_shape", [3, 0]),
            ("output_padding", [-1, None]),
            ("groups", 0),
            ("boundary", "reflect"),
        ][rng.integers(8)]
        setting[name] = value
    return setting


def as_python(value):
    """Return lists as tuples, which is how a refusal shows them."""
    return tuple(map(as_python, value)) if isinstance(value, list) else value


def kernel_shape(setting):
    """Return the shape of the kernel that a setting means, channels included."""
    read, written = setting["channels"], setting["filters"]
    if setting["transposed"]:
        read, written = written, read
    per_group = max(read // max(setting["groups"], 1), 1)
    return (*setting["kernel_size"], per_group, written)


def by_library(setting, kernel):
    """Return the library's matrix for a setting, or its words why there is none."""
    given = {
        name: as_python(setting[name])
        for name in ("strides", "padding", "dilation_rate", "groups", "boundary")
    }
    channels, filters = setting["channels"], setting["filters"]
    shape = (*setting["input_shape"], channels)
    if setting["flip"]:
        kernel = kernel[::-1, ::-1]
    if channels == filters == 1:
        kernel, shape = kernel[..., 0, 0], shape[:-1]
    try:
        if not setting["transposed"]:
            return conv_matrix(kernel, shape, **given)
        groups = max(setting["groups"], 1)
        if filters % groups and not channels % groups and min(shape) > 0:
            # There is no such kernel; the convolution to be transposed says why.
            conv_matrix(kernel, (*shape[:2], filters), **given)
        given["output_padding"] = as_python(setting["output_padding"])
        return conv_transpose_matrix(kernel, shape, **given)
    except ValueError as error:
        return str(error)


def random_settings(count, seed):
    rng = np.random.default_rng(seed)
    return [draw(rng) for _ in range(count)]
