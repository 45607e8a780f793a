"""What can be asked of an autoencoder.

The functions in `MEASURES` take the trained model and the data, and return entries for
the record.
"""

import numpy as np

from .metrics import binary_crossentropy, entropy_floor

__all__ = [
    "BITS",
    "MEASURES",
    "bits",
    "checkerboard",
    "reconstruct",
    "rounded_codes",
    "scores",
    "test",
]

BITS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 16)


def reconstruct(model, images):
    """Return a model's output for many images, as an array."""
    parts = [images[i : i + 500] for i in range(0, len(images), 500)]
    return np.concatenate([np.asarray(model(part)) for part in parts])


def scores(part, images, reconstructions):
    """Return the four scores of reconstructions, under names that begin with `part`."""
    if not np.isfinite(reconstructions).all():
        found = dict.fromkeys(("loss", "excess", "rounded_accuracy", "mse"))
    else:
        loss = binary_crossentropy(images, reconstructions)
        found = {
            "loss": loss,
            "excess": loss - entropy_floor(images),
            "rounded_accuracy": np.mean(np.round(images) == np.round(reconstructions)),
            "mse": np.mean((images - reconstructions) ** 2),
        }
    return {f"{part}_{name}": value for name, value in found.items()}


def test(model, data):
    """Score the model on the test images: once, when all choices are made."""
    return scores("test", data.x_test, reconstruct(model, data.x_test))


def bits(model, data):
    """Round each number of the code to a few bits, and score what is left."""
    encoder, decoder = model.layers
    return rounded_codes(
        data,
        lambda images: reconstruct(encoder, images),
        lambda codes: reconstruct(decoder, codes),
    )


def rounded_codes(data, encode, decode):
    """Return the excess on validation for codes rounded to each number of bits.

    Each code number gets 2**bits evenly spaced levels between its smallest and
    its largest value on the training images.
    """
    seen = encode(data.x_train)
    low, high = seen.min(axis=0), seen.max(axis=0)
    width = np.where(high > low, high - low, 1)
    place = np.clip((encode(data.x_valid) - low) / width, 0, 1)
    excess = []
    for count in BITS:
        levels = 2**count - 1
        codes = low + np.round(place * levels) / levels * width
        y = decode(codes.astype(np.float32))
        excess.append(scores("val", data.x_valid, y)["val_excess"])
    return {"bits": list(BITS), "bits_excess": excess}


def checkerboard(model, data):
    """Compare the errors at even and odd rows and columns.

    The squared error on validation is averaged over the pixels of each of the
    four phases (row even or odd, column even or odd). Without a pattern of
    period 2 they are alike: the largest over the smallest is near 1.
    """
    error = (reconstruct(model, data.x_valid) - data.x_valid) ** 2
    phases = [error[:, i::2, j::2].mean() for i in (0, 1) for j in (0, 1)]
    return {"phase_mse": phases, "checkerboard": max(phases) / min(phases)}


MEASURES = {"bits": bits, "checkerboard": checkerboard, "test": test}
"""What a trained model can be asked, by the names that experiments use."""
