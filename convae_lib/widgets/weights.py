"""Writes trained networks and drawn garments as a script that a page loads.

A page that is opened from a folder may load scripts and no other files, so numbers come
as text in one. The operations of a network come from Keras's own walk through it: a sum
of two grids is an operation, too, and no layer.
"""

import base64
import json
from importlib.resources import files
from io import BytesIO

import keras
import numpy as np

from ..data import CLASS_NAMES, draw_garments
from ..models.graph import walk
from ..models.trained import load_trained

__all__ = ["describe", "garments", "networks", "script"]

SHOWN = ("published", "residual_30", "residual_2", "residual_539", "smallest")
"""The networks that run in a page."""
COMPONENTS = files("convae_lib") / "widgets" / "pca_30.npz"
HELD, LEARNED = 100, 200
"""Drawn garments to look at, and others to learn from."""
SEED = 22
LOOKED_AT = 2_000
"""Drawn garments whose codes say where the directions and the map lie."""
DIRECTIONS = 5

KINDS = {
    "Conv2D": "conv",
    "Dense": "conv",  # of a single pixel
    "DepthwiseConv2D": "depthwise",
    "Conv2DTranspose": "transposed",
    "MaxPooling2D": "pool",
    "Add": "add",
    "Reshape": "same",
    "Flatten": "same",
}
"""Keras's operations, and which of the kinds in network.js computes them."""


def describe(model):
    """Return a network as network.js reads it.

    Parameters
    ----------
    model : keras.Sequential
        An encoder and a decoder, of the operations in `KINDS`.

    Returns
    -------
    dict
        Ready for JSON. ``steps``: of each operation its ``kind``, the places
        ``from`` which it takes its inputs (0 is the image, i + 1 what step i gives), and
        its shapes, without the batch and always with rows, columns and channels.
        ``code``: the place of the code. ``data``: all weights in half precision, kernel
        and bias of one step after the other, as base64.

    Raises
    ------
    ValueError
        If an operation is none of `KINDS`.

    Examples
    --------
    >>> from convae_lib import load_trained
    >>> from convae_lib.widgets.weights import describe
    >>> network = describe(load_trained("published"))
    >>> [step["kind"] for step in network["steps"][:network["code"]]]
    ['same', 'conv', 'pool', 'conv', 'pool', 'conv', 'pool']
    """
    steps, weights = [], []

    def write(operation, *places):
        name = type(operation).__name__
        if name == "InputLayer":
            return places[0]
        if name not in KINDS:
            raise ValueError(
                f"{operation.name} is of the kind {name}, which network.js does not "
                f"compute; it has {', '.join(KINDS)}"
            )
        step = {"kind": KINDS[name], "from": list(places)}
        step["input"] = grid(operation.input)
        step["output"] = grid(operation.output)
        if name == "MaxPooling2D":
            step["strides"] = list(operation.strides)
        if operation_weights := getattr(operation, "weights", []):
            step |= window(operation, step)
            weights.extend(operation_weights)
        steps.append(step)
        return len(steps)

    encoder, decoder = model.layers
    code = walk(encoder, [0], write)
    walk(decoder, [code], write)
    numbers = [keras.ops.convert_to_numpy(weight).ravel() for weight in weights]
    return {"code": code, "steps": steps, "data": halves(np.concatenate(numbers))}


def grid(tensor):
    """Return rows, columns and channels of one Keras tensor, or of the first of some."""
    _, *shape = (tensor[0] if isinstance(tensor, list) else tensor).shape
    if len(shape) == 2:
        return [*shape, 1]
    return [1] * (3 - len(shape)) + [int(size) for size in shape]


