"""All pictures that the library draws for README and site: ``make picture``.

python -m tools.drawings           write them into _static/
python -m tools.drawings FOLDER    write them into a folder of yours
"""

import sys
from pathlib import Path

from convae_lib.checks import write_whole
from tools.drawings import autoencoder, cover, explorer, front, garments
from tools.notebooks import ROOT

DRAWINGS = [garments, front, cover, explorer, autoencoder]


def main(arguments):
    """Write all pictures; return where they are."""
    if len(arguments) > 1:
        sys.exit(f"name one folder or none, not {' '.join(arguments)}")
    paths = []
    for drawing in DRAWINGS:
        for place, content in drawing.files().items():
            path = Path(arguments[0]) / Path(place).name if arguments else ROOT / place
            write_whole(path, content)
            print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
            paths.append(path)
    return paths


if __name__ == "__main__":
    main(sys.argv[1:])
