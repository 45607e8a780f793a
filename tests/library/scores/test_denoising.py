"""How near repaired images come to the ones that were damaged."""

import numpy as np
import pytest

from convae_lib.scores.corruptions import corrupt
from convae_lib.scores.denoising import DAMAGES, psnr, repair_scores, ssim

X = np.random.default_rng(0).random((1003, 12, 11)).astype(np.float32)


def test_decibels_by_hand():
    x = np.zeros((3, 2, 2))
    y = x + np.array([0.1, 0.01, 0])[:, None, None]
    assert psnr(x, y).tolist() == pytest.approx([20, 40, np.inf])
    assert psnr(x[..., None], y[..., None]).tolist() == pytest.approx([20, 40, np.inf])


def test_similarity_is_that_of_the_formula_where_one_window_fits():
    x, y = X[:2, :7, :7].astype(float), X[2:4, :7, :7].astype(float)
    for a, b, found in zip(x, y, ssim(x, y)):
        n = a.size
        (va, c), (_, vb) = np.cov(a.ravel(), b.ravel()) * n / n
        one, two = 0.01**2, 0.03**2
        expected = (2 * a.mean() * b.mean() + one) * (2 * c + two)
        expected /= (a.mean() ** 2 + b.mean() ** 2 + one) * (va + vb + two)
        assert found == pytest.approx(expected)
    colours = np.stack([x, y, x], axis=-1)
    assert ssim(colours, colours).tolist() == [1, 1]


def test_shapes_must_be_equal():
    for score in (psnr, ssim):
        with pytest.raises(ValueError, match="does not fit"):
            score(X, X[:, :9])


def test_scores_are_means_over_all_images_however_they_are_batched():
    found = repair_scores("val", X, lambda damaged: damaged)
    assert found["damages"] == list(DAMAGES)
    for place, (kind, amount) in enumerate(DAMAGES.values()):
        damaged = corrupt(X, kind, amount, seed=1)
        expected = np.minimum(psnr(X, damaged), 100).mean()
        assert found["val_psnr"][place] == pytest.approx(expected)
        assert found["val_ssim"][place] == pytest.approx(ssim(X, damaged).mean())
    assert found["val_psnr"][0] == 100 and found["val_ssim"][0] == 1


def test_each_part_has_its_own_damage_and_what_overshoots_is_clipped():
    only = {"noise": ("gaussian", 0.2)}
    asked = []
    repair_scores("val", X[:5], lambda d: asked.append(d) or d, only)
    repair_scores("test", X[:5], lambda d: asked.append(d) or d, only)
    assert not np.array_equal(*asked)
    white = np.ones((4, 12, 11))
    found = repair_scores("test", white, lambda d: d * 0 + 7, only)
    assert found == {"damages": ["noise"], "test_psnr": [100], "test_ssim": [1]}
