"""What follows from the address of the repository, one line of _config.yml.

With ``repository: {url: https://github.com/OWNER/NAME}`` each chapter gets buttons that
open it in Binder and in Colab, and each page links to the repository and its issues.
Without it there are none: the theme would send readers to its own repository.
"""

import re

from sphinx.errors import ConfigError

BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"
BRANCH = "main"
COPIES = "colab"
"""The branch with the copies that `make colab` writes: they carry the library."""


def setup(app):
    app.connect("config-inited", derive)
    app.connect("html-page-context", mend, priority=600)  # after the theme's, at 501


def read_address(address):
    """Return an address without what may hang on its end; None where there is none.

    Raises
    ------
    ValueError
        If it is no address of a repository.
    """
    address = (address or "").strip().rstrip("/").removesuffix(".git")
    if not address:
        return None
    if not re.fullmatch(r"https://[\w.-]+(/[\w.-]+){2,}", address):
        raise ValueError(
            f"{address!r} is no address of a repository, such as "
            "https://github.com/OWNER/NAME"
        )
    return address


def is_on_github(address):
    return address.startswith("https://github.com/")


def derive(app, config):
    """Set the theme's options for buttons from the address."""
    options = config.html_theme_options
    try:
        address = read_address(options.get("repository_url"))
    except ValueError as error:
        raise ConfigError(f"_config.yml, repository: url: {error}") from error
    known = address is not None
    has_issues = known and re.match(r"https://(github|gitlab)\.com/", address)
    options |= {
        "repository_url": address or "",
        "repository_branch": BRANCH,
        "use_repository_button": known,
        "use_issues_button": bool(has_issues),
        "use_edit_page_button": False,  # a stored notebook is not edited in a browser
        "launch_buttons": {},
    }
    if known:
        options["launch_buttons"] = {
            "notebook_interface": "jupyterlab",
            "binderhub_url": BINDER,
            "colab_url": COLAB if is_on_github(address) else "",
        }


def mend(app, page, template, context, doctree):
    """Send Colab to the copies that run there, and show icons that the site has."""
    for group in context.get("header_buttons", []):
        for button in [group, *group.get("buttons", [])]:
            if button.get("icon", "").startswith("fab "):
                button["icon"] = "fas fa-code-branch"
            if button.get("text") == "Colab":
                button["url"] = button["url"].replace(
                    f"/blob/{BRANCH}/", f"/blob/{COPIES}/"
                )
