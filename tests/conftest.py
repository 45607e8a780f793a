"""What several test files share."""

import matplotlib
import pytest

from convae_lib import load_fashion_mnist

matplotlib.use("Agg")


@pytest.fixture(scope="session")
def real_data():
    """The official images; a test that needs them is skipped on the stand-in."""
    data = load_fashion_mnist()
    if data.is_stand_in:
        pytest.skip("needs the real Fashion-MNIST images; the stand-in is in use")
    return data
