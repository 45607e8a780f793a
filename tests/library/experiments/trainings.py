"""A small training: it needs Keras as soon as it is made."""

from convae_lib.experiments import Training

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
