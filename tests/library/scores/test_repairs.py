"""Rules that repair images: by hand, and on images where the answer is known."""

import numpy as np
import pytest

from convae_lib.data import Images
from convae_lib.experiments import RepairByRule
from convae_lib.scores.corruptions import corrupt
from convae_lib.scores.denoising import DAMAGES, psnr, repair_scores
from convae_lib.scores.repairs import REPAIRS


@pytest.fixture(scope="module")
def flat():
    """Upper and lower half have one grey level each: two principal components hold all there is."""
    upper, lower = np.random.default_rng(0).random((2, 700, 1, 1)) * 0.6 + 0.2
    halves = [np.broadcast_to(grey, (700, 4, 8)) for grey in (upper, lower)]
    x = np.concatenate(halves, axis=1).astype(np.float32)  # (700, 8, 8)
    return Images(train=x[:500], valid=x[500:600], test=x[600:], name="flat")


NOISE = "gaussian", 0.2


def settings(rule, images):
    return [setting for setting, _ in REPAIRS[rule](images, NOISE)]


def test_nothing_returns_what_it_is_given(flat):
    [(setting, repair)] = REPAIRS["nothing"](flat, NOISE)
    assert setting is None and np.array_equal(repair(flat.test), flat.test)


@pytest.mark.parametrize("rule", ["Gaussian filter", "median filter"])
def test_filters_see_each_image_by_itself(rule, flat):
    for _, repair in REPAIRS[rule](flat, NOISE):
        together = repair(flat.test[:3])
        alone = np.concatenate([repair(x[None]) for x in flat.test[:3]])
        assert np.array_equal(together, alone)
        constant = np.full((2, 8, 8), 0.3, np.float32)
        assert repair(constant) == pytest.approx(constant)


def test_the_median_by_hand(flat):
    side, repair = REPAIRS["median filter"](flat, NOISE)[0]
    x = np.random.default_rng(1).random((1, 8, 8))
    assert side == 3 and repair(x)[0, 4, 5] == np.median(x[0, 3:6, 4:7])


def test_two_components_hold_these_images(flat):
    tried = dict(REPAIRS["PCA"](flat, NOISE))
    assert max(tried) < 64  # all of them would repair nothing
    assert tried[8](flat.test) == pytest.approx(flat.test, abs=1e-4)


def test_linear_regression_is_that_of_the_normal_equations(flat):
    clean = flat.train.reshape(500, -1).astype(float)
    noisy = corrupt(flat.train, *NOISE, seed=0).reshape(500, -1).astype(float)
    centred, ridge = noisy - noisy.mean(axis=0), 10.0
    gram = centred.T @ centred + ridge * np.eye(64)
    weights = np.linalg.solve(gram, centred.T @ (clean - clean.mean(axis=0)))
    x = corrupt(flat.test, *NOISE, seed=3)
    expected = (x.reshape(100, -1) - noisy.mean(axis=0)) @ weights + clean.mean(axis=0)
    found = dict(REPAIRS["linear regression"](flat, NOISE))[ridge](x)
    assert found.reshape(100, -1) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("rule", REPAIRS)
def test_validation_chooses_the_setting_and_all_damages_are_scored(rule, flat):
    row = RepairByRule(name=rule, rule=rule, damage="gaussian", amount=0.2).run(flat)
    assert row["settings"] == settings(rule, flat)
    best = int(np.argmax(row["decibels"]))
    assert row["setting"] == row["settings"][best]
    at = list(DAMAGES).index("gaussian 0.2")
    assert row["val_psnr"][at] == pytest.approx(row["decibels"][best])
    assert len(row["test_psnr"]) == len(row["test_ssim"]) == len(DAMAGES)
    if rule == "nothing":
        noisy = corrupt(flat.test, *NOISE, seed=2)
        assert row["test_psnr"][at] == pytest.approx(
            psnr(flat.test, noisy).mean(), abs=1e-4
        )
    else:
        assert row["test_psnr"][at] > 16  # the noise itself leaves 14.5


def test_similarity_can_be_left_out(flat):
    told = repair_scores("val", flat.valid, lambda x: x, {"": NOISE}, similar=False)
    assert told.keys() == {"damages", "val_psnr"}


@pytest.mark.parametrize(
    "wrong", [dict(rule="prayer"), dict(damage="rain"), dict(amount="much")]
)
def test_unknown_ones_are_refused(wrong):
    right = dict(name="", rule="PCA", damage="gaussian", amount=0.2)
    with pytest.raises(ValueError, match=next(iter(wrong.values()))):
        RepairByRule(**right | wrong)


def test_pca_of_oblong_images_is_refused(flat):
    oblong = flat.map(lambda batch: batch[:, :, :4])
    with pytest.raises(ValueError, match="square images, not 8 by 4"):
        REPAIRS["PCA"](oblong, NOISE)
