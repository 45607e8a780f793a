"""Images that several files of tests run experiments on: few, for all that is asked."""

import numpy as np
import pytest
from PIL import Image

from convae_lib import draw_garments
from convae_lib.data import ImageFiles, Images
from tests.library.experiments.examples import drawn_images

COUNT = 200


@pytest.fixture(scope="session")
def images():
    return drawn_images()


@pytest.fixture(scope="module")
def held_and_read(tmp_path_factory):
    """The same images, once as arrays and once in files: 24 by 32 pixels."""
    folder = tmp_path_factory.mktemp("files")
    x = np.pad(draw_garments(COUNT, seed=3)[0], ((0, 0), (0, 0), (2, 2)))[:, 2:-2]
    paths = [folder / f"{place:03d}.png" for place in range(COUNT)]
    for path, image in zip(paths, x):
        Image.fromarray(np.round(255 * image).astype(np.uint8)).save(path)
    ends = {"train": slice(0, 150), "valid": slice(150, 180), "test": slice(180, None)}
    held = {part: x[rows] for part, rows in ends.items()}
    read = {part: ImageFiles(paths[rows]) for part, rows in ends.items()}
    assert np.array_equal(read["valid"][:], held["valid"])
    return Images(**held, name="drawn"), Images(**read, name="drawn")
