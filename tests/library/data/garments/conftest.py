"""What several files of tests look at: three thousand drawn garments."""

import pytest

from convae_lib.data import draw_garments


@pytest.fixture(scope="session")
def drawn():
    return draw_garments(3_000, seed=3)
