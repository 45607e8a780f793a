"""Sizes and crops on the way back, against published tables and each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convae_lib import (
    conv_output_shape,
    conv_transpose_crops,
    conv_transpose_matrix,
    conv_transpose_operator,
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


def test_the_plain_transpose_has_strides_and_dilation_one():
    # With strides 2 a kernel of 1 would leave a gap; dilated, 3 would reach over 5.
    assert conv_transpose_crops((3,), 1) == ((0, 0),)
    assert conv_transpose_output_shape((3,), 1) == (3,)
    assert conv_transpose_crops((3,), 3, padding="full") == ((2, 2),)
    assert conv_transpose_output_shape((3,), 3) == (5,)


def test_full_is_cropped_on_the_way_back():
    assert conv_transpose_output_shape((7, 5), (3, 2), padding="full") == (5, 4)
    # (3 - 1) * 3 + 4 = 10, of which a kernel of 4 leaves 4.
    assert conv_transpose_output_shape((3,), 4, strides=3, padding="full") == (4,)
    assert conv_transpose_crops((7,), 3, padding="full") == ((2, 2),)


def test_pads_may_come_as_an_array():
    pads = np.array([[1, 1], [0, 2]])
    assert conv_transpose_output_shape((4, 4), 3, padding=pads) == (4, 4)


def test_transposed_size_leads_back(seen):
    @settings(max_examples=200)
    @given(AXES, st.one_of(st.none(), st.none(), st.integers(0, 3)))
    def lead_back(drawn, output_padding):
        i, k, s, d, padding = drawn
        r = d * (k - 1) + 1
        arguments = dict(strides=s, padding=padding, dilation_rate=d)
        choice = dict(arguments, output_padding=output_padding)
        try:
            (o,) = conv_transpose_output_shape((i,), k, **choice)
        except ValueError:
            # Keras's two defaults never fail, and no size is refused that leads back.
            assert output_padding is not None or padding not in ("valid", "same")
            crops = dict(valid=0, same=r - r % 2, full=2 * (r - 1))
            crop = crops[padding] if padding in crops else sum(padding[0])
            extra = output_padding or 0
            size = (i - 1) * s + r - crop + extra
            leads_back = size > 0 and conv_output_shape((size,), k, **arguments) == (i,)
            assert extra >= s or not leads_back
            seen["refused"] += 1
            return
        assert conv_output_shape((o,), k, **arguments) == (i,)
        ((before, after),) = conv_transpose_crops((i,), k, **choice)
        assert (i - 1) * s + r - before - after == o
        seen["led back"] += 1

    lead_back()
    assert seen["led back"] >= 100


def test_each_axis_has_its_own_output_padding():
    # A 368x489 image in windows of 16, 8 apart: 46x62, and back.
    same = dict(strides=8, padding="same")
    assert conv_output_shape((368, 489), 16, **same) == (46, 62)
    for choice in [(None, 1), [None, 1], np.array([None, 1])]:
        options = dict(same, output_padding=choice)
        assert conv_transpose_output_shape((46, 62), 16, **options) == (368, 489)
        # 45 * 8 + 16 - 368 = 8 and 61 * 8 + 16 - 489 = 15 positions are cut.
        assert conv_transpose_crops((46, 62), 16, **options) == ((4, 4), (7, 8))
        T = conv_transpose_matrix(np.ones((16, 16)), (46, 62), **options)
        A = conv_transpose_operator(np.ones((16, 16)), (46, 62), **options)
        assert T.shape == A.shape == (368 * 489, 46 * 62)
    none = conv_transpose_output_shape(
        (46, 62), 16, **same, output_padding=(None, None)
    )
    assert none == conv_transpose_output_shape((46, 62), 16, **same) == (368, 496)


def test_crops_of_a_dilated_kernel():
    # Two stamps of a kernel of 3 with gaps, 2 apart: 0 _ 0 _ 0 and 2 _ 2 _ 2 cover 7.
    dilated = dict(strides=2, dilation_rate=2)
    assert conv_transpose_output_shape((2,), 3, **dilated) == (7,)
    assert conv_transpose_crops((2,), 3, **dilated) == ((0, 0),)
    assert conv_transpose_crops((2,), 3, **dilated, padding="same") == ((1, 2),)
    # Dilated on one axis of two: 7 and 5 are covered, "full" leaves 7 - 8 and 5 - 4.
    one = dict(strides=2, dilation_rate=(2, 1))
    assert conv_transpose_output_shape((2, 2), 3, **one) == (7, 5)
    assert conv_transpose_crops((3, 2), 3, **one, padding="full") == ((4, 4), (2, 2))


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ((None, 2), "output_padding 2 must be smaller than strides 2: .*; use 0 to 1"),
        ((None, -1), "must be made of whole numbers of at least 0, or None"),
        ((None, 1.0), r"output_padding \(None, 1.0\) must be made of whole numbers"),
        ((None, None, 1), "has 3 numbers; give one, or 2"),
        ({0, None}, "must be made of whole numbers of at least 0, or None"),
    ],
)
def test_bad_output_padding_is_named(choice, message):
    with pytest.raises(ValueError, match=message):
        conv_transpose_output_shape((4, 4), 3, strides=2, output_padding=choice)


def test_what_output_padding_may_be_instead():
    even = dict(padding="same", output_padding=4)
    with pytest.raises(ValueError, match="use 1 to 2, or None$"):
        conv_transpose_output_shape((4,), 2, strides=3, **even)
    with pytest.raises(ValueError, match="use None$"):
        conv_transpose_output_shape((4,), 2, **even)
    with pytest.raises(ValueError, match="use 0 to 0, or None$"):
        conv_transpose_output_shape((4,), 3, **even)
    with pytest.raises(ValueError, match="use 0 to 2, or None$"):
        conv_transpose_output_shape((4,), 2, strides=3, output_padding=3)
    masked = np.ma.masked_equal([[1, 1]], 1)
    with pytest.raises(ValueError, match="^padding has 2 masked values; say what"):
        conv_transpose_output_shape((4,), 2, padding=masked)


@pytest.mark.parametrize("extra", [0, 1, 2])
def test_output_padding_chooses_among_all_sizes_that_lead_to_one(extra):
    shape = conv_transpose_output_shape((4,), 2, strides=3, output_padding=extra)
    assert shape == (3 * 3 + 2 + extra,)
    # Crops that leave one position, and one less.
    assert conv_transpose_output_shape((1,), 3, padding=1) == (1,)


def test_impossible_geometries_are_named():
    with pytest.raises(ValueError, match="output_padding 2 must be smaller"):
        conv_transpose_output_shape((4,), 3, strides=2, output_padding=2)
    with pytest.raises(ValueError) as refused:
        conv_transpose_output_shape((1, 9), 3, padding=2)
    assert str(refused.value) == (
        "padding 2 crops the whole output: its shape would be (-1, 7); crop less or "
        "give a larger input_shape"
    )
    # Kernel 3 with strides 1 and "full" leaves 3 of 5 positions, 1 of 3, none of 2.
    assert conv_transpose_output_shape((3,), 3, padding="full") == (1,)
    with pytest.raises(ValueError, match=r"its shape would be \(0,\)"):
        conv_transpose_output_shape((2,), 3, padding="full")
