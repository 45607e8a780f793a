"""How far an image is from a class."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, spearmanr

from convae_lib import excess_over_floor
from convae_lib.data import Images
from convae_lib.scores.odd_ones import (
    RULES,
    WIDTHS,
    auroc,
    code_scores,
    error_scores,
    residual_scores,
    rule_scores,
)

RNG = np.random.default_rng(0)
X = RNG.random((603, 6, 6)).astype(np.float32)
ONE = Images(train=X[:300], valid=X[300:400], test=X[400:])


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    scores, odd = RNG.integers(0, 5, 40), RNG.random(40) < 0.3
    pairs = scores[odd][:, None] - scores[~odd][None]
    assert auroc(scores, odd) == pytest.approx(
        np.mean(pairs > 0) + np.mean(pairs == 0) / 2
    )
    with pytest.raises(ValueError, match="odd is True for all 2 images"):
        auroc([1, 2], [True, True])
    with pytest.raises(ValueError, match="odd is False for all 2 images"):
        auroc([1, 2], [False, False])


def test_errors_of_each_image_are_those_of_the_scores():
    found = error_scores(X, lambda x: 0.8 * x + 0.1)
    y = 0.8 * X + 0.1
    assert found["error"] == pytest.approx(((X - y) ** 2).mean(axis=(1, 2)))
    for place in (0, 500, 602):
        expected = excess_over_floor(X[place], y[place])
        assert found["excess"][place] == pytest.approx(expected, rel=1e-4)


def flat(images):
    return np.reshape(images, (len(images), -1)).astype(float)


def test_rules_by_hand():
    fit, test = flat(ONE.train), flat(ONE.test)
    (bright,) = rule_scores("brightness", ONE)
    assert bright["scores"] == pytest.approx(abs(test.mean(axis=1) - fit.mean()))
    (mean,) = rule_scores("mean image", ONE)
    assert mean["scores"] == pytest.approx(
        ((test - fit.mean(axis=0)) ** 2).mean(axis=1)
    )


def test_principal_components_leave_the_rest_and_are_as_likely_as_a_normal_image():
    fit, valid, test = map(flat, (ONE.train, ONE.valid, ONE.test))
    values, vectors = np.linalg.eigh(np.cov(fit.T))
    for found in rule_scores("PCA", ONE):
        count = found["setting"]
        kept = vectors[:, -count:]
        gap = test - fit.mean(axis=0)
        assert found["scores"] == pytest.approx(
            ((gap - gap @ kept @ kept.T) ** 2).mean(1)
        )
        noise = values[:-count].mean()
        model = kept @ np.diag(values[-count:] - noise) @ kept.T + noise * np.eye(36)
        likely = multivariate_normal(fit.mean(axis=0), model).logpdf(valid)
        assert found["val_loss"] == pytest.approx(-likely.mean() / 36)


def test_the_shrunk_covariance_is_that_of_its_definition():
    fit = flat(ONE.train)
    covariance = np.cov(fit.T, bias=True)
    for found in rule_scores("covariance", ONE):
        share = found["setting"]
        shrunk = (1 - share) * covariance
        shrunk += share * np.trace(covariance) / 36 * np.eye(36)
        gap = flat(ONE.test) - fit.mean(axis=0)
        distances = np.einsum("ni,ij,nj->n", gap, np.linalg.inv(shrunk), gap)
        assert found["scores"] == pytest.approx(distances / 36)
        likely = multivariate_normal(fit.mean(axis=0), shrunk).logpdf(flat(ONE.valid))
        assert found["val_loss"] == pytest.approx(-likely.mean() / 36)


def test_a_kernel_density_is_the_mean_of_its_kernels():
    fit, test = flat(ONE.train), flat(ONE.test)
    for found in rule_scores("kernel density", ONE)[3:]:  # narrower ones underflow here
        kernels = [
            multivariate_normal(centre, found["setting"] ** 2 * np.eye(36)).pdf(
                test[:9]
            )
            for centre in fit
        ]
        expected = -np.log(np.mean(kernels, axis=0)) / 36
        assert found["scores"][:9] == pytest.approx(expected)
    narrow = rule_scores("kernel density", ONE)[0]["scores"]
    gaps = ((test[:, None] - fit[None]) ** 2).sum(axis=2).min(axis=1)
    assert spearmanr(narrow, gaps).statistic > 0.99  # the nearest one decides


def test_codes_are_judged_in_their_own_units():
    """Turned, stretched or moved codes are the same codes."""
    mixed = RNG.normal(size=(5, 5))

    def encode(x):
        return flat(x)[:, :5]

    def other(x):
        return 3 * encode(x) @ mixed + 7

    found = code_scores(ONE, encode)["code"]
    assert code_scores(ONE, other)["code"] == pytest.approx(found)

    codes, asked = flat(ONE.train)[:, :5], flat(ONE.test)[:9, :5]
    covariance = np.cov(codes.T, bias=True)
    gaps = []  # for each width: by how much more than a constant the two differ
    for width in WIDTHS[2:]:
        density = [
            multivariate_normal(code, width**2 * covariance).pdf(asked)
            for code in codes
        ]
        gaps.append(np.ptp(found[:9] + np.log(np.mean(density, axis=0)) / 5))
    assert min(gaps) < 1e-6  # validation has chosen one of them


def test_a_number_that_never_varies_tells_nothing():
    def encode(x):
        return np.hstack([flat(x)[:, :2], np.ones((len(x), 1))])

    found = code_scores(ONE, encode)["code"]
    assert found == pytest.approx(code_scores(ONE, lambda x: flat(x)[:, :2])["code"])


def test_errors_are_set_against_those_of_the_class():
    def reconstruct(x):
        return 0.5 * np.asarray(x)

    found = residual_scores(ONE, reconstruct, shares=(0.1,))["likelihood"]
    halved = ONE.map(lambda x: 0.5 - 0.5 * x)  # errors, moved into [0, 1]
    (expected,) = (r for r in rule_scores("covariance", halved) if r["setting"] == 0.1)
    assert found == pytest.approx(expected["scores"], rel=1e-4)


@pytest.mark.parametrize("rule", RULES)
def test_rules_take_colours_and_tell_what_is_odd(rule):
    train = 0.5 + 0.05 * RNG.random((200, 4, 4, 3))
    odd = 0.1 + 0.8 * RNG.random((30, 4, 4, 3))
    images = Images(
        train=train[:150], valid=train[150:180], test=np.vstack([train[180:], odd])
    )
    for found in rule_scores(rule, images):
        assert auroc(found["scores"], np.arange(50) >= 20) > 0.6
