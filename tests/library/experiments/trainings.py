"""A small training: it needs Keras as soon as it is made."""

from convae_lib.experiments import Training
from convae_lib.models import dense_autoencoder

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


def kept_models():
    """Return a list and what builds a small model and keeps it in the list."""
    made = []

    def build(image_shape, code_size):
        made.append(dense_autoencoder(code_size, 3, image_shape=image_shape))
        return made[-1]

    return made, build
