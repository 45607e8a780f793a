"""The explorers that stand in chapters: their numbers, and what a reader is asked to find."""

import numpy as np
import pytest

from convae_lib import conv_transpose_matrix
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_explorer import PAGE, cell, numbers, slider, status

CONVOLUTION = "chapters/02_convolution_is_a_sparse_matrix.html"
TRANSPOSE = "chapters/03_the_transpose.html"
KERNEL = [[1, 2, 0], [0, 1, 3], [0, 0, 1]]
SUMS = [43, 51, 75, 83]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_explorer_of_the_convolution_answers_its_questions(visit, size):
    with visit(CONVOLUTION, size=size) as (page, complaints):
        assert numbers(page, "input") == [str(n) for n in range(1, 17)]
        assert numbers(page, "kernel") == [str(n) for n in np.ravel(KERNEL)]
        assert numbers(page, "output") == [str(n) for n in SUMS]
        cell(page, "kernel", 1, 2).hover()
        assert "stands in the matrix 4 times" in status(page)
        cell(page, "input", 3, 3).click()
        page.keyboard.type("0")
        assert numbers(page, "output") == [str(n) for n in (*SUMS[:3], SUMS[3] - 16)]
        link = page.get_by_role("link", name="on the explorer's page")
        assert f"{PAGE}#x=1,2" in link.get_attribute("href")
        assert complaints == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_explorer_of_the_transpose_answers_its_questions(visit, size):
    canvas = conv_transpose_matrix(KERNEL, (2, 2), strides=2) @ SUMS
    with visit(TRANSPOSE, size=size) as (page, complaints):
        assert numbers(page, "input") == [str(n) for n in SUMS]
        assert numbers(page, "kernel") == [str(n) for n in np.ravel(KERNEL)]
        assert numbers(page, "output") == [str(n) for n in canvas]
        assert page.locator(".ce-stage .ce-blank").count() == 0
        page.get_by_role("radio", name="overlaps").check()
        if size == PHONE:
            page.get_by_text("Settings", exact=True).click()
        for strides, found in ((2, {1, 2, 4}), (3, {1}), (4, {0, 1})):
            slider(page, "strides").fill(str(strides))
            assert {*map(int, numbers(page, "output"))} == found
        counts = np.reshape(numbers(page, "output"), (8, 8)).astype(int)
        for across in (counts, counts.T):
            assert np.flatnonzero(~across.any(axis=0)).tolist() == [3, 7]
        assert page.get_by_role("button", name="Play").is_visible()
        assert complaints == []


@pytest.mark.parametrize("name", [CONVOLUTION, TRANSPOSE])
def test_without_javascript_a_chapter_has_the_picture(visit, name):
    with visit(name, java_script_enabled=False) as (page, _):
        picture = page.locator("conv-explorer img")
        assert picture.evaluate("(image) => image.naturalWidth") > 500
        assert "in a notebook" in page.locator("conv-explorer").inner_text()
