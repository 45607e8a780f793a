"""Sizes and crops on the way back, against published tables and each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convae_lib import (
    conv_output_shape,
    conv_transpose_crops,
    conv_transpose_output_shape,
)
from tests.library.convolution.examples import AXES


# Dumoulin and Visin (arXiv:1603.07285), chapter 4: figures 2.1 to 2.7 backwards.
@pytest.mark.parametrize(
    ("i", "k", "s", "p", "op", "o"),
    [
        (2, 3, 1, 0, 0, 4),
        (6, 4, 1, 2, 0, 5),
        (5, 3, 1, 1, 0, 5),
        (7, 3, 1, 2, 0, 5),
        (2, 3, 2, 0, 0, 5),
        (3, 3, 2, 1, 0, 5),
        (3, 3, 2, 1, 1, 6),
    ],
)
def test_transposed_sizes_of_the_convolution_guide(i, k, s, p, op, o):
    shape = conv_transpose_output_shape(
        (i,), k, strides=s, padding=p, output_padding=op
    )
    assert shape == (o,)


def test_the_ambiguous_sizes_of_the_book():
    same = dict(strides=2, padding="same")
    assert conv_output_shape((27, 28), 3, **same) == (14, 14)
    assert conv_output_shape((16, 17, 18), 3, strides=3, padding="same") == (6, 6, 6)
    assert conv_transpose_output_shape((14,), 3, **same, output_padding=0) == (27,)
    assert conv_transpose_output_shape((14,), 3, **same, output_padding=1) == (28,)


def test_kernel_four_strides_two():
    same = dict(strides=2, padding="same")
    assert conv_transpose_output_shape((5,), 4, **same) == (10,)
    assert conv_transpose_output_shape((5,), 4, **same, output_padding=1) == (9,)
    with pytest.raises(ValueError, match="output_padding 0 gives"):
        conv_transpose_output_shape((5,), 4, **same, output_padding=0)


def test_crops():
    assert conv_transpose_crops((7,), 3, strides=2, padding="same") == ((0, 1),)
    assert conv_transpose_crops((3,), 3, strides=2, padding=1) == ((1, 1),)
    kept = conv_transpose_crops((3,), 3, strides=2, padding=1, output_padding=1)
    assert kept == ((1, 0),)
    # A kernel smaller than the strides leaves gaps; zeros fill the last one.
    assert conv_transpose_crops((3,), 1, strides=3) == ((0, -2),)


def test_full_is_cropped_on_the_way_back():
    assert conv_transpose_output_shape((7, 5), (3, 2), padding="full") == (5, 4)
    # (3 - 1) * 3 + 4 = 10, of which a kernel of 4 leaves 4.
    assert conv_transpose_output_shape((3,), 4, strides=3, padding="full") == (4,)
    assert conv_transpose_crops((7,), 3, padding="full") == ((2, 2),)


def test_pads_may_come_as_an_array():
    pads = np.array([[1, 1], [0, 2]])
    assert conv_transpose_output_shape((4, 4), 3, padding=pads) == (4, 4)


@given(AXES, st.one_of(st.none(), st.integers(0, 3)))
def test_transposed_size_leads_back(drawn, output_padding):
    i, k, s, d, padding = drawn
    arguments = dict(strides=s, padding=padding, dilation_rate=d)
    choice = dict(arguments, output_padding=output_padding)
    try:
        (o,) = conv_transpose_output_shape((i,), k, **choice)
    except ValueError:
        # Keras's two defaults never fail.
        assert output_padding is not None or padding not in ("valid", "same")
        return
    assert conv_output_shape((o,), k, **arguments) == (i,)
    ((before, after),) = conv_transpose_crops((i,), k, **choice)
    assert (i - 1) * s + d * (k - 1) + 1 - before - after == o


def test_impossible_geometries_are_named():
    with pytest.raises(ValueError, match="output_padding 2 must be smaller"):
        conv_transpose_output_shape((4,), 3, strides=2, output_padding=2)
    with pytest.raises(ValueError, match="crops the whole output"):
        conv_transpose_output_shape((1,), 3, padding=2)
