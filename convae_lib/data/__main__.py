"""``python -m convae_lib.data``: make sure that Fashion-MNIST is at hand."""

import sys

from .fashion_mnist.fetch import cache_folder, download_official, fetch_debian_package
from .fashion_mnist.loader import find_source, stand_in_requested
from .fashion_mnist.official import read_folder


def main():
    """Fill the library's cache, unless some source is there already.

    Prints one line that says what is used. What cannot be fetched is no error,
    since the stand-in is drawn in its place; a bad file is one.
    """
    if stand_in_requested():
        print("CONVAE_DATA=stand-in: the stand-in is drawn, nothing to fetch.")
        return
    source = find_source()
    if source is not None:
        read_folder(source)
        print(f"Fashion-MNIST is at hand, verified, in {source}")
        return
    reasons = []
    ways = {"official download": download_official, "Debian": fetch_debian_package}
    for origin, fetch in ways.items():
        try:
            fetch(cache_folder())
        except OSError as error:
            reasons.append(str(error))
        else:
            print(f"Fashion-MNIST fetched ({origin}), verified, into {cache_folder()}")
            return
    print(
        f"Fashion-MNIST cannot be fetched ({'; '.join(reasons)}): "
        "stand-in images drawn by convae_lib will be used."
    )


if __name__ == "__main__":
    try:
        main()
    except (FileNotFoundError, ValueError) as error:
        sys.exit(f"error: {error}")