def window(layer, step):
    """Return kernel, strides, rows and columns before the image, and activation."""
    kernel = list(layer.kernel.shape)
    if len(kernel) == 2:
        kernel = [1, 1, *kernel]
    strides = list(getattr(layer, "strides", (1, 1)))
    same = getattr(layer, "padding", "valid") == "same"
    transposed = step["kind"] == "transposed"
    large, small = (
        step[end] for end in ("output", "input")[:: 1 if transposed else -1]
    )
    beyond = [
        max((o - 1) * s + k - i, 0) if same else 0
        for i, o, k, s in zip(large, small, kernel, strides)
    ]
    activation = layer.activation.__name__
    return {
        "kernel": kernel,
        "strides": strides,
        "before": [size // 2 for size in beyond],
        "bias": bool(layer.use_bias),
        **({} if activation == "linear" else {"activation": activation}),
    }


def halves(numbers):
    """Return numbers in half precision as base64."""
    return _text(np.asarray(numbers).astype("<f2"))


def levels(images):
    """Return images, whose values are multiples of 1/255, as base64, a byte a pixel."""
    return _text(np.round(np.asarray(images) * 255).astype(np.uint8))


def _text(array):
    return base64.b64encode(array.tobytes()).decode("ascii")


def networks():
    """Return the script with the trained networks and PCA, as the pages load it."""
    trained = {name: describe(load_trained(name)) for name in SHOWN}
    return script("networks", trained | {"pca_30": describe_components()})


def describe_components():
    """Return PCA as a network: products with the components, and with their transpose.

    What it draws stays half a grey level inside [0, 1], as in the records of PCA.
    """
    with np.load(BytesIO(COMPONENTS.read_bytes()), allow_pickle=False) as kept:
        mean, components = kept["mean"].astype("f4"), kept["components"].astype("f4")
    numbers, pixels = components.shape
    image, code = [28, 28, 1], [1, 1, numbers]
    window = {"kind": "conv", "strides": [1, 1], "before": [0, 0], "bias": True}
    flat = [1, 1, pixels]
    steps = [
        {"kind": "same", "from": [0], "input": image, "output": flat},
        window | {"from": [1], "kernel": [1, 1, pixels, numbers], "input": flat},
        window | {"from": [2], "kernel": [1, 1, numbers, pixels], "input": code},
        {"kind": "same", "from": [3], "input": flat, "output": image},
    ]
    steps[1]["output"], steps[2]["output"] = code, flat
    steps[2]["activation"] = "clip"
    weights = components.T.ravel(), -components @ mean, components.ravel(), mean
    return {"code": 2, "steps": steps, "data": halves(np.concatenate(weights))}


def garments():
    """Return the script with drawn garments, and what their codes say of the networks.

    Three things: the garments themselves; mean and leading principal directions of the 30
    numbers of drawn garments; and the part of the plane where their codes of two numbers
    lie, but for the outermost.
    """
    images, labels, _ = draw_garments(HELD + LEARNED, SEED)
    others, _, _ = draw_garments(LOOKED_AT, SEED + 1)
    plane, codes = (
        load_trained(name).layers[0].predict(others, batch_size=500, verbose=0)
        for name in ("residual_2", "residual_30")
    )
    drawn = {
        "levels": levels(images),
        "labels": labels.tolist(),
        "names": list(CLASS_NAMES),
        "held": HELD,
    }
    low, high = np.quantile(plane, [0.01, 0.99], axis=0)
    corners = {"low": rounded(low), "high": rounded(high)}
    return (
        script("garments", drawn)
        + script("directions", principal_directions(codes))
        + script("map", corners)
    )


def principal_directions(codes):
    """Return mean, leading directions, deviations and shares of the variance of codes."""
    mean = codes.mean(axis=0)
    variances, vectors = np.linalg.eigh(np.cov(codes.T))  # rising
    leading = vectors[:, : -DIRECTIONS - 1 : -1].T
    largest = np.abs(leading).argmax(axis=1)
    leading *= np.sign(leading[np.arange(DIRECTIONS), largest])[:, None]
    kept = variances[: -DIRECTIONS - 1 : -1]
    return {
        "mean": rounded(mean),
        "directions": rounded(leading),
        "deviations": rounded(np.sqrt(kept)),
        "shares": rounded(kept / variances.sum()),
        "limit": rounded(np.quantile(np.abs(codes), 0.995)),
    }


def rounded(numbers):
    return np.round(np.asarray(numbers, "f8"), 4).tolist()


def script(place, values):
    """Return a script that puts values below ``convae.<place>``.

    Examples
    --------
    >>> from convae_lib.widgets.weights import script
    >>> print(script("numbers", {"two": 2}))
    (globalThis.convae ??= {}).numbers ??= {};
    convae.numbers["two"] = 2;
    <BLANKLINE>
    """
    lines = [f"(globalThis.convae ??= {{}}).{place} ??= {{}};"]
    for name, value in values.items():
        text = json.dumps(value, separators=(",", ":"))
        lines.append(f"convae.{place}[{json.dumps(name)}] = {text};")
    return "\n".join(lines) + "\n"
