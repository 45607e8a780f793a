"""Outlines of garments: they fit their names, and factors move them."""

import pytest

from convae_lib.data import CLASS_NAMES
from convae_lib.data.garments.draw import render_garments, sample_factors


def test_the_names_fit_the_pictures(drawn):
    images, labels, _ = drawn
    mean = {
        name: (images[labels == kind] > 0).mean(axis=0)
        for kind, name in enumerate(CLASS_NAMES)
    }
    between_the_legs = {name: 1 - mean[name][18:23, 13:15].mean() for name in mean}
    assert max(between_the_legs, key=between_the_legs.get) == "Trouser"
    long_sleeves = {name for name in mean if mean[name][16:19, :6].mean() > 0.3}
    assert {"Pullover", "Coat", "Shirt"} <= long_sleeves
    assert not {"T-shirt/top", "Trouser", "Dress"} & long_sleeves
    low = {name for name in mean if mean[name][:6].mean() < 0.04}
    assert low == {"Sandal", "Sneaker"}
    shaft, air = mean["Ankle boot"][4:10, 14:], mean["Ankle boot"][4:10, :14]
    assert shaft.mean() > 2 * air.mean()
    for name, opens in (("Coat", True), ("Pullover", False)):
        front = images[labels == CLASS_NAMES.index(name), 14:18].mean(axis=(0, 1))
        assert (front[13:15].mean() < 0.8 * front[10:12].mean()) == opens


@pytest.mark.parametrize(
    ("kind", "name"),
    [("T-shirt/top", "sleeve"), ("Dress", "flare"), ("Trouser", "length")],
)
def test_a_factor_moves_the_outline_as_it_says(kind, name):
    factors = sample_factors(20, seed=2)
    factors["label"][:] = CLASS_NAMES.index(kind)
    areas = []
    for value in (0.1, 0.5, 0.9):
        factors[name][:] = value
        areas.append((render_garments(factors) > 0).sum(axis=(1, 2)))
    assert (areas[0] < areas[1]).all() and (areas[1] < areas[2]).all()
