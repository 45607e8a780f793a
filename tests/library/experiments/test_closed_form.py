"""Linear codes and lossless files: refused when they are made."""

import pytest

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
