"""What the scores refuse, and remedies that work."""

import numpy as np
import pytest
from scipy.special import expit as sigmoid

from convae_lib import binary_crossentropy, entropy_floor, excess_over_floor
from convae_lib.scores.pixels import read_pixels, refuse_other_shape


class Tensor:
    """As PyTorch's that carries a gradient, which NumPy cannot read."""

    dtype = "torch.float32"

    def __init__(self, values, device="cuda"):
        self.values, self.device, self.carries = np.float32(values), device, True

    def detach(self):
        self.carries = False
        return self

    def cpu(self):
        self.device = "cpu"
        return self

    def __array__(self, dtype=None, copy=None):
        assert not self.carries and self.device == "cpu"
        return self.values


def test_tensors_that_carry_a_gradient_are_read():
    x, y = [0.25, 0.75], [0.5, 0.25]
    for score in (binary_crossentropy, excess_over_floor):
        assert score(Tensor(x), Tensor(y)) == score(x, y)
    assert entropy_floor(Tensor(x)) == entropy_floor(x)


@pytest.mark.parametrize(
    "dtype", [bool, np.uint8, np.float16, np.float32, np.longdouble]
)
def test_real_numbers_are_read_in_double_precision(dtype):
    pixels = read_pixels("x", np.array([0, 1], dtype))
    assert pixels.dtype == np.float64 and pixels.tolist() == [0, 1]


REMEDIES = [
    # name, values, what the message tells, what it says to do, what that gives
    ("x", [0, 51, 255], "0 to 255", "divide grey levels by 255", [0, 0.2, 1]),
    ("x", [0.0, 2.0], "0 to 2", "divide grey levels by 255", [0, 2 / 255]),
    ("x", [0.5, 127.5], "0.5 to 127.5", "by 255", [0.5 / 255, 0.5]),
    (
        "x",
        [0, 256],
        "0 to 256",
        "by 1023 or 4095 or 65535, whichever",
        [0, 256 / 65535],
    ),
    ("x", [0, 4095], "0 to 4095", "by 4095 or 65535, whichever", [0, 4095 / 65535]),
    ("x", [0, 5000], "0 to 5000", "by 65535$", [0, 5000 / 65535]),
    ("x", [0, 65535], "0 to 6.554e[+]04", "divide grey levels by 65535", [0, 1]),
    ("x", [0, 65536], "0 to", r"divide grey levels by x.max\(\)", [0, 1]),
    ("x", [0, 1 + 1e-12], "0 to 1.000000000001", r"give np.clip\(x, 0, 1\)", [0, 1]),
    ("x", [-1e-9, 0.9999999], "-1e-09 to 0.9999999;", r"np.clip\(x, 0, 1\)", [0, 1]),
    ("x", [-0.01, 1.01], "-0.01 to 1.01", r"np.clip\(x, 0, 1\)", [0, 1]),
    ("x", [-1.0, 0.5], "-1 to 0.5", r"give \(x [+] 1\) / 2", [0, 0.75]),
    ("x", [-0.5, 1.0], "-0.5 to 1", r"give \(x [+] 1\) / 2", [0.25, 1]),
    ("x", [-0.5, 1.5], "-0.5 to 1.5", r"\(x - x.min\(\)\) / \(x.max\(\)", [0, 1]),
    ("x", [-1.5, 1.0], "-1.5 to 1", r"\(x - x.min\(\)\) / \(x.max\(\)", [0, 1]),
    ("x", [0.5, 40.0], "0.5 to 40", r"\(x - x.min\(\)\) / \(x.max\(\)", [0, 1]),
    ("x", [0.0, 39.5], "0 to 39.5", r"\(x - x.min\(\)\) / \(x.max\(\)", [0, 1]),
    ("reconstruction", [-3, 4], "-3 to 4", "the sigmoid of logits", [0.0474, 0.982]),
    ("reconstruction", [0.5, 39.9], "0.5 to 39.9", "the sigmoid", [0.6225, 1]),
    ("reconstruction", [0.5, 40.5], "0.5 to 40.5", "by 255", [0.5 / 255, 40.5 / 255]),
    (
        "reconstruction",
        [-3, 4],
        "",
        r"or np.clip\(reconstruction, 0, 1\) where",
        [0, 1],
    ),
    ("reconstruction", [0, 1.005], "0 to 1.005", r"give np.clip\(reconst", [0, 1]),
    ("reconstruction", [-0.02, 1], "-0.02 to 1", "the sigmoid of", [0.495, 0.7311]),
    ("reconstruction", [0.1, 1.02], "0.1 to 1.02", "the sigmoid of", [0.525, 0.735]),
]


