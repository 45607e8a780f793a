"""``python -m convae_lib.data``: make sure that Fashion-MNIST is at hand."""

import os
import sys

from .fashion_mnist import sources
from .fashion_mnist.cache import cache_folder, remove_leftovers
from .fashion_mnist.debian import fetch_debian_package
from .fashion_mnist.fetch import download_official
from .fashion_mnist.loader import stand_in_requested
from .fashion_mnist.reading import locate_files, read_folder
from .fashion_mnist.sources import NotAvailable, find_official

WAYS = {"official download": download_official, "Debian": fetch_debian_package}
AT_HAND = "is at hand, verified, in"


def make_sure():
    """Fill the library's cache, unless some source is there already.

    What cannot be fetched is no error, since the stand-in is drawn in its place; a bad
    file is one, and so is a cache that cannot be written.

    Returns
    -------
    str, str
        What is used, and what was passed over on the way; empty if all is well.
    """
    if stand_in_requested():
        return "CONVAE_DATA=stand-in: the stand-in is drawn, nothing to fetch.", ""
    try:
        official = find_official(ways=WAYS)
    except NotAvailable as error:
        return (
            f"Fashion-MNIST cannot be fetched ({error}): "
            "stand-in images drawn by convae_lib will be used."
        ), ""
    if official.folder is None:
        raise OSError(official.note)
    if official.folder == cache_folder():
        remove_leftovers()
    done = f"fetched ({official.origin}), verified, into"
    told = f"Fashion-MNIST {done if official.origin else AT_HAND} {official.folder}"
    return told, official.note


def places(verify=False):
    """Return where Fashion-MNIST is looked for, in order, and what is there.

    Parameters
    ----------
    verify : bool, default False
        Whether what is there is read and compared with the official files.

    Returns
    -------
    list of dict
        ``folder``; ``what`` it is; ``has_files``; ``state`` in words; with `verify`,
        ``bad``: whether there are files that are not the official ones.
    """
    stand_in_requested()  # refuses what CONVAE_DATA may not be
    if named := os.environ.get("CONVAE_DATA_DIR"):
        folders = {os.path.expanduser(named): "CONVAE_DATA_DIR, and nowhere else"}
    else:
        own = dict.fromkeys(sources.SYSTEM_FOLDERS, "the system's")
        own |= {cache_folder(): "this library's cache"}
        folders = {
            folder: own.get(folder, "the cache of Keras")
            for folder in sources._usual_folders()
        }
    return [_look(folder, what, verify) for folder, what in folders.items()]


def _look(folder, what, verify):
    place = {"folder": folder, "what": what, "has_files": False, "state": "nothing"}
    try:
        place["has_files"] = bool(locate_files(folder))
        if place["has_files"]:
            place["state"] = "the four files"
            if verify:
                read_folder(folder)
                place |= {"state": "the four official files, verified", "bad": False}
    except (OSError, ValueError) as error:
        place |= {"state": f"not usable: {error}", "bad": True}
    return place


def main():
    """Print one line that says what is used; on standard error what was passed over."""
    told, note = make_sure()
    if note:
        print(note, file=sys.stderr)
    print(told)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # as for folders' names in bytes
    if sys.argv[1:]:
        sys.exit(
            f"error: {' '.join(sys.argv[1:])!r}: nothing is asked for here; "
            "CONVAE_DATA_DIR names a folder that has the four files already"
        )
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(f"error: {error}")
