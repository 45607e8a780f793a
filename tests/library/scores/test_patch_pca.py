"""Patch PCA against scikit-learn's PCA of the patches."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import PCA

from convae_lib import PatchPCA
from convae_lib.scores import patch_pca


def cut(images, patch):
    """Return all patches, one by one."""
    return np.array(
        [
            image[i : i + patch, j : j + patch].ravel()
            for image in images
            for i in range(0, images.shape[1], patch)
            for j in range(0, images.shape[2], patch)
        ]
    )


@pytest.mark.parametrize("shape", [(8, 12), (8, 12, 3)])
@pytest.mark.parametrize("batch", [7, 5_000])
def test_it_is_the_pca_of_the_patches(shape, batch, monkeypatch):
    monkeypatch.setattr(patch_pca, "BATCH_IMAGES", batch)
    rng = np.random.default_rng(0)
    images = rng.random((30, *shape)) * rng.random(shape)
    ours = PatchPCA(patch=4, components=5).fit(images)
    theirs = PCA(5, svd_solver="covariance_eigh").fit(cut(images, 4))
    np.testing.assert_allclose(ours.mean_, theirs.mean_)
    np.testing.assert_allclose(ours.components_, theirs.components_, atol=1e-9)
    codes = ours.encode(images)
    assert codes.shape == (30, 2, 3, 5)
    expected = theirs.transform(cut(images, 4))
    np.testing.assert_allclose(codes.reshape(-1, 5), expected, atol=1e-9)
    back = ours.decode(codes)
    assert back.shape == images.shape and back.min() >= 0 and back.max() <= 1
    patches = theirs.inverse_transform(expected).clip(0, 1)
    np.testing.assert_allclose(cut(back, 4), patches, atol=1e-9)
    assert ours.parameters == 5 * ours.mean_.size + ours.mean_.size


def test_it_is_a_transformer():
    images = np.random.default_rng(1).random((40, 4, 4))
    code = clone(PatchPCA(patch=2, components=4))
    assert code.get_params() == {"patch": 2, "components": 4}
    codes = code.fit_transform(images)
    np.testing.assert_array_equal(codes, code.encode(images))
    np.testing.assert_allclose(code.inverse_transform(codes), images)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda x: PatchPCA(0, 1), "patch 0 must be a whole number from 1 up"),
        (lambda x: PatchPCA(2, 1.5), "components 1.5 must be a whole number"),
        (lambda x: PatchPCA(2, 5).fit(x), "components 5 must be .* from 1 to 4"),
        (lambda x: PatchPCA(3, 1).fit(x), "patch 3 does not divide images of 4 by 4"),
    ],
)
def test_sizes_that_do_not_fit_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make(np.ones((5, 4, 4)))
