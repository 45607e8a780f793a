"""The drawn stand-in: known factors, and pictures that follow from them."""

import time

import numpy as np
import pytest

from convae_lib.data import CLASS_NAMES, draw_garments
from convae_lib.data.garments.draw import FACTORS, render_garments, sample_factors


def entropy(p):
    p = np.clip(p.astype(float), 1e-7, 1 - 1e-7)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p))


def test_shapes_types_and_range(drawn):
    images, labels, factors = drawn
    assert images.shape == (3_000, 28, 28) and images.dtype == np.float32
    assert labels.shape == (3_000,) and labels.dtype == np.int64
    assert set(factors) == set(FACTORS)
    assert all(values.shape == (3_000,) for values in factors.values())
    assert np.isfinite(images).all()
    assert images.min() == 0 and images.max() == 1
    assert np.array_equal(np.round(images * 255) / np.float32(255), images)


def test_a_seed_fixes_the_images_whatever_their_number(drawn):
    images, labels, factors = draw_garments(50, seed=3)
    assert np.array_equal(images, drawn[0][:50])
    assert np.array_equal(labels, drawn[1][:50])
    assert all(np.array_equal(factors[name], drawn[2][name][:50]) for name in factors)
    other = draw_garments(50, seed=4)[0]
    assert not np.array_equal(images, other)


def test_the_factors_are_all_there_is(drawn):
    images, _, factors = drawn
    some = {name: values[100:200] for name, values in factors.items()}
    assert np.array_equal(render_garments(some), images[100:200])


def test_every_class_is_drawn_and_differs_from_the_others(drawn):
    images, labels, _ = drawn
    counts = np.bincount(labels, minlength=10)
    assert len(counts) == len(CLASS_NAMES) and counts.min() > 200
    train, valid = slice(0, 2_000), slice(2_000, None)
    means = np.stack(
        [images[train][labels[train] == kind].mean(axis=0) for kind in range(10)]
    )
    distances = ((images[valid, None] - means) ** 2).sum(axis=(2, 3))
    assert (distances.argmin(axis=1) == labels[valid]).mean() > 0.55
    sizes = (images > 0).sum(axis=(1, 2))
    assert sizes.min() > 20


@pytest.mark.parametrize("name", [name for name in FACTORS if name != "label"])
def test_every_factor_changes_pictures(name):
    low, high = sample_factors(60, seed=1), sample_factors(60, seed=1)
    for factors in (low, high):
        factors["pattern"][:] = 0.1
    low[name][:], high[name][:] = 0.05, 0.95
    change = np.abs(render_garments(high) - render_garments(low)).mean(axis=(1, 2))
    assert (change > 0.001).mean() > 0.2


def test_shade_and_shift_act_on_every_class():
    factors = sample_factors(100, seed=5)
    factors["shift_x"][:] = factors["shift_y"][:] = factors["tilt"][:] = 0.5
    brightness = []
    for value in (0.1, 0.5, 0.9):
        factors["shade"][:] = value
        brightness.append(render_garments(factors).mean(axis=(1, 2)))
    assert (np.diff(brightness, axis=0) > 0).all()
    still = render_garments(factors)
    factors["shift_x"][:] = 1
    moved = render_garments(factors)
    assert np.allclose(moved[:, :, 1:], still[:, :, :-1], atol=1.5 / 255)


def test_statistics_are_roughly_those_of_fashion_mnist(drawn):
    images = drawn[0]
    assert 0.4 < (images == 0).mean() < 0.6
    assert 0.22 < images.mean() < 0.36
    floor = entropy(images).mean()
    assert 0.18 < floor < 0.30
    mean_image = images.mean(axis=0)
    assert entropy(mean_image).mean() > floor + 0.2


def test_thirty_principal_components_leave_room(drawn):
    images = drawn[0].reshape(len(drawn[0]), -1).astype(float)
    centred = images - images.mean(axis=0)
    values = np.linalg.eigvalsh(centred.T @ centred)[::-1]
    explained = values[:30].sum() / values.sum()
    assert 0.80 < explained < 0.93


@pytest.mark.alone
def test_seventy_thousand_in_seconds():
    draw_garments(100)
    start = time.process_time()
    draw_garments(7_000)
    assert time.process_time() - start < 3


def test_none_and_wrong_numbers():
    images, labels, factors = draw_garments(0)
    assert images.shape == (0, 28, 28) and labels.shape == (0,)
    assert factors["width"].shape == (0,)
    with pytest.raises(ValueError, match="n=-1 .* 0 or more"):
        draw_garments(-1)
    with pytest.raises(TypeError):
        draw_garments(2.5)


def test_wrong_factors_are_named():
    factors = sample_factors(2)
    factors["label"][1] = 10
    with pytest.raises(ValueError, match="label 10 is not one of 0 to 9"):
        render_garments(factors)
    factors["label"] = [0, 2.5]
    with pytest.raises(ValueError, match="label 2.5 is not one of 0 to 9"):
        render_garments(factors)
    for wrong in ([0.5], 0.5, [[0.5, 0.5]]):
        with pytest.raises(ValueError, match=r"width has shape .* and label \(2,\)"):
            render_garments(sample_factors(2) | {"width": wrong})
    with pytest.raises(ValueError, match="fold has 1 masked value"):
        render_garments(sample_factors(2) | {"fold": np.ma.masked_less([0, 1], 1)})
    del factors["shade"], factors["fold"]
    with pytest.raises(ValueError, match="lack fold, shade"):
        render_garments(factors)
