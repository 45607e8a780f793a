"""Patch PCA against scikit-learn's PCA of the patches."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError

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
    for far in (1e3, -1e3):  # whatever a code says, pixels lie in [0, 1]
        assert {*np.unique(ours.decode(far * codes)).tolist()} >= {0, 1}
        assert ours.decode(far * codes).max() == 1
    np.testing.assert_allclose(cut(back, 4), patches, atol=1e-9)
    assert ours.parameters == 5 * ours.mean_.size + ours.mean_.size


def test_large_images_are_read_fewer_at_a_time(monkeypatch):
    class Read:
        shape, largest = (60, 8, 8, 3), 0

        def __len__(self):
            return len(x)

        def __getitem__(self, rows):
            self.largest = max(self.largest, len(x[rows]))
            return x[rows]

    x, read = np.random.default_rng(2).random(Read.shape), Read()
    monkeypatch.setattr(patch_pca, "BATCH_VALUES", 7 * 8 * 8 * 3)
    few = PatchPCA(patch=4, components=2).fit(read)
    monkeypatch.undo()
    np.testing.assert_allclose(
        few.components_, PatchPCA(patch=4, components=2).fit(x).components_
    )
    assert read.largest == 7


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
        (lambda x: PatchPCA(2, 1).fit(x[:, :3]), "2 does not divide images of 3 by 4"),
        (lambda x: PatchPCA(2, 1).fit(x[0]), r"\(4, 4\) are no stack .*images\[None\]"),
        (lambda x: PatchPCA(2, 1).fit(x).encode(x[0]), r"\(4, 4\) are no stack"),
        (lambda x: PatchPCA(2, 1).fit(x[..., None, None]), "are no stack"),
        (lambda x: PatchPCA(2, 1).fit(255 * x), "images has values from 0 to 255; "),
        (
            lambda x: PatchPCA(2, 1).fit(x * np.nan),
            "images has 16 of 16 values that are",
        ),
        (lambda x: PatchPCA(2, 1).fit(x[:0]), "images is empty"),
        (
            lambda x: PatchPCA(2, 1).fit(np.ma.masked_equal(x, 1)),
            "images has 4 masked values",
        ),
        (lambda x: PatchPCA(2, 1).fit([[1], [1, 2]]), "images has rows of unequal"),
        (
            lambda x: PatchPCA(2, 1).fit(x).decode(np.ma.masked_equal(x, 1)),
            "codes has 20 masked values",
        ),
        (
            lambda x: PatchPCA(2, 1).fit(x).encode(np.stack([x] * 3, axis=-1)),
            r"\(5, 4, 4, 3\) have patches of 12 values; those that were fitted have 4",
        ),
        (
            lambda x: PatchPCA(2, 1).fit(x).decode(np.ones((5, 4))),
            r"codes of shape \(5, 4\) are not as encode .* \(n, rows, columns, 1\)",
        ),
        (
            lambda x: PatchPCA(2, 1).fit(x).decode(np.ones((5, 2, 2, 2))),
            "codes of shape",
        ),
        (
            lambda x: PatchPCA(2, 1).fit(x).decode(np.ones((5, 2, 2, 1)) * 1j),
            "codes has dtype complex128",
        ),
        (
            lambda x: PatchPCA(2, 2).set_params(components=-1).fit(x),
            "components -1 must be a whole number from 1 up",
        ),
        (
            lambda x: PatchPCA(2, 2).set_params(components=0).fit(x),
            "components 0 must be a whole number from 1 up",
        ),
        (
            lambda x: PatchPCA(2, 2).set_params(patch=0).fit(x),
            "patch 0 must be a whole number from 1 up",
        ),
        (
            lambda x: PatchPCA(2, 2).fit(x).set_params(patch=0).encode(x),
            "patch 0 must be a whole number from 1 up",
        ),
        (lambda x: PatchPCA(2, 2).fit(csr_array(x[0])), r"images is sparse; give ima"),
    ],
)
def test_what_does_not_fit_is_named(make, message):
    images = np.ones((5, 4, 4))
    images[:, ::2, ::2] = 0
    images[:, ::2, 1::2] = 0
    images[:, 3] = 0
    with pytest.raises(ValueError, match=message):
        make(images)


@pytest.mark.parametrize(
    "ask",
    [
        lambda code: code.parameters,
        lambda code: code.encode(np.ones((1, 4, 4))),
        lambda code: code.transform(np.ones((1, 4, 4))),
        lambda code: code.decode(np.ones((1, 2, 2, 1))),
        lambda code: code.inverse_transform(np.ones((1, 2, 2, 1))),
    ],
)
def test_nothing_is_known_before_fit(ask):
    with pytest.raises(NotFittedError, match="PatchPCA instance is not fitted yet"):
        ask(PatchPCA(2, 1))


def test_lists_are_images_and_codes_too():
    images = np.random.default_rng(2).random((20, 2, 2))
    code = PatchPCA(2, 4).fit(images.tolist())
    codes = code.encode(images.tolist())
    np.testing.assert_allclose(code.decode(codes.tolist()), images)
