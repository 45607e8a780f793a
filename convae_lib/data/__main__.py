"""``python -m convae_lib.data``: make sure that Fashion-MNIST is at hand."""

import sys

from .fashion_mnist.cache import cache_folder, remove_leftovers
from .fashion_mnist.debian import fetch_debian_package
from .fashion_mnist.fetch import download_official
from .fashion_mnist.loader import stand_in_requested
from .fashion_mnist.sources import NotAvailable, find_official

WAYS = {"official download": download_official, "Debian": fetch_debian_package}
AT_HAND = "is at hand, verified, in"


def main():
    """Fill the library's cache, unless some source is there already.

    Prints one line that says what is used. What cannot be fetched is no error,
    since the stand-in is drawn in its place; a bad file is one, and so is a cache
    that cannot be written.
    """
    if stand_in_requested():
        print("CONVAE_DATA=stand-in: the stand-in is drawn, nothing to fetch.")
        return
    try:
        official = find_official(ways=WAYS)
    except NotAvailable as error:
        print(
            f"Fashion-MNIST cannot be fetched ({error}): "
            "stand-in images drawn by convae_lib will be used."
        )
        return
    if official.folder is None:
        raise OSError(official.note)
    if official.folder == cache_folder():
        remove_leftovers()
    if official.note:
        print(official.note, file=sys.stderr)
    done = f"fetched ({official.origin}), verified, into"
    print(f"Fashion-MNIST {done if official.origin else AT_HAND} {official.folder}")


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
