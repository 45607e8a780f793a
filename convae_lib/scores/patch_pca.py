"""The best linear codes, of whole images and of patches, in closed form."""

from math import prod

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..checks import check_sizes, read_array, read_numbers
from .batches import batches
from .pixels import read_pixels

__all__ = ["PatchPCA"]


BATCH_IMAGES = 5_000  # read at a time
BATCH_VALUES = BATCH_IMAGES * 28 * 28  # at most: 30 MiB in double precision


class PatchPCA(TransformerMixin, BaseEstimator):
    """Principal components of the patches of an image.

    The image is cut into square patches that do not overlap, and each is
    projected on the same few components. With a patch as large as the image it
    is ordinary PCA. It is a transformer of scikit-learn, whose ``transform`` and
    ``inverse_transform`` are `encode` and `decode`.

    Parameters
    ----------
    patch : int
        Side of a patch in pixels; it must divide height and width of the images.
    components : int
        Numbers kept for each patch, from 1 to the number of its values.

    Attributes
    ----------
    mean_ : ndarray of float64, shape (values of a patch,)
    components_ : ndarray of float64, shape (components, values of a patch)
        Rows of length 1, by falling variance; the largest value of each is
        positive.
    parameters : int
        Numbers that the code and its inverse need: the components and the mean.

    Raises
    ------
    ValueError
        If `components` or `patch` is out of range, `patch` does not divide the
        images' sides, or images or codes are no stacks or not those that were fitted;
        if a value of an image is masked, outside [0, 1] or not a number.
    sklearn.exceptions.NotFittedError
        If anything is asked before `fit`.

    Examples
    --------
    >>> import numpy as np
    >>> from convae_lib import PatchPCA
    >>> images = np.random.default_rng(0).random((50, 28, 28))
    >>> code = PatchPCA(patch=2, components=2).fit(images)
    >>> code.encode(images).shape, code.parameters
    ((50, 14, 14, 2), 12)
    >>> everything = PatchPCA(patch=2, components=4).fit(images)
    >>> np.allclose(everything.decode(everything.encode(images)), images)
    True
    """

    def __init__(self, patch, components):
        check_sizes(patch=patch, components=components)
        self.patch, self.components = patch, components

    @property
    def parameters(self):
        check_is_fitted(self)
        return self.components_.size + self.mean_.size

    def fit(self, images, y=None):
        """Find the components, and return self.

        Parameters
        ----------
        images : array_like, tensor, or what is read like one
            Shape (n, height, width) or (n, height, width, channels), values in
            [0, 1]. They are read once, 5,000 at a time, or fewer that are larger.
        y : None
            Not used; scikit-learn passes it.
        """
        if not hasattr(images, "shape") or hasattr(images, "toarray"):
            images = read_array("images", images)  # refuses sparse ones
        _refuse_no_stack(images.shape)
        self._cut(images[:1])  # refuses what does not fit, before all is read
        count, total, products = 0, 0.0, 0.0
        fewer = max(1, BATCH_VALUES // prod(images.shape[1:]))
        for batch in batches(images, min(BATCH_IMAGES, fewer)):
            patches = self._patches(batch)
            count += len(patches)
            total += patches.sum(axis=0)
            products += patches.T @ patches
        self.mean_ = total / count
        covariance = products / count - np.outer(self.mean_, self.mean_)
        _, vectors = np.linalg.eigh(covariance)  # by rising variance
        vectors = vectors[:, : -self.components - 1 : -1].T
        largest = np.abs(vectors).argmax(axis=1)
        signs = np.sign(vectors[np.arange(len(vectors)), largest])
        self.components_ = vectors * signs[:, None]
        self._channels = images.shape[3:]
        return self

    def encode(self, images):
        """Return codes (n, height/patch, width/patch, components), float64."""
        check_is_fitted(self)
        patches = self._cut(images)
        if patches.shape[-1] != len(self.mean_):
            raise ValueError(
                f"images of shape {np.shape(images)} have patches of {patches.shape[-1]} "
                f"values; those that were fitted have {len(self.mean_)}"
            )
        return (patches - self.mean_) @ self.components_.T

    def decode(self, codes):
        """Return images of the shape that was fitted, float64, clipped to [0, 1]."""
        check_is_fitted(self)
        codes = read_numbers("codes", codes)
        if codes.ndim != 4 or codes.shape[-1] != len(self.components_):
            raise ValueError(
                f"codes of shape {codes.shape} are not as encode returns them, "
                f"(n, rows, columns, {len(self.components_)})"
            )
        n, rows, columns, _ = codes.shape
        patches = codes @ self.components_ + self.mean_
        patches = patches.reshape(n, rows, columns, self.patch, self.patch, -1)
        images = patches.transpose(0, 1, 3, 2, 4, 5)  # (n, rows, patch, columns, ...)
        height, width = rows * self.patch, columns * self.patch
        return np.clip(images.reshape(n, height, width, *self._channels), 0, 1)

    def transform(self, images):
        return self.encode(images)

    def inverse_transform(self, codes):
        return self.decode(codes)

    def _patches(self, images):
        """Return all patches, (patches, values)."""
        cut = self._cut(images)
        return cut.reshape(-1, cut.shape[-1])

    def _cut(self, images):
        """Return the patches in their places, (n, rows, columns, values)."""
        # Here, too, for set_params, which a grid search uses, sets without a look.
        check_sizes(patch=self.patch, components=self.components)
        images = read_pixels("images", images)
        _refuse_no_stack(images.shape)
        n, height, width, *channels = images.shape
        if height % self.patch or width % self.patch:
            raise ValueError(
                f"patch {self.patch} does not divide images of {height} by {width}"
            )
        values = self.patch * self.patch * prod(channels)
        if self.components > values:
            raise ValueError(
                f"components {self.components!r} must be a whole number from 1 to "
                f"{values}, the values of a patch"
            )
        rows, columns = height // self.patch, width // self.patch
        grid = images.reshape(n, rows, self.patch, columns, self.patch, -1)
        return grid.transpose(0, 1, 3, 2, 4, 5).reshape(n, rows, columns, values)


def _refuse_no_stack(shape):
    if len(shape) not in (3, 4):
        raise ValueError(
            f"images of shape {tuple(shape)} are no stack (n, height, width) or "
            "(n, height, width, channels); give images[None] for one image"
        )
