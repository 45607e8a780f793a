"""The commands together, and how each of them ends."""

import os
import re
import signal
import sys
import warnings
from contextlib import contextmanager

import convae_lib

from . import data, evaluate, matrix, reconstruct, train
from .arguments import Parser, WrongUse, read_arguments
from .screen import Screen

__all__ = ["main", "parsers"]

COMMANDS = (train, evaluate, reconstruct, matrix, data)
FAILED, WRONG, STOPPED = 1, 2, 130
EXTRAS = {
    "PIL": "commands",
    "keras": "commands",
    "matplotlib": "commands",
    "sklearn": "commands",
    "skimage": "commands",
    "tensorflow": "commands",
}

MEMORY = re.compile("RESOURCE_EXHAUSTED|ResourceExhausted|OutOfMemory")
"""How backends say that they have no memory left."""

END = """\
examples:
  convae train my-pictures --out mine.keras
  convae reconstruct mine.keras my-pictures --out drawn
  convae evaluate published fashion-mnist

MODEL is a .keras file or the name of a network that comes trained; convae data lists
those. Each command has its own help: convae train --help.

exit codes:
  0 done, 1 something failed, 2 the command line cannot be meant, 130 stopped by Ctrl+C
"""


def main(arguments=None):
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the process by default.

    Returns
    -------
    int
        0 if it is done, 1 if something failed, 2 if the command line asks for what
        cannot be, 130 if it was stopped. What went wrong is one line on standard error.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser, commands = parsers()
    name, debug = parser.prog, "--debug" in arguments
    for stream in ("stdout", "stderr"):  # None, where whoever starts it has closed one
        if getattr(sys, stream) is None:
            setattr(sys, stream, open(os.devnull, "w"))
    sys.stdout.reconfigure(errors="backslashreplace")  # as for folders' names in bytes
    try:
        chosen = read_arguments(parser, commands, arguments)
        name = commands[chosen.command].prog
        with _quiet():
            chosen.run(chosen, Screen(chosen.json))
            sys.stdout.flush()
        return 0
    except KeyboardInterrupt as stopped:
        return _end(f"{name}: stopped{stopped}", STOPPED)
    except BrokenPipeError:  # whoever read it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        code = WRONG if isinstance(error, WrongUse) else FAILED
        return _end(f"{name}: error: {_told(error)}", code)


def parsers():
    """Return the parser of the whole command line, and that of each command by its name."""
    parser = Parser(
        "convae",
        description="Convolutional autoencoders: train them, look at what they draw.",
        epilog=END,
    )
    version = f"convae {convae_lib.__version__}"
    parser.add_argument("--version", action="version", version=version)
    of_all = Parser(add_help=False)
    of_all.add_argument(
        "--json", action="store_true", help="print one JSON object, for machines"
    )
    of_all.add_argument(
        "--debug", action="store_true", help="show where in the code an error arose"
    )
    there = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for module in COMMANDS:
        name = module.__name__.rpartition(".")[2]
        first, _, rest = module.HELP.partition("\n\n")
        command = there.add_parser(
            name,
            parents=[of_all],
            help=first.rstrip("."),
            description=first,
            epilog=rest,
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser, there.choices


@contextmanager
def _quiet():
    """Let libraries say nothing that is not asked for; end at SIGTERM as at Ctrl+C."""
    os.environ["MPLBACKEND"] = "agg"  # nothing is shown in a window
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number, frame):
    raise KeyboardInterrupt


def _told(error):
    """Return what went wrong as one line."""
    if isinstance(error, ModuleNotFoundError):
        missing = (error.name or "").partition(".")[0]
        if missing in EXTRAS:
            return (
                f"this needs {missing}, which is not installed; in the repository: "
                f"pip install '.[{EXTRAS[missing]}]'"
            )
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or MEMORY.search(
        f"{type(error).__name__} {text}"
    ):
        return (
            "the memory does not suffice; smaller images, codes or batches take less "
            f"({text[:200]})"
        )
    if isinstance(error, OSError | ValueError):
        return text or type(error).__name__
    return f"{type(error).__name__}: {text} (--debug shows where)"


def _end(line, code):
    print(line, file=sys.stderr, flush=True)
    return code
