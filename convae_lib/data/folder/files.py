"""Images that stay in their files until they are asked for."""

from os import PathLike

import numpy as np

__all__ = ["ImageFiles"]


class ImageFiles:
    """Image files of one size, read like an array, a batch at a time.

    Parameters
    ----------
    paths : sequence of path-like
        The files, in the order of the images; any format that Pillow reads.
    mode : {"L", "RGB"}, default "L"
        Grey images (height, width), or colour (height, width, 3).

    Attributes
    ----------
    shape : tuple of int
        (n, height, width) or (n, height, width, 3).

    Raises
    ------
    ValueError
        If there is no file, or one path in place of a sequence, or `mode` is another
        one; when a batch is read, if a file is of another size than the first. If a
        file has more than 8 bits a channel, which Pillow would cut off, or colours
        that it does not convert.
    OSError
        If a file is not there, is damaged, or is no image.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from PIL import Image
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for level in (0, 51, 255):
    ...     Image.new("L", (4, 3), level).save(folder / f"{level:03d}.png")
    >>> images = ImageFiles(sorted(folder.iterdir()))
    >>> images.shape, images[1:][0, 0, 0]
    ((3, 3, 4), np.float32(0.2))
    """

    def __init__(self, paths, mode="L"):
        if isinstance(paths, str | bytes | PathLike):
            raise ValueError(
                f"paths {paths!r} is one path; give a list of files, [path], or those of "
                "a folder, sorted(pathlib.Path(path).iterdir())"
            )
        self.paths, self.mode = list(paths), mode
        if mode not in ("L", "RGB"):
            raise ValueError(f"mode {mode!r} is not one of ('L', 'RGB')")
        if not self.paths:
            raise ValueError("paths is empty; give at least one image file")
        self.shape = (len(self.paths), *self._read(self.paths[0]).shape)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, rows):
        """Return the images of a slice or a sequence of places, or one, as float32."""
        rows = np.arange(len(self))[rows]
        batch = np.empty((*rows.shape, *self.shape[1:]), np.float32)
        for place, row in np.ndenumerate(rows):
            path = self.paths[row]
            image = self._read(path)
            if image.shape != self.shape[1:]:
                raise ValueError(
                    f"{path} has shape {image.shape}, the first file {self.shape[1:]}"
                )
            batch[place] = image
        return batch

    def _read(self, path):
        from PIL import Image  # here, so that the official images do without it

        try:
            with Image.open(path) as file:
                if file.mode.startswith(("I", "F")):
                    raise ValueError(
                        f"it has more than 8 bits a channel (mode {file.mode}); save it "
                        "with 8 bits"
                    )
                return np.asarray(file.convert(self.mode)) / np.float32(255)
        except (OSError, ValueError) as error:
            raise type(error)(f"{path} cannot be read: {error}") from error
