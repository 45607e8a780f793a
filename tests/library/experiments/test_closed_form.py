"""Linear codes and lossless files: refused when they are made, and on any images."""

import io

import numpy as np
import pytest
from PIL import Image

from convae_lib import entropy_floor
from convae_lib.experiments import LinearCode, Lossless
from convae_lib.experiments.closed_form import png


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Lossless(name="", format="jpeg"), "format 'jpeg' is not one of"),
        (
            lambda: Lossless(name="", format="png", together=1),
            "together 1 must be True or False",
        ),
        (lambda: LinearCode(name="", patch=0, components=1), "patch 0 must"),
        (lambda: LinearCode(name="", patch=2, components="4"), "components '4' must"),
    ],
)
def test_codes_and_formats_that_cannot_be_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_pca_of_files_is_pca_of_arrays(held_and_read):
    code = LinearCode(name="", patch=8, components=5)
    held, read = (code.run(images) for images in held_and_read)
    assert held["code_size"] == 3 * 4 * 5
    for key in ("val_excess", "test_mse", "bits_excess"):
        assert read[key] == pytest.approx(held[key])
    images, _ = held_and_read
    floors = {"val": entropy_floor(images.valid), "test": entropy_floor(images.test)}
    assert abs(floors["val"] - floors["test"]) > 1e-3
    for part, floor in floors.items():
        found = held[f"{part}_loss"] - held[f"{part}_excess"]
        assert found == pytest.approx(floor, abs=1e-5)


def test_images_together_are_one_tall_file(held_and_read):
    """Which is smaller: it has one header, and finds more that repeats."""
    images, read = held_and_read
    for form in ("raw", "png", "gzip"):
        each, together = (
            Lossless(name="", format=form, together=way).run(images)["bits_per_image"]
            for way in (False, True)
        )
        assert together == each if form == "raw" else together < each
    tall = np.round(255 * images.valid).astype(np.uint8).reshape(-1, 32)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(tall)))), tall)
    row = Lossless(name="", format="png", together=True).run(read)
    assert row["bits_per_image"] == pytest.approx(8 * len(png(tall)) / 30, rel=1e-5)


def test_components_as_files(held_and_read):
    images, _ = held_and_read
    code = LinearCode(name="", patch=8, components=5, measures=("files",))
    row = code.run(images)
    assert (np.diff(row["file_bytes_each"]) > 0).all()
    assert (np.diff(row["file_excess"]) < 0).all()
    # The finest step loses little of what the components have.
    assert row["file_excess"][-1] == pytest.approx(row["val_excess"], rel=0.05)
