"""The four official files: their names and shapes, and the names of the classes."""

from convae_lib.data import CLASS_NAMES
from convae_lib.data.fashion_mnist.official import FILES
from tests.library.data.examples import KEYS


def test_the_table_names_the_published_files():
    assert [FILES[key].name for key in KEYS] == [
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]
    assert FILES["train_images"].shape == (60_000, 28, 28)
    assert FILES["test_labels"].shape == (10_000,)
    assert len(CLASS_NAMES) == 10 and CLASS_NAMES[9] == "Ankle boot"
