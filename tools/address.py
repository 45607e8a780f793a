"""The repository's address where files state it: ``python -m tools.address``.

It stands in one line of _config.yml, ``repository: {url: ...}``. From there this writes it
into CITATION.cff and pyproject.toml, and badges under the title of the README; where the
line is empty, it takes them out. The book derives its buttons by itself.
"""

import re

import yaml

from convae_lib.checks import write_whole
from tools.notebooks import ROOT
from tools.site.repository import (
    BINDER,
    BRANCH,
    COLAB,
    COPIES,
    is_on_github,
    read_address,
)

CONFIG = ROOT / "_config.yml"


def address():
    """Return the address in _config.yml, or None."""
    return read_address(yaml.safe_load(CONFIG.read_text())["repository"]["url"])


def with_address(name, text, url):
    """Return the text of a file with the address in it, or without any.

    Parameters
    ----------
    name : {"README.md", "CITATION.cff", "pyproject.toml"}
    text : str
    url : str or None

    Examples
    --------
    >>> print(with_address("CITATION.cff", "title: Book", "https://github.com/a/b"))
    title: Book
    repository-code: https://github.com/a/b
    <BLANKLINE>
    >>> with_address("CITATION.cff", "title: Book\\nrepository-code: https://x.y/a/b\\n", None)
    'title: Book\\n'
    """
    if name == "CITATION.cff":
        kept = re.sub(r"^repository-code: .*\n", "", text, flags=re.MULTILINE)
        return f"{kept.rstrip()}\nrepository-code: {url}\n" if url else kept
    if name == "pyproject.toml":
        kept = re.sub(r'\[project\.urls\]\nRepository = ".*"\n\n', "", text)
        block = f'[project.urls]\nRepository = "{url}"\n\n' if url else ""
        return kept.replace("[project.scripts]\n", f"{block}[project.scripts]\n", 1)
    title, _, rest = text.partition("\n")
    rest = re.sub(r"\A\n(\[!\[.*\n)+", "", rest)
    return f"{title}\n{badges(url) if url else ''}{rest}"


def badges(url):
    """Return the badges of the README, a line each."""
    shown = []
    if is_on_github(url):
        tests = f"{url}/actions/workflows/ci.yml"
        repository = url.removeprefix("https://github.com/")
        shown = [
            ("tests", f"{tests}/badge.svg", tests),
            (
                "open in Binder",
                f"{BINDER}/badge_logo.svg",
                f"{BINDER}/v2/gh/{repository}/{BRANCH}",
            ),
            (
                "open in Colab",
                f"{COLAB}/assets/colab-badge.svg",
                f"{COLAB}/github/{repository}/blob/{COPIES}",
            ),
        ]
    lines = [f"[![{what}]({picture})]({link})\n" for what, picture, link in shown]
    return "".join(["\n", *lines]) if lines else ""


def main():
    """Write the files that state the address."""
    url = address()
    for name in ("README.md", "CITATION.cff", "pyproject.toml"):
        text = (ROOT / name).read_text()
        if (new := with_address(name, text, url)) != text:
            write_whole(ROOT / name, new)
            print(f"{name} is written")
    print(f"address: {url or 'none; give it in _config.yml, repository: url'}")


if __name__ == "__main__":
    main()
