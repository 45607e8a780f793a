"""One axis by hand: the worked figures of the convolution guide."""

import pytest

from convae_lib.convolution.axis import Axis, conv_axes, conv_transpose_axes


# Dumoulin and Visin (arXiv:1603.07285); crops are counted in the figures.
@pytest.mark.parametrize(
    ("axis", "reach", "o", "crops"),
    [
        (Axis(i=4, k=3, s=1, d=1, before=0, after=0), 3, 2, (0, 0)),  # figure 2.1
        (Axis(i=5, k=4, s=1, d=1, before=2, after=2), 4, 6, (2, 2)),  # figure 2.2
        (Axis(i=5, k=3, s=2, d=1, before=1, after=1), 3, 3, (1, 1)),  # figure 2.6
        # Figure 2.7: no window reads the zero after the input.
        (Axis(i=6, k=3, s=2, d=1, before=1, after=1), 3, 3, (1, 0)),
        (Axis(i=7, k=3, s=1, d=2, before=0, after=0), 5, 3, (0, 0)),  # figure 5.1
    ],
)
def test_axes_of_the_convolution_guide(axis, reach, o, crops):
    assert (axis.reach, axis.o, axis.crops) == (reach, o, crops)


def test_crops_are_negative_where_the_end_is_not_read():
    # Windows at 0 and 2 read 0 to 4 of 0 to 5; those at 0, 3, 6 one number each.
    assert Axis(i=6, k=3, s=2, d=1, before=0, after=0).crops == (0, -1)
    assert Axis(i=9, k=1, s=3, d=1, before=0, after=0).crops == (0, -2)


def test_an_axis_is_the_same_from_either_end():
    # Figures 2.6 and 2.7 both lead to 3; output_padding chooses on the way back.
    there = dict(strides=2, padding=1, dilation_rate=1)
    for i, extra in ((5, 0), (6, 1)):
        axes = conv_axes((i,), 3, **there)
        assert axes == (Axis(i=i, k=3, s=2, d=1, before=1, after=1),)
        assert axes == conv_transpose_axes((3,), 3, **there, output_padding=extra)
