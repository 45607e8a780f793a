"""Files of every kind that lies in somebody's folder, for several test files."""

import struct
import zlib

import numpy as np
from PIL import Image


def picture(height=40, width=50, seed=0):
    """Return a smooth picture in colour, (height, width, 3) of uint8."""
    down, across = np.mgrid[:height, :width]
    waves = [np.sin(down / (3 + seed)), np.cos(across / 5), np.sin((down + across) / 7)]
    return np.uint8(127.5 + 120 * np.stack(waves, -1))


def save(path, pixels=None, **options):
    """Save pixels, by default a picture, in the format that the name ends with."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture() if pixels is None else pixels).save(path, **options)
    return path


def fill(folder, count=10, **options):
    """Fill a folder with so many pictures; return it."""
    for seed in range(count):
        save(folder / f"{seed:03d}.png", picture(seed=seed, **options))
    return folder


def chunk(kind, content):
    """Return a chunk of a PNG file."""
    return b"".join(
        [
            struct.pack(">I", len(content)),
            kind + content,
            struct.pack(">I", zlib.crc32(kind + content)),
        ]
    )


def bomb(path, width, height):
    """Write a PNG of a few hundred bytes that says it is so large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )
    return path
