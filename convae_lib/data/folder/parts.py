"""Images of many files, scaled or cut into tiles, read like an array, a batch at a time."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .decoding import Refusal, decode
from .walking import shown

__all__ = ["THREADS", "FolderImages", "Index", "scaled"]

THREADS = min(4, os.cpu_count() or 1)  # Pillow decodes outside Python's lock


@dataclass(frozen=True, eq=False, kw_only=True)
class Index:
    """All that is kept of files which are not open: some 100 bytes each.

    Attributes
    ----------
    folder : bytes
    names : bytes
        Their paths from the folder on, one after the other.
    ends : ndarray of int64
        Where each path ends in `names`.
    sizes : ndarray of int32, shape (files, 2)
        Height and width of each, upright.
    size : (int, int)
        Height and width of an image or tile.
    colour, tiles : bool
    """

    folder: bytes
    names: bytes
    ends: np.ndarray
    sizes: np.ndarray
    size: tuple
    colour: bool
    tiles: bool

    def __len__(self):
        return len(self.ends)

    def name(self, file):
        """Return the path of a file from the folder on, in bytes."""
        return self.names[self.ends[file - 1] if file else 0 : self.ends[file]]

    @property
    def tile_shape(self):
        """Shape of an image or tile."""
        return (*self.size, 3) if self.colour else self.size

    @cached_property
    def ends_of_tiles(self):
        """Images or tiles in all files up to and with each, (files,)."""
        if not self.tiles:
            return np.arange(1, len(self) + 1)
        return np.cumsum((self.sizes // self.size).prod(axis=1, dtype=np.int64))

    def first_tile(self, file):
        """Return how many images or tiles the files before this one have."""
        return int(self.ends_of_tiles[file - 1]) if file else 0

    def counts(self, files):
        """Return how many images or tiles each of these files has."""
        return np.diff(self.ends_of_tiles, prepend=0)[files]

    def pixels(self, file):
        """Return a file as uint8: scaled to one size, or whole, to be cut.

        Raises
        ------
        OSError
            If it cannot be read any more, or has another size than it had.
        """
        path = os.path.join(self.folder, self.name(file))
        try:
            seen = decode(path, None if self.tiles else 2 * max(self.size))
        except Refusal as error:
            raise OSError(f"{shown(path)} cannot be read any more: {error}") from error
        if seen.size != tuple(self.sizes[file]):
            raise OSError(
                f"{shown(path)} has changed: it is {seen.size[0]}×{seen.size[1]} pixels, "
                f"and was {self.sizes[file][0]}×{self.sizes[file][1]}; read the folder "
                "again"
            )
        image = seen.image.convert("RGB" if self.colour else "L")
        return np.asarray(image if self.tiles else scaled(image, self.size))

    def cut(self, pixels, file, tiles):
        """Return some tiles of a file, (tiles, height, width) or with 3 channels.

        Parameters
        ----------
        pixels : ndarray of uint8
            As `pixels` returns them.
        file : int
        tiles : sequence of int
            Their numbers, row by row; the margins around all tiles are equal.
        """
        if not self.tiles:
            return pixels[None]
        height, width = self.size
        rows, columns = self.sizes[file] // self.size
        top = (pixels.shape[0] - rows * height) // 2
        left = (pixels.shape[1] - columns * width) // 2
        cut = np.empty((len(tiles), *self.tile_shape), np.uint8)
        for place, tile in enumerate(tiles):
            y, x = tile // columns * height + top, tile % columns * width + left
            cut[place] = pixels[y : y + height, x : x + width]
        return cut


def scaled(image, size):
    """Return a Pillow image that fills `size`, height and width; its middle is kept.

    Proportions stay, and there are no borders, which a model would learn to draw.
    """
    from PIL import Image, ImageOps

    height, width = size
    if image.size == (width, height):
        return image
    return ImageOps.fit(image, (width, height), method=Image.Resampling.LANCZOS)


class FolderImages:
    """Some files of a folder as images or tiles of one size; see `read_folder`.

    Parameters
    ----------
    index : Index
    files : ndarray of int
        Which of them, in the order of the images; the tiles of one file are neighbours.
    store : KeptInMemory or KeptInFile
        Where decoded files stay, which several such parts share.

    Attributes
    ----------
    shape : tuple of int
        (n, height, width) or (n, height, width, 3).
    ends : ndarray of int
        Images or tiles of all files up to and with each.
    """

    def __init__(self, index, files, store):
        self.index, self.files, self.store = index, files, store
        self.ends = np.cumsum(index.counts(files))
        self.shape = (int(self.ends[-1]), *index.tile_shape)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, rows):
        """Return the images of a slice or a sequence of places, or one, as float32."""
        rows = self._places(rows)
        batch = np.empty((rows.size, *self.shape[1:]), np.float32)
        at, inside = self._tile(rows.ravel())
        places, which = np.unique(at, return_inverse=True)
        order = np.argsort(which, kind="stable")
        of_file = np.split(order, np.cumsum(np.bincount(which))[:-1])
        files = self.files[places].tolist()

        def read(wanted):
            return self.store.tiles(*wanted)

        at_once = THREADS if self.index.tiles else 32  # whole files in memory
        with ThreadPoolExecutor(THREADS) as pool:
            for start in range(0, len(files), at_once):
                some = slice(start, start + at_once)
                wanted = [(f, inside[t]) for f, t in zip(files[some], of_file[some])]
                ready = len(wanted) == 1 or all(self.store.has(f) for f, _ in wanted)
                run = map if ready else pool.map
                for tiles, pixels in zip(of_file[some], run(read, wanted)):
                    batch[tiles] = pixels
        batch /= 255
        return batch.reshape(*rows.shape, *self.shape[1:])

    def name(self, row):
        """Return the path of the file that an image comes from, from the folder on."""
        ((file,), _) = self._tile(self._places([row]))
        return shown(self.index.name(self.files[file]))

    def grid(self, file):
        """Return rows and columns of the tiles of a file, by its place: 1 and 1 if whole."""
        if not self.index.tiles:
            return 1, 1
        rows, columns = self.index.sizes[self.files[file]] // self.index.size
        return int(rows), int(columns)

    def of_images(self, of_files):
        """Return, for each image, what an array has for its file."""
        return np.repeat(of_files[self.files], self.index.counts(self.files))

    def _places(self, rows):
        if isinstance(rows, slice):
            return np.arange(*rows.indices(len(self)))
        rows = np.asarray(rows)
        if rows.dtype == bool:
            return np.flatnonzero(np.broadcast_to(rows, (len(self),)))
        if not rows.size:
            return rows.astype(np.int64)
        low, high = rows.min(), rows.max()
        if low < -len(self) or high >= len(self):
            raise IndexError(
                f"place {low if low < 0 else high} is outside {len(self)} images"
            )
        return np.where(rows < 0, rows + len(self), rows)

    def _tile(self, rows):
        """Return for each image the place of its file, and of the tile in it."""
        at = np.searchsorted(self.ends, rows, side="right")
        return at, rows - np.where(at, self.ends[at - 1], 0)
