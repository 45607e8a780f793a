"""Where decoded files stay, so that they are not decoded in each epoch again."""

import os
import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock

import numpy as np
from platformdirs import user_cache_dir

__all__ = ["KeptInFile", "KeptInMemory", "make_store"]


def make_store(index, limit):
    """Return where the decoded files of an index stay, and what the report calls it.

    They stay in memory if they fit there. If not, their tiles are written to a file; and
    if there is no room for that, those that were read last stay in memory.

    Parameters
    ----------
    index : Index
    limit : int
        Bytes for them in memory.

    Returns
    -------
    store : KeptInMemory or KeptInFile
    kept_in : {"memory", "file", "part"}
    """
    tiles = len(index) and int(index.ends_of_tiles[-1])
    tiles_bytes = tiles * int(np.prod(index.tile_shape))
    whole = index.sizes.prod(axis=1, dtype=np.int64).sum() * np.prod(
        index.tile_shape[2:]
    )
    if (whole if index.tiles else tiles_bytes) <= limit:
        return KeptInMemory(index, limit), "memory"
    file = unnamed_file(tiles_bytes)
    if file is None:
        return KeptInMemory(index, limit), "part"
    return KeptInFile(index, file), "file"


def unnamed_file(size):
    """Return an open file that ends with the program, even killed; None without room.

    It lies in the library's cache and not with other temporary files, which many
    systems keep in memory.
    """
    try:
        folder = Path(user_cache_dir("convae_lib"))
        if not folder.is_absolute():  # no home is known
            return None
        folder.mkdir(parents=True, exist_ok=True)
        if 2 * size > shutil.disk_usage(folder).free:
            return None
        return tempfile.TemporaryFile(dir=folder, buffering=0)
    except (OSError, RuntimeError):
        return None


class KeptInMemory:
    """Decoded files that were read last, up to so many bytes."""

    def __init__(self, index, limit):
        self.index, self.limit, self.bytes = index, limit, 0
        self.files, self.lock = OrderedDict(), Lock()

    def has(self, file):
        """Tell whether a file need not be decoded."""
        return file in self.files

    def tiles(self, file, wanted):
        """Return tiles of a file by their numbers in it."""
        return self.index.cut(self._pixels(file), file, wanted)

    def _pixels(self, file):
        with self.lock:
            if file in self.files:
                self.files.move_to_end(file)
                return self.files[file]
        made = self.index.pixels(file)  # outside the lock: others decode meanwhile
        with self.lock:
            if file not in self.files and made.nbytes <= self.limit:
                self.files[file] = made
                self.bytes += made.nbytes
            while self.bytes > self.limit:
                self.bytes -= self.files.popitem(last=False)[1].nbytes
        return made

    def __reduce__(self):
        return KeptInMemory, (self.index, self.limit)


class KeptInFile:
    """Tiles of all files that were read, one after the other in a file."""

    def __init__(self, index, file):
        self.index, self.file, self.lock = index, file, Lock()
        self.tile_bytes = int(np.prod(index.tile_shape))
        self.written = np.zeros(len(index), bool)

    def has(self, file):
        """Tell whether a file need not be decoded."""
        return self.written[file]

    def tiles(self, file, wanted):
        """Return tiles of a file by their numbers in it."""
        first = self.index.first_tile(file)
        if self.written[file]:
            read = [
                self._read((first + int(tile)) * self.tile_bytes) for tile in wanted
            ]
            return np.frombuffer(b"".join(read), np.uint8).reshape(
                len(wanted), *self.index.tile_shape
            )
        count = int(self.index.ends_of_tiles[file]) - first
        made = self.index.cut(self.index.pixels(file), file, range(count))
        self._write(first * self.tile_bytes, made, file)
        return made[wanted]

    def _read(self, place):
        if hasattr(os, "pread"):  # no lock, and no matter what a forked process does
            return os.pread(self.file.fileno(), self.tile_bytes, place)
        with self.lock:
            self.file.seek(place)
            return self.file.read(self.tile_bytes)

    def _write(self, place, tiles, file):
        left = memoryview(tiles.reshape(-1))
        try:
            while left:
                if hasattr(os, "pwrite"):
                    done = os.pwrite(self.file.fileno(), left, place)
                else:
                    with self.lock:
                        self.file.seek(place)
                        done = self.file.write(left)
                left, place = left[done:], place + done
        except OSError:  # the disk is full: it is decoded again when it is asked for
            return
        self.written[file] = True

    def __reduce__(self):
        return _again, (self.index,)


def _again(index):
    """Return a new store for the same files, in another process, say."""
    return make_store(index, 0)[0]
