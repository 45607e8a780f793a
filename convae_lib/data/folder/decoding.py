"""One image file as an upright picture of 8 bits a channel, or the reason why not."""

import os
import re
import warnings
from collections import namedtuple
from contextlib import contextmanager, suppress
from functools import cache

import numpy as np

__all__ = ["MAX_PIXELS", "Refusal", "decode", "has_colour", "quietly"]

MAX_PIXELS = 89_478_485
"""More are refused before they are decoded: from here on Pillow, too, warns of a bomb."""

FORMATS = "AVIF BMP GIF JPEG JPEG2000 PNG PPM TIFF WEBP".split()
"""What is tried, whatever a file's name: no format that starts another program."""

NAMES = (
    ".avif .bmp .dib .gif .jfif .jp2 .jpe .jpeg .jpg .pbm .pgm .png .pnm .ppm .tif .tiff "
    ".webp"
).split()
"""How names of these formats end: a file called so that is none is broken."""

OTHERS = (
    ".arw .cr2 .cr3 .dng .eps .exr .hdr .heic .heif .ico .nef .orf .pcx .psd .raf .raw .rw2 "
    ".svg .tga"
).split()
"""Pictures that are not read: of raw ones Pillow would find the preview only."""

SIXTEEN_BITS = ("PNG", "PPM", "JPEG2000")  # whose 32-bit grey levels end at 65535
ORIENTATION = 0x0112  # of EXIF
ALPHA = ("LA", "La", "PA", "RGBA", "RGBa")

Decoded = namedtuple("Decoded", "image size notes")


class Refusal(Exception):
    """Why a file is not among the images: a reason that is counted, and the details."""

    def __init__(self, reason, detail=""):
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail

    def __str__(self):
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


@contextmanager
def quietly():
    """Leave out Pillow's warnings while many files are decoded, in threads or not."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def decode(path, enough=None):
    """Return an image file upright, with 8 bits a channel.

    Parameters
    ----------
    path : path-like or bytes
    enough : int, optional
        Side in pixels: a JPEG may be decoded at a half, a quarter or an eighth of its
        size if both sides stay at least as long, which is several times faster.

    Returns
    -------
    Decoded
        ``image``, a Pillow image of mode "L" or "RGB"; ``size``, height and width of the
        whole image, upright; ``notes``, a list of what was done to it: of "animated"
        (its first frame is taken), "16 bits" (divided by 257; Pillow takes the upper 8 of each
        colour), "CMYK", "transparent"
        (laid on white), "turned" (as EXIF says). Colours are taken as sRGB.

    Raises
    ------
    Refusal
        For whatever is wrong with the file.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from PIL import Image
    >>> file = pathlib.Path(tempfile.mkdtemp(), "half.png")
    >>> Image.new("LA", (3, 2), (0, 128)).save(file)
    >>> seen = decode(file)
    >>> seen.image.mode, seen.image.getpixel((0, 0)), seen.size, seen.notes
    ('RGB', (127, 127, 127), (2, 3), ['transparent'])
    """
    from PIL import Image, UnidentifiedImageError  # here: other images do without

    ending = os.path.splitext(os.fsdecode(path))[1].lower()
    if ending in OTHERS:
        raise Refusal(
            "format not read", f"{ending[1:].upper()}; save it as PNG or JPEG"
        )
    try:
        with open(path, "rb") as file, Image.open(file, formats=formats()) as image:
            return _decoded(image, enough)
    except Refusal:
        raise
    except PermissionError as error:
        raise Refusal("no permission", error.strerror) from error
    except UnidentifiedImageError as error:
        if ending in NAMES:
            raise Refusal("broken", "no decoder can read it") from error
        raise Refusal("no image") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        count = re.search(r"\((\d+) pixels\)", str(error))  # Pillow says no more
        raise _too_large(count and int(count[1])) from error
    except MemoryError as error:
        raise Refusal("too large", "the memory does not suffice") from error
    except Exception as error:  # decoders raise many kinds on damaged bytes
        raise Refusal("broken", " ".join(str(error).split())[:100]) from error


def has_colour(image):
    """Tell whether a Pillow image of mode "L" or "RGB" has a pixel that is not grey."""
    if image.mode == "L":
        return False
    red, green, blue = np.moveaxis(np.asarray(image), -1, 0)
    return not (np.array_equal(red, green) and np.array_equal(green, blue))


@cache
def formats():
    """Return the formats that this Pillow was built with."""
    from PIL import Image

    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _decoded(image, enough):
    from PIL import ImageOps

    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large(width * height)
    notes = []
    # Phones store small previews beside a photograph (MPO): these are no animation.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        notes.append("animated")
        image.seek(0)
    if image.format == "TIFF" and _orientation(image) > 1:  # Pillow turns these itself
        notes.append("turned")
    if any(";16" in str(tile) for tile in image.tile):
        notes.append("16 bits")
    if enough is not None:
        image.draft(image.mode, (enough, enough))  # JPEG only
    image.load()
    orientation = _orientation(image)
    if orientation > 1:
        ImageOps.exif_transpose(image, in_place=True)
        notes.append("turned")
    size = (height, width) if orientation < 5 else (width, height)
    return Decoded(_eight_bits(image, notes), size, notes)


def _too_large(pixels):
    """Return the refusal of an image of so many pixels, or of nobody knows how many."""
    count = f"{pixels:,} pixels; " if pixels else ""
    return Refusal("too large", f"{count}up to {MAX_PIXELS:,} are read")


def _orientation(image):
    """Return EXIF's number for how a picture was held, 1 to 8; 5 to 8 lie on their side."""
    with suppress(Exception):  # a broken entry tells nothing
        orientation = image.getexif().get(ORIENTATION, 1)
        return orientation if orientation in range(1, 9) else 1
    return 1


def _eight_bits(image, notes):
    """Return the picture in mode "L" or "RGB", and note what had to be done for it."""
    from PIL import Image

    mode = image.mode
    if mode.startswith("I;16") or (mode == "I" and image.format in SIXTEEN_BITS):
        if "16 bits" not in notes:
            notes.append("16 bits")
        levels = np.asarray(image).astype(np.uint32)
        return Image.fromarray(((levels + 128) // 257).astype(np.uint8))
    if mode in ("1", "L", "RGB") and "transparency" not in image.info:
        return image.convert("RGB" if mode == "RGB" else "L")
    if mode in ALPHA or "transparency" in image.info:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema()[0] == 255:
            return image.convert("RGB")
        notes.append("transparent")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    if mode in ("P", "CMYK", "YCbCr", "HSV"):
        notes.extend(["CMYK"] if mode == "CMYK" else [])
        return image.convert("RGB")
    raise Refusal(
        "colours not read", f"mode {mode}; save it with 8 bits a channel, grey or RGB"
    )
