"""The shape of an image, where a model is not told another."""

__all__ = ["IMAGE_SHAPE"]

IMAGE_SHAPE = (28, 28)
