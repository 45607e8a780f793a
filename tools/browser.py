"""The browser of this machine, which prints the book and tests it."""

import shutil

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
NONE = (
    f"no browser is installed: looked for {', '.join(NAMES)}; "
    "on Debian and Ubuntu `apt-get install chromium` brings one"
)


def find_chromium():
    """Return the path of a Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright):
    """Start the Chromium of this machine.

    Parameters
    ----------
    playwright : playwright.sync_api.Playwright

    Returns
    -------
    playwright.sync_api.Browser

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    program = find_chromium()
    if program is None:
        raise FileNotFoundError(NONE)
    # Chromium's sandbox needs rights that containers and CI lack.
    return playwright.chromium.launch(executable_path=program, chromium_sandbox=False)
