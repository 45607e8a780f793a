"""``python -m convae_lib``: the same as the command ``convae``."""

import sys

from .commands import main

if __name__ == "__main__":
    sys.exit(main())
