"""What is typed: words that a command understands, and those that it refuses."""

import argparse
import difflib
import os
import re
from importlib.util import find_spec

__all__ = [
    "Parser",
    "Unreadable",
    "WrongUse",
    "add_overwrite",
    "check_backend",
    "nearest",
    "positive",
    "read_arguments",
    "size",
    "whole",
]


BACKENDS = ("tensorflow", "jax", "torch")
"""Those of Keras that train."""

ONLY_FORWARD = ("numpy", "openvino")
"""Those that do not."""

MOST_PIXELS = 4096**2
"""Larger images than any that a network here is trained on."""

Unreadable = argparse.ArgumentTypeError
"""What a reader of an argument raises; the parser names the argument beside it."""


class WrongUse(ValueError):
    """A command line that asks for what cannot be; it says what would be valid."""


def check_backend():
    """Refuse a backend that Keras does not have, or that is not installed.

    Raises
    ------
    WrongUse
        Names ``KERAS_BACKEND``, and the backends that are installed.
    """
    name = os.environ.get("KERAS_BACKEND")
    known = name in (*BACKENDS, *ONLY_FORWARD)
    if name and not (known and find_spec(name)):
        why = "is not installed" if known else "is no backend of Keras"
        there = [backend for backend in BACKENDS if find_spec(backend)]
        raise WrongUse(f"KERAS_BACKEND={name} {why}; there are {', '.join(there)}")


class Parser(argparse.ArgumentParser):
    """A parser that raises `WrongUse` in place of printing its usage and exiting."""

    def __init__(self, *arguments, **options):
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*arguments, allow_abbrev=False, **options)

    def _check_value(self, action, value):  # argparse lists, and does not guess
        if action.choices is not None and value not in action.choices:
            told = f"there is no {value!r}; {nearest(value, action.choices)}"
            raise argparse.ArgumentError(action, told)

    def error(self, message):
        raise WrongUse(f"{message} (see {self.prog} --help)")


def read_arguments(parser, commands, arguments):
    """Return what is chosen; refuse options that the command does not have.

    Parameters
    ----------
    parser : Parser
    commands : dict of str to Parser
        The parser of each command.
    arguments : list of str

    Raises
    ------
    WrongUse
        Names the argument and what is nearest to it.
    """
    chosen, unknown = parser.parse_known_args(arguments)
    if not chosen.command:
        parser.error(f"name a command: {', '.join(commands)}")
    if unknown:
        own = commands[chosen.command]
        word = unknown[0].partition("=")[0]
        if not word.startswith("-"):
            own.error(f"{word!r} is one argument too many")
        there = [o for o in own._option_string_actions if o.startswith("--")]
        own.error(f"there is no option {word}; {nearest(word, there)}")
    return chosen


def nearest(word, names, also=()):
    """Return what may have been meant by a word; where nothing is near, the names.

    Parameters
    ----------
    word : str
    names : iterable of str
    also : iterable of str, optional
        What may have been meant, too, and is not listed.

    Examples
    --------
    >>> nearest("publised", ["good", "published"])
    'did you mean published?'
    >>> nearest("best", ["good", "published"])
    'there are good, published'
    """
    near = difflib.get_close_matches(word, [*names, *also], n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"


def add_overwrite(parser):
    """Add the option without which nothing that exists is replaced."""
    parser.add_argument(
        "--overwrite", action="store_true", help="replace what is there already"
    )


def whole(least=1, most=None):
    """Return a reader of whole numbers from `least` up, or from `least` to `most`."""
    until = "up" if most is None else f"to {most:,}"

    def read(text):
        value = int(text) if re.fullmatch(r"[0-9]{1,40}", text) else -1
        if value < least or (most is not None and value > most):
            raise Unreadable(f"{text!r} must be a whole number from {least} {until}")
        return value

    return read


def positive(text):
    """Read a positive number."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise Unreadable(f"{text!r} must be a positive number")
    return value


def size(text):
    """Read the size of images: a side, or height x width.

    Examples
    --------
    >>> size("64"), size("48x64")
    ((64, 64), (48, 64))
    """
    if not (read := re.fullmatch(r"(\d+)(?:[x×](\d+))?", text)):
        raise Unreadable(f"{text!r} must be a side, as 64, or height x width, as 48x64")
    height, width = int(read[1]), int(read[2] or read[1])
    if not height or not width:
        raise Unreadable(f"{text!r} must be of whole numbers from 1 up")
    if height * width > MOST_PIXELS:
        raise Unreadable(f"{text!r} is more than {MOST_PIXELS:,} pixels; give less")
    return height, width
