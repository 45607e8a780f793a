"""What the check under an exercise says."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from convae_lib.exercises import check


@pytest.mark.parametrize(
    ("answer", "expected", "says"),
    [
        (..., 3, "not answered yet"),
        (3, 3, "right"),
        (3.0000001, 3, "right"),
        (4, 3, "not yet: 1 of 1"),
        ([1, 2], [1, 3], "not yet: 1 of 2"),
        ([1, 2, 3], [1, 2], "not yet: the shape"),
        ([[1, 2], [3]], [1, 2], "not yet: the answer has no shape"),
        (csr_array(np.eye(2)), np.eye(2), "right"),
        ("mean", "mean", "right"),
        ("mean", "median", "not yet"),
        (True, False, "not yet"),
        ("3", 3, "not yet"),
        (float("nan"), 3, "not yet"),
    ],
)
def test_check(capsys, answer, expected, says):
    check(answer, expected)
    assert capsys.readouterr().out.startswith(says)
