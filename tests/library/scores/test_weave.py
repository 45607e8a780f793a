"""The pattern that a network draws on flat cloth."""

import numpy as np
import pytest

from convae_lib import weave
from convae_lib.data import Images
from convae_lib.scores.measures import MEASURES

CLOTH = np.full((2, 28, 28), 0.5)
PLACES = 2 * np.pi * np.arange(28)


@pytest.mark.parametrize("period", [2, 4, 8])
@pytest.mark.parametrize("axes", [(1,), (2,), (1, 2)])
def test_a_wave_is_found_with_its_amplitude_at_its_period(period, axes):
    wave = 0.03 * np.cos(PLACES / period)
    y = CLOTH + sum(wave[None, :, None] if axis == 1 else wave for axis in axes)
    found = weave(CLOTH, y)
    expected = 0.03 * np.sqrt(len(axes) / 2)
    assert found.pop(period) == pytest.approx(expected)
    assert list(found.values()) == pytest.approx([0, 0], abs=1e-9)


def test_three_waves_in_eight_pixels_are_of_period_eight():
    found = weave(CLOTH, CLOTH + 0.03 * np.cos(3 * PLACES / 8))
    assert list(found.values()) == pytest.approx([0, 0, 0.03 / np.sqrt(2)], abs=1e-9)


def test_what_the_image_has_itself_is_no_weave():
    x = CLOTH + 0.005 * np.cos(PLACES / 4)
    assert list(weave(x, x).values()) == [0, 0, 0]
    assert list(weave(x, x * 0.5 + 0.2).values())[0] < 1e-9


def test_only_bright_flat_places_count():
    x = CLOTH.copy()
    x[:, 14:] = 0.1
    y = x.copy()
    y[:, 14:, ::2] = 0
    assert list(weave(x, y).values()) == pytest.approx([0, 0, 0], abs=1e-9)
    steep = np.broadcast_to(np.linspace(0.4, 1, 28), (1, 28, 28))
    assert np.isnan(weave(steep, steep)[2])
    gentle = np.broadcast_to(np.linspace(0.5, 1, 28), (1, 28, 28))
    assert weave(gentle, gentle)[2] == 0


def test_images_may_have_channels():
    y = CLOTH + 0.02 * np.cos(PLACES / 2)
    assert weave(CLOTH[..., None], y[..., None]) == pytest.approx(weave(CLOTH, y))


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        (CLOTH, CLOTH[:, :27], "does not fit"),
        (CLOTH[0], CLOTH[0], r"shape \(28, 28\); give images"),
        (CLOTH * 255, CLOTH, "divide grey levels by 255"),
    ],
)
def test_what_is_no_pair_of_images_is_refused(x, y, says):
    with pytest.raises(ValueError, match=says):
        weave(x, y)


def test_a_trained_model_is_asked_for_it():
    x = np.full((501, 28, 28), 0.5)
    images = Images(train=x[:1], valid=x, test=x[:1])

    def model(batch, training):
        return np.asarray(batch) + 0.02 * np.cos(PLACES / 4)

    found = MEASURES["weave"](model, images)
    assert found == {"weave": pytest.approx([0, 0.02 / np.sqrt(2), 0], abs=1e-9)}
    dark = images.map(lambda batch: batch * 0.1)
    assert MEASURES["weave"](model, dark) == {"weave": [None] * 3}
    assert MEASURES["weave"](lambda *a, **k: x * np.nan, images)["weave"] == [None] * 3
