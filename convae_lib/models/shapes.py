"""What all models agree on, and the check of the sizes they are given."""

from ..arguments import is_whole

__all__ = ["IMAGE_SHAPE", "check_sizes"]

IMAGE_SHAPE = (28, 28)


def check_sizes(least=1, **sizes):
    """Refuse sizes that are no whole numbers from `least` up."""
    for name, value in sizes.items():
        if not is_whole(value) or value < least:
            raise ValueError(f"{name} {value!r} must be a whole number from {least} up")
