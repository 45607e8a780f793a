"""Sizes and pads against published tables and the windows that fit."""

import numpy as np
import pytest
from hypothesis import given

from convae_lib import conv_output_shape, conv_padding
from tests.library.convolution.examples import AXES


# Dumoulin and Visin (arXiv:1603.07285): the figures' (i, k, s, p) and their o.
@pytest.mark.parametrize(
    ("i", "k", "s", "p", "o"),
    [
        (4, 3, 1, 0, 2),  # figure 2.1
        (5, 4, 1, 2, 6),  # figure 2.2
        (5, 3, 1, 1, 5),  # figure 2.3, half padding
        (5, 3, 1, 2, 7),  # figure 2.4, full padding
        (5, 3, 2, 0, 2),  # figure 2.5
        (5, 3, 2, 1, 3),  # figure 2.6
        (6, 3, 2, 1, 3),  # figure 2.7
    ],
)
def test_sizes_of_the_convolution_guide(i, k, s, p, o):
    assert conv_output_shape((i,), k, strides=s, padding=p) == (o,)


def test_dilated_size_of_the_convolution_guide():
    assert conv_output_shape((7, 7), 3, dilation_rate=2) == (3, 3)  # figure 5.1


def test_same_puts_the_odd_zero_at_the_end():
    assert conv_padding((28,), 3, strides=2, padding="same") == ((0, 1),)
    assert conv_padding((28,), 4, padding="same") == ((1, 2),)
    assert conv_padding((27,), 3, strides=2, padding="same") == ((1, 1),)


def test_same_adds_nothing_where_the_last_window_ends_inside():
    # Windows at 0, 3 and 6 of one number each: 7 and 8 are not read.
    assert conv_padding((9,), 1, strides=3, padding="same") == ((0, 0),)
    assert conv_output_shape((9,), 1, strides=3, padding="same") == (3,)


def test_nothing_is_added_unless_asked():
    assert conv_padding((5, 4), (3, 2)) == ((0, 0), (0, 0))
    assert conv_output_shape((5, 4), (3, 2)) == (3, 3)


def test_full_is_every_window_that_touches():
    assert conv_padding((5,), 3, padding="full", dilation_rate=2) == ((4, 4),)
    assert conv_output_shape((5, 4), (3, 2), padding="full") == (7, 5)


def test_pads_may_come_as_an_array():
    pads = np.array([[1, 1], [0, 2]])
    assert conv_padding((4, 4), 3, padding=pads) == ((1, 1), (0, 2))


def test_a_shape_comes_as_any_sequence_or_as_a_number():
    for shape in [(8, 9), [8, 9], range(8, 10), np.array([8, 9], np.uint8)]:
        assert conv_output_shape(shape, 3) == (6, 7)
    for size in [8, np.int8(8), np.array(8), (8,)]:
        assert conv_output_shape(size, 3) == (6,)
        assert type(conv_output_shape(size, 3)[0]) is int


@pytest.mark.parametrize(
    "shape", [3.5, None, "8", b"8", {8, 9}, {8: 9}, (8, 9.0), [True, 8], ((8,), 9)]
)
def test_what_is_no_shape_is_named(shape):
    with pytest.raises(ValueError, match="^input_shape .* must be made of whole"):
        conv_output_shape(shape, 3)


@given(AXES)
def test_the_output_is_as_many_windows_as_fit(drawn):
    i, k, s, d, padding = drawn
    arguments = dict(strides=s, padding=padding, dilation_rate=d)
    try:
        ((before, after),) = conv_padding((i,), k, **arguments)
    except ValueError:
        assert padding not in ("same", "full")
        assert i + (0 if padding == "valid" else sum(padding[0])) < d * (k - 1) + 1
        return
    starts = np.arange(-before, i + after)[::s]
    fitting = int(np.sum(starts + d * (k - 1) < i + after))
    assert conv_output_shape((i,), k, **arguments) == (fitting,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(strides=0), "strides 0 must"),
        (dict(strides=1.5), "strides 1.5 must"),
        (dict(strides="2"), "strides '2' must"),
        (dict(strides=None), "strides None must"),
        (dict(dilation_rate=(1, None)), "dilation_rate .* must"),
        (dict(strides=(1, 2, 3)), "has 3 numbers; give one, or 2"),
        (dict(dilation_rate=0), "dilation_rate 0 must"),
        (dict(padding="SAME"), "padding 'SAME' is not known"),
        (dict(padding=-1), "padding -1 does not fit"),
        (dict(padding=(1, 2)), r"padding \(1, 2\) does not fit 2"),
        (dict(padding=((1, 1),)), "does not fit 2 spatial axes"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        conv_output_shape((8, 8), 3, **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            dict(kernel_size=5, dilation_rate=3, padding=((1, 2), (0, 1))),
            "a kernel of size 5 with dilation_rate 3 reaches over 13 positions, but the "
            "input has 8 and padding (1, 2) makes it 11; use a larger input, more "
            "padding or padding='same'",
        ),
        (
            dict(padding="half"),
            "padding 'half' is not known; use 'valid', 'same', 'full', a whole number "
            "or a pair per axis such as ((1, 1), (0, 2))",
        ),
        (
            dict(padding=((1, 1),)),
            "padding ((1, 1),) does not fit 2 spatial axes; use 'valid', 'same', "
            "'full', a whole number of at least 0, or a (before, after) pair of such "
            "numbers per axis: ((1, 1), (1, 1)) is the same as 1",
        ),
        (
            dict(strides=(1, 2, 3)),
            "strides (1, 2, 3) has 3 numbers; give one, or 2: one per spatial axis",
        ),
        (
            dict(strides=(1, 0)),
            "strides (1, 0) must be made of whole numbers of at least 1",
        ),
        (
            dict(padding=np.ma.masked_equal([[1, 1], [2, 0]], 2)),
            "padding has 1 masked value; say what stands there, as in padding.filled(0)",
        ),
        (
            dict(strides=np.ma.masked_equal([1, 2], 2)),
            "strides has 1 masked value; say what stands there, as in strides.filled(0)",
        ),
        (
            dict(input_shape=np.ma.masked_equal([8, 9], 9)),
            "input_shape has 1 masked value; say what stands there, as in "
            "input_shape.filled(0)",
        ),
        (dict(input_shape=()), "input_shape () has no axis; give at least one size"),
    ],
)
def test_a_refusal_says_what_was_given_and_what_would_do(arguments, message):
    with pytest.raises(ValueError) as refused:
        conv_output_shape(**dict(input_shape=(8, 8), kernel_size=3) | arguments)
    assert str(refused.value) == message


def test_impossible_geometries_are_named():
    with pytest.raises(ValueError, match="kernel of size 5 .* the input has 4"):
        conv_output_shape((4, 9), 5)
    with pytest.raises(ValueError, match="kernel_size .* whole numbers"):
        conv_output_shape((4,), 0)
    with pytest.raises(ValueError, match=r"input_shape \(\) has no axis"):
        conv_output_shape((), 3)
