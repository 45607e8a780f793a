"""How far an image is from a class: rules to beat, and what a ranking is worth."""

import numpy as np
from scipy.special import kl_div, logsumexp

from .batches import batches, mapped
from .losses import EPSILON

SHARES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.9)
"""Of the identity in a shrunk covariance: what validation chooses among."""

COMPONENTS = (1, 2, 4, 8, 16, 30, 64, 144)

WIDTHS = (0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 3.0)  # deviations around each image

__all__ = [
    "RULES",
    "auroc",
    "code_scores",
    "error_scores",
    "residual_scores",
    "rule_scores",
]


def auroc(scores, odd):
    """Return the area under the curve of hits against false alarms.

    That is the probability that of an odd image and one that is not, both drawn at
    random, the odd one has the larger score; equal scores count half.

    Parameters
    ----------
    scores : array_like, shape (n,)
        Larger for what seems odder.
    odd : array_like of bool, shape (n,)

    Returns
    -------
    float
        0.5 for a guess, 1 for a score that is always right.

    Raises
    ------
    ValueError
        If all are odd, or none is, or a score is not a number.

    Examples
    --------
    >>> auroc([1, 2, 3, 4], [False, True, False, True])
    0.75
    """
    from sklearn.metrics import roc_auc_score  # here: the rest does without it

    odd = np.asarray(odd, bool)
    if odd.all() or not odd.any():
        raise ValueError(f"odd is {bool(odd.all())} for all {len(odd)} images")
    return float(roc_auc_score(odd, scores))


def error_scores(images, reconstruct):
    """Return, for each image, how badly it is reconstructed.

    Parameters
    ----------
    images : ndarray or what is read like one
    reconstruct : callable
        From a batch of images to their reconstructions, in [0, 1].

    Returns
    -------
    dict of ndarray, shape (n,)
        ``error``, the mean squared error, and ``excess``, the mean divergence of the
        pixels, in nats.
    """
    parts = []
    for x in batches(images):
        y = np.asarray(reconstruct(x), np.float64).reshape(len(x), -1)
        x = np.asarray(x, np.float64).reshape(len(x), -1)
        y = np.clip(y, EPSILON, 1 - EPSILON)
        divergence = kl_div(x, y) + kl_div(1 - x, 1 - y)  # +x - y and back: they cancel
        parts.append((((x - y) ** 2).mean(axis=1), divergence.mean(axis=1)))
    return dict(zip(("error", "excess"), map(np.concatenate, zip(*parts))))


def residual_scores(images, reconstruct, shares=SHARES):
    """Return, for each test image, how unlikely its error is among those of validation.

    The errors of a network are larger where an image has more to draw. So the error of
    each test image, all its pixels, is set against the errors of the class: their mean
    and their covariance on the training images, shrunk towards a multiple of the
    identity by the share that makes those of validation likeliest.

    Parameters
    ----------
    images : Images
        Training and validation images of one class; test images of all.
    reconstruct : callable
        From a batch of images to their reconstructions.
    shares : tuple of float
        To choose among.

    Returns
    -------
    dict of ndarray
        ``likelihood``: Mahalanobis' squared distance, per pixel.
    """
    errors = [
        mapped(
            lambda x: (np.asarray(reconstruct(x)) - x).reshape(len(x), -1), part
        ).astype(np.float64)
        for part in (images.train, images.valid, images.test)
    ]
    tried = _covariance(*errors, shares)
    return {"likelihood": min(tried, key=lambda each: each["val_loss"])["scores"]}


