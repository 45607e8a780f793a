"""Small experiments that several test files run."""

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
