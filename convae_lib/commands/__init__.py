"""The command line, ``convae`` or ``python -m convae_lib``: a module a command.

``command_line`` puts the commands together and says in one line what went wrong,
``arguments`` reads what is typed, ``given`` the models and images that are named, and
``screen`` says what a command tells. Everything heavy is imported when a command runs.
"""

from .command_line import main

__all__ = ["main"]