def code_scores(images, encode):
    """Return, for each test image, how unlikely its code is among those of the class.

    An odd image may be drawn well: what is odd is its code. The codes are turned and
    scaled so that those of training have the identity as covariance, for a network's
    numbers have units of their own; then each is set against a kernel density, whose
    width makes the codes of validation likeliest.

    Parameters
    ----------
    images : Images
        Training and validation images of one class; test images of all.
    encode : callable
        From a batch of images to their codes.

    Returns
    -------
    dict of ndarray
        ``code``: minus the logarithm of the density, per number of the code.
    """
    codes = [mapped(encode, part) for part in (images.train, images.valid, images.test)]
    codes = [each.reshape(len(each), -1) for each in codes]
    centre = codes[0].mean(axis=0, dtype=np.float64)
    _, widths, axes = np.linalg.svd(codes[0] - centre, full_matrices=False)
    alive = widths > 1e-6 * widths[0]  # a number that never varies tells nothing
    turn = axes[alive].T / widths[alive] * np.sqrt(len(codes[0]))
    tried = _kernel_density(*((each - centre) @ turn for each in codes))
    return {"code": min(tried, key=lambda each: each["val_loss"])["scores"]}


def rule_scores(rule, images):
    """Rank the test images by a rule that is fitted to the training images.

    Parameters
    ----------
    rule : str
        One of `RULES`: "brightness", how far the mean grey level is from that of the
        training images; "mean image", the distance to theirs; "PCA", the squared error
        of so many principal components; "covariance", Mahalanobis' squared distance, per
        pixel, with a covariance shrunk towards a multiple of the identity; "kernel
        density", minus the logarithm of the mean of normal densities, one around each
        training image, per pixel: where they are narrow, the distance to the nearest.
    images : Images
        Training and validation images of one class; test images of all.

    Returns
    -------
    list of dict
        For each setting of the rule, where it has one: ``setting``; ``val_loss``, by
        which to choose (minus the mean log-likelihood of the validation images under
        the normal distribution that the rule assumes); and ``scores``, an ndarray with
        a number for each test image.
    """
    fit = np.asarray(images.train[:], np.float64).reshape(len(images.train), -1)
    valid, test = (
        np.asarray(part[:], np.float64).reshape(len(part), -1)
        for part in (images.valid, images.test)
    )
    return RULES[rule](fit, valid, test)


def _brightness(fit, valid, test):
    centre = fit.mean()
    return [{"setting": None, "scores": np.abs(test.mean(axis=1) - centre)}]


def _mean_image(fit, valid, test):
    squares = (test - fit.mean(axis=0)) ** 2
    return [{"setting": None, "scores": squares.mean(axis=1)}]


def _pca(fit, valid, test):
    """Principal components; chosen by the likelihood of probabilistic PCA."""
    from sklearn.decomposition import PCA  # here: the rest does without it

    n, found = fit.shape[1], []
    for count in (c for c in COMPONENTS if c < min(fit.shape)):
        pca = PCA(count, svd_solver="covariance_eigh").fit(fit)
        left = (test - pca.inverse_transform(pca.transform(test))) ** 2
        loss = -pca.score(valid) / n
        found.append({"setting": count, "val_loss": loss, "scores": left.mean(axis=1)})
    return found


def _covariance(fit, valid, test, shares=SHARES):
    """All components, their variances shrunk towards the mean of all."""
    from sklearn.covariance import ShrunkCovariance  # here: the rest does without it

    n, found = fit.shape[1], []
    for share in shares:
        shrunk = ShrunkCovariance(shrinkage=share).fit(fit)
        loss, scores = -shrunk.score(valid) / n, shrunk.mahalanobis(test) / n
        found.append({"setting": share, "val_loss": loss, "scores": scores})
    return found


def _kernel_density(fit, valid, test):
    """A normal density around each training image, all of the same width."""
    n, found = fit.shape[1], []
    squares = [_squared_distances(images, fit) for images in (valid, test)]
    for width in WIDTHS:
        constant = np.log(len(fit)) + n * np.log(width * np.sqrt(2 * np.pi))
        losses, scores = (
            (constant - logsumexp(-each / (2 * width**2), axis=1)) / n
            for each in squares
        )
        loss = losses.mean()
        found.append({"setting": width, "val_loss": loss, "scores": scores})
    return found


def _squared_distances(a, b):
    lengths = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)
    return np.maximum(lengths - 2 * a @ b.T, 0)  # (len(a), len(b))


RULES = {
    "brightness": _brightness,
    "mean image": _mean_image,
    "PCA": _pca,
    "covariance": _covariance,
    "kernel density": _kernel_density,
}
