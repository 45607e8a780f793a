"""What became of each file of a folder."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from math import prod

from .walking import shown

__all__ = ["Report"]

NAMED = 1_000  # refused files that are named; all are counted

DONE = {
    "resized": "scaled down, and cropped to the middle",
    "enlarged": "scaled up",
    "animated": "several frames, of which the first is taken",
    "16 bits": "16 bits a channel, divided to 8",
    "CMYK": "CMYK, converted to RGB",
    "transparent": "transparent, laid on white",
    "turned": "turned as EXIF says",
}
"""What may be done to a file, in words."""


KEPT = {
    "file": "decoded images are kept in a file, until the program ends",
    "part": (
        "decoded images fit neither in memory nor on the disk: they are decoded again and "
        "again, which is slow; more memory makes it faster"
    ),
}


@dataclass
class Report:
    """What became of each file of a folder: counts, and names where one was refused.

    Attributes
    ----------
    folder : str
    files : int
        All that were found: ``read + not_images + sum(refused.values())``.
    read : int
        Files that are among the images.
    tiles : int
        Tiles that they were cut into; 0 where they were not.
    image_shape : tuple of int
    parts : dict of str to int
        Files in "train", "valid" and "test".
    done : Counter
        Files that were resized, enlarged, animated, 16 bits, CMYK, transparent, turned.
    classes : dict of str to int
        Files by the folder they lie in, as a path from ``folder`` on; "." is itself. The
        place of a name here is its label.
    not_images, hidden : int
        Files of other kinds; files and folders whose names begin with a dot.
    refused : Counter
        Images that could not be taken, by reason: "broken", "empty", "too large",
        "too small", "no permission", "link", "no plain file", "format not read" and
        "colours not read".
    named : list of (str, str, str)
        Path, reason and details of the first 1,000 of them.
    kept_in : {"memory", "file", "part"}
        Where decoded images stay: in memory, in a file without a name that ends with the
        program, or in memory, and only some.
    rim : float
        Share of the pixels that no tile holds.
    remarks : list of str
        What somebody may not have meant, a line each: a rim that is left out, parts that
        are far from the shares asked for.

    Examples
    --------
    >>> report = Report(folder="photographs", files=3, read=2, image_shape=(64, 64))
    >>> report.refuse(b"a/torn.jpg", "broken", "image file is truncated")
    >>> print(report)
    2 of 3 files read: 64×64 pixels
    refused, broken: 1
      a/torn.jpg: broken (image file is truncated)
    """

    folder: str
    files: int = 0
    read: int = 0
    tiles: int = 0
    image_shape: tuple = ()
    parts: dict = field(default_factory=dict)
    done: Counter = field(default_factory=Counter)
    classes: dict = field(default_factory=dict)
    not_images: int = 0
    hidden: int = 0
    refused: Counter = field(default_factory=Counter)
    named: list = field(default_factory=list)
    kept_in: str = "memory"
    rim: float = 0.0
    remarks: list = field(default_factory=list)

    def refuse(self, path, reason, detail=""):
        """Count a file that is not among the images."""
        if reason == "no image":
            self.not_images += 1
            return
        self.refused[reason] += 1
        if len(self.named) < NAMED:
            self.named.append((shown(path), reason, detail))

    def leave_out_rims(self, pixels):
        """Remark how many of the files' pixels no tile holds."""
        self.rim = 1 - self.tiles * prod(self.image_shape[:2]) / pixels
        if self.rim:
            self.remarks.append(
                f"left out, as rims that hold no whole tile: {self.rim:.1%} of the pixels"
            )

    def as_dict(self):
        """Return all of it in what JSON can hold."""
        return asdict(self) | {"done": {**self.done}, "refused": {**self.refused}}

    def lines(self, names=10):
        """Yield it as lines of text, with so many names of refused files."""
        size = "×".join(str(n) for n in self.image_shape)
        tiles = f", cut into {self.tiles:,} tiles" if self.tiles else ""
        yield f"{self.read:,} of {self.files:,} files read{tiles}: {size} pixels"
        if self.parts:
            yield "files in " + ", ".join(f"{k}: {n:,}" for k, n in self.parts.items())
        if len(self.classes) > 1:
            yield f"folders: {len(self.classes):,}"
        for what, words in DONE.items():
            if self.done[what]:
                yield f"{words}: {self.done[what]:,}"
        if self.kept_in in KEPT:
            yield KEPT[self.kept_in]
        if self.not_images:
            yield f"files that are no images: {self.not_images:,}"
        if self.hidden:
            yield f"hidden, and left alone: {self.hidden:,}"
        for reason, count in sorted(self.refused.items()):
            yield f"refused, {reason}: {count:,}"
        for path, reason, detail in self.named[:names]:
            yield f"  {path}: {reason}{f' ({detail})' if detail else ''}"
        if (more := sum(self.refused.values()) - names) > 0:
            yield f"  and {more:,} more"

    def left_out(self):
        """Return why files are not among the images, as the end of a sentence."""
        why = [f"{n} {reason}" for reason, n in sorted(self.refused.items())]
        if count := self.not_images:
            why.append(
                f"{count} that {'is no image' if count == 1 else 'are no images'}"
            )
        why += [f"{self.hidden} hidden"] if self.hidden else []
        first = ""
        if self.named:
            path, reason, detail = self.named[0]
            first = f"; the first: {path} ({detail or reason})"
        return f" (left out: {'; '.join(why)}{first})" if why else ""

    def __str__(self):
        return "\n".join(self.lines())
