"""When an answer is right, and what is said of one that is not."""

import numpy as np
import pytest
from scipy.sparse import csr_array, eye_array

from convae_lib.exercises.exercise import Exercise


def check(answer, expected, **options):
    print(Exercise(answer=expected, **options).says(answer))


@pytest.mark.parametrize(
    ("answer", "expected", "says"),
    [
        (..., 3, "not answered yet"),
        (3, 3, "right"),
        (3.0000001, 3, "right"),
        (4, 3, "not yet: another number is expected"),
        ([1, 2], [1, 3], "not yet: 1 of 2"),
        ([1, 2, 3], [1, 2], "not yet: the shape"),
        ([[1, 2], [3]], [1, 2], "not yet: the answer has no shape"),
        (csr_array(np.eye(2)), np.eye(2), "right"),
        ("mean", "mean", "right"),
        ("mean", "median", "not yet: another answer is expected"),
        (True, False, "not yet"),
        ("3", 3, "not yet"),
        (float("nan"), 3, "not yet"),
        (True, True, "right"),
        ([], [], "right"),
        (float("inf"), float("inf"), "right"),
        (float("inf"), 3, "not yet"),
        (3, float("inf"), "not yet"),
        (1 + 1j, 1 + 1j, "right"),
        (1 + 1j, 1, "not yet"),
        (np.array([1, 2], np.uint8), np.array([1, 3]), "not yet: 1 of 2"),
    ],
)
def test_check(capsys, answer, expected, says):
    check(answer, expected)
    assert capsys.readouterr().out.startswith(says)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (9_834_496 + 9, 9_834_496),
        (9_834_496.0 + 9, 9_834_496),
        (np.float32(9_834_497), 9_834_496),
        (1e7 + 1, 1e7),
        ([7, 10**7 + 1], [7, 1e7]),
        (10**15 + 1, 10**15),
        (2**53 + 1, 2**53),
        (2**53 + 1, 2.0**53),
        (-(2**53) - 1, -(2.0**53)),
        (2.0**53, 2**53 + 1),
        (-1, np.uint64(2**64 - 1)),
        (2**70 + 1, 2**70),
        (256**784 - 1, 256**784),
        (3.4, 3),
        (np.float32(1000.1), 1000),
        (np.float32(28_164_310), 28_164_288),
    ],
)
def test_a_whole_number_is_met_exactly(capsys, answer, expected):
    check(answer, expected)
    check(expected, expected)
    check(np.full(2, answer), np.full(2, expected))
    told = capsys.readouterr().out.splitlines()
    assert [line[:7] for line in told] == ["not yet", "right", "not yet"]


@pytest.mark.parametrize(
    ("answer", "expected", "options"),
    [
        (9_834_496.0, 9_834_496, {}),
        (9_834_496 * (1 + 1e-13), 9_834_496, {}),
        (1e20 * (1 + 5e-16), 1e20, {}),
        (np.float32(0.1) * 3, 0.3, {}),
        (np.float32(1e5 + 0.03), 10**5, {}),
        (np.float32(2**24), 2**24 + 1, {}),  # which float32 does not have
        (1e-7, 0, {}),
        (1234.5678 * (1 + 9e-7), 1234.5678, {}),
        (4513, 4511, dict(atol=2)),
        (4513.0, 4511, dict(atol=2)),
    ],
)
def test_a_float_may_be_rounded(capsys, answer, expected, options):
    check(answer, expected, **options)
    assert capsys.readouterr().out == "right\n"


def test_a_float_may_not_be_another(capsys):
    check(1234.5678 * (1 + 2e-6), 1234.5678)
    check([0.5, 1e-5], [0.5, 0])
    check(4514, 4511, atol=2)
    assert capsys.readouterr().out.splitlines() == [
        "not yet: another number is expected",
        "not yet: 1 of 2 values differ",
        "not yet: another number is expected",
    ]


def test_a_mask_hides_no_value(capsys):
    check(np.ma.masked_equal([1, 2], 2), [1, 7])
    check([np.ma.masked_equal([1, 2], 2)], [[1, 2]])
    check(np.ma.masked_equal([1, 2], 9), [1, 2])
    check([1, 2], np.ma.masked_equal([1, 2], 2))
    check(np.ma.masked_equal([1, 2], 2), np.ma.masked_equal([1, 2], 2))
    assert capsys.readouterr().out.splitlines() == [
        "not yet: 1 of 2 values are masked",
        "not yet: 1 of 2 values are masked",
        "right",
        "not yet: 1 of 2 values are masked",
        "right",
    ]


def test_sparse_answers_have_a_shape(capsys):
    large, two = eye_array(10**5, format="csr"), eye_array(2, format="csr")
    for expected in (two, two.toarray(), two.tocoo(), 2 * two, large, 4):
        check(two, expected)
    check(np.eye(2), two)
    check(large, large)
    check(large, large * 2)
    check(csr_array((2, 3)), csr_array((2, 3)))
    assert capsys.readouterr().out.splitlines() == [
        *["right"] * 3,
        "not yet: 2 of 4 values differ",
        "not yet: the shape is (2, 2), expected is (100000, 100000)",
        "not yet: the shape is (2, 2), expected is one value",
        "right",
        "right",
        "not yet: 100000 of 10000000000 values differ",
        "right",
    ]


def test_tensors_with_a_gradient_are_answers(capsys):
    class Tensor(list):  # as PyTorch's
        def __array__(self, *args, **kwargs):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad")

        def detach(self):
            return self

        def cpu(self):
            return np.array(list(self))

    check(Tensor([1.0, 2.0]), [1, 2])
    assert capsys.readouterr().out == "right\n"
