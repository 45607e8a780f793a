"""Linear codes and lossless files: refused when they are made, and on any images."""

import pytest

from convae_lib import entropy_floor
from convae_lib.experiments import LinearCode, Lossless


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Lossless(name="", format="jpeg"), "format 'jpeg' is not one of"),
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
