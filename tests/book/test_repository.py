"""One line of _config.yml says where the repository is; without it nothing is claimed."""

import re
import subprocess
import sys
import tomllib

import nbformat
import pytest
import yaml
from sphinx.errors import ConfigError

import convae_lib
from tools.address import address, with_address
from tools.notebooks import ROOT
from tools.site.repository import derive, read_address

URL = "https://github.com/someone/a-book"
STATING = ("README.md", "CITATION.cff", "pyproject.toml")


@pytest.mark.parametrize("name", STATING)
def test_files_state_the_address_of_the_config_and_no_other(name):
    text = (ROOT / name).read_text()
    assert with_address(name, text, address()) == text, "python -m tools.address"


@pytest.mark.parametrize("name", STATING)
def test_an_address_is_written_once_and_taken_out_again(name):
    text = with_address(name, (ROOT / name).read_text(), None)
    stated = with_address(name, text, URL)
    assert URL in stated and with_address(name, stated, URL) == stated
    assert with_address(name, stated, None) == text
    if name == "CITATION.cff":
        assert yaml.safe_load(stated)["repository-code"] == URL
    if name == "pyproject.toml":
        assert tomllib.loads(stated)["project"]["urls"] == {"Repository": URL}


@pytest.mark.parametrize("written", [URL, f"{URL}/", f"{URL}.git", f" {URL} "])
def test_an_address_is_read_as_it_is_copied(written):
    assert read_address(written) == URL


@pytest.mark.parametrize("written", ["someone/a-book", "git@github.com:someone/a-book"])
def test_what_is_no_address_is_refused(written):
    class Config:
        html_theme_options = {"repository_url": written}

    with pytest.raises(ConfigError, match="such as https://github.com/OWNER/NAME"):
        derive(None, Config)


@pytest.mark.parametrize("url", ["", URL])
def test_buttons_are_those_of_the_address(tmp_path, url):
    """Build one notebook with the book's theme."""
    (tmp_path / "index.md").write_text("# Book\n\n```{toctree}\nchapters/one\n```\n")
    (tmp_path / "chapters").mkdir()
    cells = [nbformat.v4.new_markdown_cell("# One\n\nA page.")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "chapters" / "one.ipynb")
    (tmp_path / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "extensions = ['myst_nb', 'sphinx_book_theme', 'tools.site.repository']\n"
        "html_theme, nb_execution_mode = 'sphinx_book_theme', 'off'\n"
        f"html_theme_options = {{'repository_url': {url!r}}}\n"
    )
    build = [sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "html"]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "html" / "chapters" / "one.html").read_text()
    links = re.findall(r'href="(https://(?:github|mybinder|colab)[^"]*)"', page)
    links = [link for link in links if "sphinx-book-theme" not in link]
    if not url:
        assert links == []
        return
    chapter = "someone/a-book/blob/colab/chapters/one.ipynb"
    assert f"https://colab.research.google.com/github/{chapter}" in links
    lab = "gh/someone/a-book/main?urlpath=lab/tree/chapters/one.ipynb"
    assert f"https://mybinder.org/v2/{lab}" in links
    assert URL in links and any(link.startswith(f"{URL}/issues/new") for link in links)
    assert "fa-brands" not in page and "fab fa-" not in page


def test_the_version_stands_in_one_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert cited["version"] == convae_lib.__version__
    title = yaml.safe_load((ROOT / "_config.yml").read_text())["title"]
    assert (cited["title"], cited["license"]) == (title, project["project"]["license"])