@pytest.mark.parametrize(("name", "values", "told", "remedy", "mended"), REMEDIES)
def test_each_situation_has_its_own_remedy(name, values, told, remedy, mended):
    x = np.array(values)
    with pytest.raises(ValueError, match=f"^{name} has values from {told}.*{remedy}"):
        read_pixels(name, x)
    remedies = {
        "255": lambda: x / 255,
        "65535": lambda: x / 65535,
        "max": lambda: x / x.max(),
        "clip": lambda: np.clip(x, 0, 1),
        "/ 2": lambda: (x + 1) / 2,
        "min": lambda: (x - x.min()) / (x.max() - x.min()),
        "sigmoid": lambda: sigmoid(x),
    }
    (mend,) = [
        remedies[word]
        for word in ("65535", "255", "sigmoid", "clip", "/ 2", "min", "max")
        if word in remedy
    ][:1]
    assert mend() == pytest.approx(np.array(mended), abs=1e-3)
    read_pixels(name, mend())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], r"x is empty: its shape is \(0,\)"),
        (
            [0.5, np.nan, -np.inf],
            "x has 2 of 3 values that are NaN or infinite; np.isf",
        ),
        ([np.inf, 300], "x has 1 of 2 values that are NaN or infinite"),
        ([0.5j], "x has dtype complex128; give real numbers"),
        (["0.5"], "x has dtype <U3; give real numbers"),
        ([None, 1.0], "x has dtype object; give real numbers"),
        (slice(3), "x is a slice, which is no array; give a dense one"),
        (np.ma.masked_equal([0.0, 1.0], 1), "x has 1 masked value; .*x.filled"),
    ],
)
def test_what_is_no_number_is_refused(values, message):
    for score in (entropy_floor, lambda x: binary_crossentropy(x, [0.5])):
        with pytest.raises(ValueError, match=message):
            score(values)


@pytest.mark.parametrize(
    ("x", "reconstruction", "remedy"),
    [
        ((5, 4, 3), (5, 4, 3, 1), "give np.reshape(x, (5, 4, 3, 1))"),
        ((5, 4, 3, 1), (5, 4, 3), "give np.reshape(x, (5, 4, 3))"),
        ((5, 4, 3), (5, 12), "give np.reshape(x, (5, 12))"),
        ((5, 12), (5, 4, 3), "give np.reshape(x, (5, 4, 3))"),
        ((5, 12), (6, 4, 3), "they must have one shape"),
        ((5, 12), (5, 4, 4), "they must have one shape"),
        ((5, 4, 6, 2), (5, 4, 12), "they must have one shape"),
        ((5, 4, 6, 2), (5, 4, 6, 3), "they must have one shape"),
        (
            (5, 4, 6, 3),
            (5, 3, 4, 6),
            "its channels come first; give np.moveaxis(reconstruction, 1, -1)",
        ),
        (
            (5, 3, 4, 6),
            (5, 4, 6, 3),
            "the channels of x come first; give np.moveaxis(x, 1, -1)",
        ),
        ((5, 4, 3), (5, 3, 4), "they must have one shape"),
        ((5, 4, 3), (4, 4, 3), "they must have one shape"),
    ],
)
def test_shapes_that_do_not_fit_are_named_with_a_remedy(x, reconstruction, remedy):
    with pytest.raises(ValueError) as caught:
        binary_crossentropy(np.ones(x), np.ones(reconstruction))
    assert str(caught.value) == (
        f"reconstruction of shape {reconstruction} does not fit x of shape {x}: {remedy}"
    )


def test_a_length_may_not_be_known_yet():
    with pytest.raises(ValueError, match=r"\(None, 4\) .* np.reshape\(x, \(-1, 4\)\)"):
        refuse_other_shape((None, 4, 1), (None, 4))
