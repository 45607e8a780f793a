"""The drawing of an autoencoder: what it says, and where the code is."""

import keras
import matplotlib.colors as colors
import pytest
from keras import layers

from convae_lib import conv_autoencoder, residual_autoencoder, show_autoencoder
from convae_lib.pictures.colours import ORANGE


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_every_size_is_drawn_once_and_in_order():
    told = words(show_autoencoder(conv_autoencoder()))
    sizes = [word for word in told if "×" in word]
    assert sizes == [
        *("28×28", "28×28×1", "28×28×16", "14×14×16", "14×14×32", "7×7×32", "7×7×64"),
        *("3×3×64", "7×7×32", "14×14×16", "28×28×1", "28×28"),
    ]
    assert told.count("max pooling") == told.count("transposed\nconvolution") == 3
    assert [word for word in told if word in ("576", "12,544")] == ["12,544", "576"]
    assert told.count("code") == 1 and {"encoder", "decoder"} <= {*told}


def test_a_block_of_one_size_is_one_step():
    told = words(show_autoencoder(residual_autoencoder(code_size=30, code_channels=2)))
    assert told.count("7×7×64") == 2 and told.count("30") == 1


@pytest.mark.parametrize("sizes", [(4, 2, 4), (6, 5, 3, 9)])
def test_the_code_is_where_the_fewest_numbers_pass(sizes):
    model = keras.Sequential([keras.Input((8,)), *map(layers.Dense, (*sizes, 8))])
    axis = show_autoencoder(model).axes[0]
    orange = [
        patch.get_xy()[:, 1].max()
        for patch in axis.patches
        if patch.get_facecolor()[:3] == colors.to_rgb(ORANGE)
    ]
    heights = [patch.get_xy()[:, 1].max() for patch in axis.patches]
    assert orange == [min(heights)]
    (code,) = [text for text in axis.texts if text.get_text() == "code"]
    (number,) = [text for text in axis.texts if text.get_text() == str(min(sizes))]
    assert code.get_position()[0] == number.get_position()[0]


def test_what_is_no_autoencoder_is_named():
    model = keras.Sequential([keras.Input((8,)), layers.Dense(3)], name="half")
    with pytest.raises(ValueError, match=r"half is no autoencoder .*\(8,\) and \(3,\)"):
        show_autoencoder(model)


def test_a_layer_that_keeps_the_size_is_drawn():
    model = conv_autoencoder(filters=(16, 32, 32), code_size=30)
    told = words(show_autoencoder(model))
    assert told.count("convolution") == 3 and told.count("7×7×32") == 3
