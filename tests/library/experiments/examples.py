"""Small experiments, and the few images, that several test files run them on."""

from convae_lib import draw_garments
from convae_lib.data import Images
from convae_lib.experiments import Lossless, Training

SMALL = Training(
    name="small",
    model="small_conv_autoencoder",
    options={"code_size": 5},
    optimizer="muon",
    learning_rate=0.03,
    schedule="linear",
    epochs=2,
    images=640,
)
FORMATS = [Lossless(name=name, format=name) for name in ("raw", "gzip", "png")]


def drawn_images():
    """Return a thousand drawn garments to train on, and some to validate and test."""
    x, _, _ = draw_garments(1_500, seed=7)
    return Images(train=x[:1_000], valid=x[1_000:1_300], test=x[1_300:], name="drawn")
