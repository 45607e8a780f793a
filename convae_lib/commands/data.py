"""``convae data``: the images and networks that are at hand, and where."""

import os

from .arguments import WrongUse
from .named_models import NETWORKS

__all__ = ["HELP", "add_arguments", "run"]

HELP = """\
Say which images and trained networks are at hand, and where; fetch and verify.

example:
  convae data
  convae data fetch

With fetch, Fashion-MNIST is downloaded into the library's cache where no copy is found,
from its host or out of Debian's package. With verify, every place that has a copy is read
and compared with the official files; a bad copy is named, and fails the command. All
copies are verified by their content whenever they are read.
"""


def add_arguments(parser):
    """Say what the command takes."""
    parser.add_argument(
        "do",
        nargs="?",
        choices=["list", "fetch", "verify"],
        default="list",
        help="(default: list)",
    )


def run(chosen, screen):
    """List, fetch or verify."""
    from ..data.__main__ import make_sure, places

    try:
        if chosen.do == "fetch":
            text, note = make_sure()
            if note:
                screen.note(note)
            screen.line(text)
            return screen.result(said=text)
        found = places(verify=chosen.do == "verify")
    except ValueError as error:  # of an environment variable
        raise WrongUse(str(error)) from error
    screen.line("Fashion-MNIST is looked for, in this order, in")
    for place in found:
        screen.line(f"  {place['folder']} ({place['what']}): {place['state']}")
    used = next((p for p in found if p["has_files"] and not p.get("bad")), None)
    if used is None and "CONVAE_DATA_DIR" in os.environ:  # then nothing is fetched
        screen.line(
            "No copy is there: put the four official files there, or unset "
            "CONVAE_DATA_DIR."
        )
    elif used is None:
        screen.line("No copy is there: convae data fetch gets one.")
    screen.line("Networks that come trained, on Fashion-MNIST:")
    for name, what in NETWORKS.items():
        screen.line(f"  {name:14s}{what}")
    screen.result(
        places=[{**place, "folder": str(place["folder"])} for place in found],
        used=used and str(used["folder"]),
        networks=[*NETWORKS],
    )
    bad = [str(place["folder"]) for place in found if place.get("bad")]
    if bad and chosen.do == "verify":
        raise OSError(
            f"not the official files: {', '.join(bad)}; remove or replace them"
        )
