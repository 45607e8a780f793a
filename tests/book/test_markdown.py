"""Code, maths, links and MyST are found where the book's parser finds them."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tools.markdown import replaced
from tools.prose import PAGES, markdown, prose

MARKS = r"""` `` ``` ```` ~~~ ::: $ $$ | |---| - > 1. # % +++ --- \ * ** ( ) [ ] ! <b> <!--
{note} {cite}`a` [a](b.md) (a)= :a: &amp; <https://a.b> 0.5 é""".split()
WHITE = ["", " ", "    ", "\n", "\n\n", "\r\n", "\t", "\u2028"]


@given(st.lists(st.sampled_from(MARKS + WHITE)).map("".join))
@example(">:::\n>")
def test_what_is_not_replaced_stays_as_it_is(text):
    assert replaced(text, lambda token, source: source) == text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_stay_as_they_are(path):
    assert replaced(markdown(path), lambda token, source: source) == markdown(path)


@pytest.mark.parametrize(
    "text",
    [
        "0.1 `0.9\n0.9` 0.2",
        "`$` 0.1, `$` 0.2, \\$0.3 and \\$0.4",
        "a ` 0.1\n\nand ` 0.2",
        "[a `]` 0.9](b.md) 0.1 ![0.9](c_(0.9).png) 0.2 <https://a.b/0.9>",
        "| 0.1 | `0.9` 0.2 |\n|---|---|\n| $0.9$ | ` |\n| 0.3 | ` |",
        "- 0.1\n\n  ```python\n  0.9\n  ```\n\n  0.2 $0.9\n  0.9$\n- 0.3",
        "> ```\n> 0.9\n> ```\n> 0.1",
        "0.1\n\n    0.9\n\n0.2",
        "~~~ 0.9\n```\n0.9\n~~~\n0.1",
        "````\n```\n0.9\n```\n0.9\n````\n0.1",
        "````{note} 0.1\n```\n0.9\n```\n0.2\n````\n0.3",
        "`````{note}\n````{tip} 0.1\n:class: 0.9\n- ~~~\n  0.9\n````\n0.2\n`````\n0.3",
        ":::{note} 0.1\n0.2\n:::\n0.3\n:a: 0.4",
        "$$\n0.9\n\n0.9\n$$\n0.1\n\n% 0.9\n\n(a-0.9)=\n# 0.2",
        "```{eval-rst}\n0.9\n```\n```{math}\n0.9\n```\n<div>\n0.1\n</div>",
    ],
)
def test_no_prose_is_where_0_9_stands(text):
    numbers = re.findall(r"0\.\d", text)
    assert re.findall(r"0\.\d", prose(text)) == [n for n in numbers if n != "0.9"]
