"""The losses that a training can have, by name."""

import keras

__all__ = ["LOSSES"]


@keras.saving.register_keras_serializable("convae_lib")
def summed_binary_crossentropy(images, reconstructions):
    """Binary cross-entropy summed over the pixels of each image."""
    of_rows = keras.losses.binary_crossentropy(images, reconstructions)
    axes = tuple(range(1, len(of_rows.shape)))
    return images.shape[-1] * keras.ops.sum(of_rows, axis=axes)


LOSSES = {"mean": "binary_crossentropy", "sum": summed_binary_crossentropy}
"""What Keras takes for each: a mean over the pixels of an image, or their sum."""
