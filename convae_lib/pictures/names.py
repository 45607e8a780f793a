"""What is drawn under names is a dict, or refused."""

from collections.abc import Mapping

__all__ = ["check_named"]


def check_named(**arguments):
    """Refuse arguments that are no dicts with something in them.

    Examples
    --------
    >>> check_named(curves=[1])
    Traceback (most recent call last):
        ...
    ValueError: curves is a list; give a dict, name to what is drawn under it
    """
    for argument, named in arguments.items():
        if not isinstance(named, Mapping):
            raise ValueError(
                f"{argument} is a {type(named).__name__}; give a dict, name to what is "
                "drawn under it"
            )
        if not named:
            raise ValueError(f"{argument} is empty; give at least one")
