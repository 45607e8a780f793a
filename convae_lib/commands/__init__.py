"""The command line, ``convae`` or ``python -m convae_lib``: a module a command.

``command_line`` puts the commands together and says in one line what went wrong,
``arguments`` reads what is typed, ``named_models`` and ``named_images`` what is named,
and ``screen`` says what a command tells. ``recipes`` builds what is trained, ``course``
trains it, ``begun`` tells what a stopped training goes on from, ``notes`` keeps what it
was made from, ``baselines`` puts simple rules beside it, ``contact_sheet`` draws, and
``outputs`` writes. Everything heavy is imported when a command runs.
"""

import sys

__all__ = ["main"]


def main(arguments=None):
    """Run one command, as ``command_line.main``; end in one line if it is stopped early."""
    try:
        from .command_line import main as run
    except KeyboardInterrupt:
        print("convae: stopped", file=sys.stderr)
        return 130
    return run(arguments)
