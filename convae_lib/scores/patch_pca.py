"""The best linear codes, of whole images and of patches, in closed form."""

import numpy as np
from sklearn.decomposition import PCA

from ..checks import is_whole

__all__ = ["PatchPCA"]


class PatchPCA:
    """Principal components of the patches of an image.

    The image is cut into square patches that do not overlap, and each is
    projected on the same few components. With a patch as large as the image it
    is ordinary PCA.

    Parameters
    ----------
    patch : int
        Side of a patch in pixels; it must divide the side of the images.
    components : int
        Numbers kept for each patch, from 1 to the number of its pixels.

    Attributes
    ----------
    parameters : int
        Numbers that the code and its inverse need: the components and the mean.

    Raises
    ------
    ValueError
        If `components` or `patch` is out of range, or `patch` does not divide
        the images' side.

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
        if not is_whole(patch) or patch < 1:
            raise ValueError(f"patch {patch!r} must be a whole number from 1 up")
        if not is_whole(components) or not 1 <= components <= patch * patch:
            raise ValueError(
                f"components {components!r} must be a whole number from 1 to "
                f"{patch * patch}, the pixels of a patch"
            )
        self.patch, self.components = patch, components
        self.parameters = patch * patch * (components + 1)

    def fit(self, images):
        """Find the components of `images`, an array (n, side, side); return self."""
        patches = self._cut(images).reshape(-1, self.patch**2)
        self._pca = PCA(self.components, svd_solver="covariance_eigh").fit(patches)
        return self

    def encode(self, images):
        """Return codes (n, side/patch, side/patch, components), float64."""
        patches = self._cut(images)
        codes = self._pca.transform(patches.reshape(-1, self.patch**2))
        return codes.reshape(*patches.shape[:3], self.components)

    def decode(self, codes):
        """Return images (n, side, side), float64, with values clipped to [0, 1]."""
        n, rows, columns, _ = codes.shape
        patches = self._pca.inverse_transform(codes.reshape(-1, self.components))
        patches = patches.reshape(n, rows, columns, self.patch, self.patch)
        images = patches.transpose(0, 1, 3, 2, 4)
        images = images.reshape(n, rows * self.patch, columns * self.patch)
        return np.clip(images, 0, 1)

    def _cut(self, images):
        images = np.asarray(images, dtype=np.float64)
        n, height, width = images.shape
        if height % self.patch or width % self.patch:
            raise ValueError(
                f"patch {self.patch} does not divide images of {height} by {width}"
            )
        rows, columns = height // self.patch, width // self.patch
        grid = images.reshape(n, rows, self.patch, columns, self.patch)
        return grid.transpose(0, 1, 3, 2, 4).reshape(n, rows, columns, -1)
