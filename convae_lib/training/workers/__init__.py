"""One training on several processes at once, by Ray."""

from .driver import train_on_workers

__all__ = ["train_on_workers"]
