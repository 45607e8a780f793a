"""The plain denoiser: what it refuses, and what its strides do."""

import pytest

from convae_lib import strided_conv_autoencoder


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (dict(filters=(8, 8)), None),
        (dict(filters=(8,)), r"strides \(2, 2\) must be as many as filters \(8,\)"),
        (dict(filters=(), strides=()), "one or more"),
        (dict(filters=(8, 0)), r"filters\[1\] 0 must be a whole number"),
        (dict(strides=(2, 1.5)), r"strides\[1\] 1.5 must be a whole number"),
        (dict(strides=(2, 4)), "the product of strides 8 does not divide 28"),
    ],
)
def test_what_does_not_fit_is_named(options, told):
    if told is None:
        assert strided_conv_autoencoder(**options).output_shape == (None, 28, 28)
        return
    with pytest.raises(ValueError, match=told):
        strided_conv_autoencoder(**options)


def test_strides_go_back_in_the_order_they_came():
    encoder, decoder = strided_conv_autoencoder((8, 4, 2), (2, 1, 2)).layers
    sizes = [layer.output.shape[1] for layer in encoder.layers[2:]]
    assert sizes == [14, 14, 7]
    back = [layer.output.shape[1:] for layer in decoder.layers[1:4]]
    assert back == [(14, 14, 2), (14, 14, 4), (28, 28, 8)]
