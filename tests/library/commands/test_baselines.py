"""What stands beside a model's scores is the best linear code of as many numbers."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from convae_lib.commands import baselines
from convae_lib.commands.baselines import linear_code, mean_image
from convae_lib.data import Images


def images_of(*shape, count=60):
    """Return random slopes, which a linear code of three numbers can learn."""
    rng = np.random.default_rng(0)
    rows, columns = np.indices(shape)[:2] / max(shape)
    slopes = np.stack([rows, columns, np.ones(shape)]) / 3
    x = np.tensordot(rng.random((count, 3)), slopes, 1).astype(np.float32)
    return Images(train=x[:-20], valid=x[-20:-10], test=x[-10:])


def error(reconstruct, images):
    return float(np.mean((reconstruct(images) - images) ** 2))


def test_small_images_are_fitted_whole_and_exactly():
    images = images_of(8, 8, 3)
    draw, numbers, of = linear_code(images, 2)
    flat = images.train.reshape(40, -1)
    pca = PCA(2).fit(flat)
    again = pca.inverse_transform(pca.transform(images.test.reshape(10, -1))).clip(0, 1)
    np.testing.assert_allclose(draw(images.test).reshape(10, -1), again, atol=1e-5)
    assert (numbers, of) == (2, "40 images")


def test_of_large_images_a_sample_is_fitted_where_it_is_large_enough(monkeypatch):
    images = images_of(40, 30)
    monkeypatch.setattr(baselines, "SAMPLE_BYTES", 4 * 1200 * 25)
    draw, numbers, of = linear_code(images, 3)
    assert (numbers, of) == (3, "25 images")
    assert draw(images.test).shape == images.test.shape
    assert error(draw, images.test) < 1e-6


@pytest.mark.parametrize(("code", "side"), [(100, 16), (30, 20), (15, None)])
def test_of_few_large_images_the_patches_are(code, side):
    images = images_of(80, 64, 3) if side != 20 else images_of(40, 60)
    draw, numbers, of = linear_code(images, code)
    if side:
        assert of == f"patches of {side}×{side} pixels"
    else:  # not even one number for each patch
        assert of == "40 images"
    assert numbers <= code < 2 * numbers
    assert draw(images.test).shape == images.test.shape
    mean = mean_image(images)
    assert error(draw, images.test) < error(lambda x: mean, images.test)


def test_no_more_numbers_are_kept_than_images_have():
    _, numbers, _ = linear_code(images_of(8, 8), 1000)
    assert numbers == 64
    _, numbers, of = linear_code(
        images_of(7, 11, count=30), 50
    )  # patches of 1×1 need 77
    assert (numbers, of) == (10, "10 images")
