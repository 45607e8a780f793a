"""The package as a whole: what it exports, and what importing it costs."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import csr_array

import convae_lib
from convae_lib.exercises import check

HEAVY = ("keras", "tensorflow", "matplotlib", "sklearn")


@pytest.mark.parametrize("name", convae_lib.__all__)
def test_every_name_is_there_and_documented(name):
    value = getattr(convae_lib, name)
    assert value.__doc__
    assert name in dir(convae_lib)


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'deconvolution'"):
        _ = convae_lib.deconvolution


@pytest.mark.parametrize(
    "use",
    [
        "import convae_lib",
        "from convae_lib import conv_matrix; conv_matrix([1, 2], (3,))",
        "from convae_lib import conv_output_shape; conv_output_shape((5,), 3)",
        "from convae_lib import entropy_floor; entropy_floor([0.5])",
        "from convae_lib import draw_garments; draw_garments(1)",
    ],
)
def test_light_parts_import_nothing_heavy(use):
    code = f"import sys; {use}; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "missing", "extra"),
    [
        ("conv_autoencoder", "keras", "models"),
        ("show_matrix", "matplotlib", "plots"),
        ("PatchPCA", "sklearn", "experiments"),
    ],
)
def test_a_missing_extra_is_named(name, missing, extra):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        f"try:\n    from convae_lib import {name}\n"
        "except ModuleNotFoundError as error:\n    print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert f"{name} needs {missing}" in run.stdout
    assert f"'.[{extra}]'" in run.stdout


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
