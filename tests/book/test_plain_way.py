"""Without make: a new environment, one file of requirements, and everything runs."""

import re

import pytest

import convae_lib
from tests.book.environments import Environment

CHAPTER = "chapters/02_convolution_is_a_sparse_matrix.ipynb"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["requirements.txt", "requirements.lock"])
def plain(request, tmp_path_factory):
    new = Environment(tmp_path_factory.mktemp("plain"))
    new.run("pip", "install", "--quiet", "-r", request.param)
    return new


def test_the_book_builds_without_a_warning_and_with_its_library_page(plain):
    plain.run("jupyter-book", "build", "-W", "--keep-going", ".")
    page = (plain.repository / "_build" / "html" / "pages" / "api.html").read_text()
    assert {*re.findall(r'id="convae_lib\.(\w+)"', page)} >= {*convae_lib.__all__}


def test_a_chapter_is_executed_and_compared_from_any_folder(plain):
    for cwd in (plain.repository, plain.elsewhere):
        said = plain.run("pytest", "--nbval", plain.repository / CHAPTER, cwd=cwd)
        assert re.search(r"\d\d passed", said.stdout), said.stdout[-3000:]


def test_a_notebook_opens_with_the_library_from_any_folder(plain):
    said = plain.run(
        *("jupyter", "execute", "--kernel_name=python3", plain.repository / CHAPTER),
        cwd=plain.elsewhere,
    )
    assert "Executing" in said.stderr
