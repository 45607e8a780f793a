"""Rules that repair images without a network: what a denoiser has to beat."""

from functools import partial

import numpy as np

from .corruptions import corrupt

WIDTHS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.2)  # of the Gaussian filter, in pixels
WINDOWS = (3, 5, 7)  # sides of the median filter's
COMPONENTS = (8, 16, 30, 64, 100, 144, 200, 300)
RIDGES = (1.0, 10.0, 100.0, 1_000.0, 10_000.0)  # on the sum over all images

__all__ = ["REPAIRS"]


def _nothing(images, damage):
    return [(None, lambda batch: batch)]


def _gaussian_filter(images, damage):
    from scipy.ndimage import gaussian_filter

    return [
        (width, partial(gaussian_filter, sigma=width, axes=(1, 2))) for width in WIDTHS
    ]


def _median_filter(images, damage):
    from scipy.ndimage import median_filter

    return [(side, partial(median_filter, size=side, axes=(1, 2))) for side in WINDOWS]


def _pca(images, damage):
    """Keep a few principal components of the images as they should be."""
    from .patch_pca import PatchPCA  # here: it needs scikit-learn

    height, width = images.image_shape[:2]
    if height != width:
        raise ValueError(f"PCA takes square images, not {height} by {width}")
    counts = [count for count in COMPONENTS if count < np.prod(images.image_shape)]
    pca = PatchPCA(patch=height, components=counts[-1]).fit(images.train)

    def project(batch, count):
        codes = pca.encode(batch)
        codes[..., count:] = 0
        return pca.decode(codes)

    return [(count, partial(project, count=count)) for count in counts]


def _linear_regression(images, damage):
    """Each pixel as a weighted sum of all damaged ones, fitted with a ridge."""
    from sklearn.linear_model import Ridge  # here: the rest does without it

    clean = np.asarray(images.train[:], np.float32)
    damaged = corrupt(clean, *damage, seed=0)
    x, y = damaged.reshape(len(clean), -1), clean.reshape(len(clean), -1)

    def predict(batch, model):
        return model.predict(batch.reshape(len(batch), -1)).reshape(batch.shape)

    models = [
        (ridge, Ridge(alpha=ridge, solver="cholesky").fit(x, y)) for ridge in RIDGES
    ]
    return [(ridge, partial(predict, model=model)) for ridge, model in models]


REPAIRS = {
    "nothing": _nothing,
    "Gaussian filter": _gaussian_filter,
    "median filter": _median_filter,
    "PCA": _pca,
    "linear regression": _linear_regression,
}
"""By name, what returns the settings of a rule and, for each, a function of damaged images.

They take `Images`, of which they see the training images, and the damage, a kind of
`corrupt` and how much of it.
"""
