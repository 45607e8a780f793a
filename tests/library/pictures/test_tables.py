"""What a table shows, as text and as HTML."""

import re

import numpy as np
import pandas as pd
import pytest

from convae_lib import show_table


def frame(**columns):
    return pd.DataFrame(columns, index=pd.Index(["dense", "PCA"], name="kind"))


def cells(table):
    """Return the rows of a table's HTML, each as the list of its texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", table._repr_html_(), re.DOTALL)
    texts = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return [[re.sub(r"<[^>]*>", "", text) for text in row] for row in texts]


def bold(table):
    return re.findall(r"<strong>(.*?)</strong>", table._repr_html_())


def test_values_as_text_and_as_html():
    table = show_table(frame(a=[0.12345, 2.0], b=["x", "0.1 to 0.2"]), "What it is")
    assert repr(table).splitlines() == [
        "What it is",
        "kind        a           b",
        "dense  0.1235           x",
        "PCA    2.0000  0.1 to 0.2",
    ]
    assert cells(table) == [
        ["kind", "a", "b"],
        ["dense", "0.1235", "x"],
        ["PCA", "2.0000", "0.1 to 0.2"],
    ]
    assert "<caption>What it is</caption>" in table._repr_html_()


def test_whole_numbers_have_commas_and_the_others_their_digits():
    table = show_table(
        frame(n=[46256, 7], a=[1234.5, -0.001], b=[1 / 3, 1]), "c", digits={"a": 1}
    )
    assert cells(table)[1:] == [
        ["dense", "46,256", "1,234.5", "0.3333"],
        ["PCA", "7", "0.0", "1.0000"],
    ]
    assert cells(show_table(frame(a=[0.126, 1]), "c", digits=2))[1][1] == "0.13"


def test_what_is_missing_is_empty():
    table = show_table(
        frame(a=[np.nan, 1], b=[None, "x"], c=[None, 46256]), "c", digits=0
    )
    assert cells(table)[1:] == [["dense", "", "", ""], ["PCA", "1", "x", "46,256"]]
    assert "nan" not in repr(table).lower()


def test_levels_of_the_index_stand_under_their_names_in_one_row_of_heads():
    rows = pd.MultiIndex.from_product([["good"], [5, 1000]], names=["recipe", "epochs"])
    table = show_table(pd.DataFrame({"a": [1, 2]}, index=rows), "c")
    heads, *_ = cells(table)
    assert heads == ["recipe", "epochs", "a"]
    assert cells(table)[1:] == [["good", "5", "1"], ["good", "1,000", "2"]]
    assert repr(table).splitlines()[1].split() == heads
    html = table._repr_html_()
    assert html.count('scope="col"') == 3 and html.count('scope="row"') == 4
    assert "rowspan" not in html


def test_levels_of_columns_are_joined_and_can_be_asked_for():
    columns = pd.MultiIndex.from_tuples([("good", 5), ("good", 1000)])
    made = pd.DataFrame([[1.0, 2.0]], index=["a"], columns=columns)
    table = show_table(made, "c", digits={"good, 1,000": 1})
    assert cells(table) == [["", "good, 5", "good, 1,000"], ["a", "1.0000", "2.0"]]


def test_rows_that_are_only_counted_are_named_by_the_first_column():
    table = show_table(pd.DataFrame({"name": ["x", "y"], "a": [1, 2]}), "c")
    assert cells(table) == [["name", "a"], ["x", "1"], ["y", "2"]]
    assert table._repr_html_().count('<th scope="row">') == 2


def test_the_best_of_each_column_is_bold():
    made = frame(a=[0.2, 0.1], n=[3, 2000], text=["x", "y"])
    assert bold(show_table(made, "c")) == []
    assert bold(show_table(made, "c", best="min")) == ["3", "0.1000"]
    assert bold(show_table(made, "c", best={"n": "max"})) == ["2,000"]
    assert bold(show_table(made.assign(a=[np.nan, 5]), "c", best={"a": "max"})) == [
        "5.0000"
    ]


def test_all_that_tie_as_shown_are_bold():
    table = show_table(frame(a=[0.104, 0.099]), "c", digits=2, best="min")
    assert bold(table) == ["0.10", "0.10"]


def test_the_same_frame_gives_the_same_table_and_stays_as_it_is():
    made = frame(a=[1.0, 2.0])
    before = made.copy()
    first, second = (show_table(made, "c", best="min") for _ in range(2))
    assert first._repr_html_() == second._repr_html_() and repr(first) == repr(second)
    assert not re.search(r" id=|<style|0x", first._repr_html_() + repr(first))
    pd.testing.assert_frame_equal(made, before)


def test_what_html_would_read_as_its_own_is_shown():
    made = pd.DataFrame({"a<b": ["<i>"]}, index=pd.Index(["&"], name="<k>"))
    html = show_table(made, "x < y")._repr_html_()
    for text in ("a&lt;b", "&lt;i&gt;", "&amp;", "&lt;k&gt;", "x &lt; y"):
        assert f">{text}</" in html


@pytest.mark.parametrize(
    ("made", "options", "said"),
    [
        ([1, 2], {}, "frame is a list; give a pandas.DataFrame"),
        (pd.DataFrame(), {}, "0 rows and 0 columns"),
        (pd.DataFrame({"a": [1]}), {}, "1 rows and 0 columns beside the names"),
        (frame(a=[1, 2])[["a", "a"]], {}, "several columns 'a'"),
        (frame(a=[1, 2]), {"caption": " "}, "caption ' ' says nothing"),
        (
            frame(a=[1, 2]),
            {"digits": {"b": 1}},
            "digits names a column 'b'; there are a",
        ),
        (
            frame(a=[1, 2]),
            {"digits": -1},
            "digits of 'a' -1 must be a whole number from 0",
        ),
        (
            frame(a=[1, 2]),
            {"best": "most"},
            "best is 'most'; give 'min', 'max' or None",
        ),
        (frame(a=[1, 2]), {"best": {"b": "min"}}, "best names a column 'b'"),
        (frame(a=["x", "y"]), {"best": {"a": "min"}}, "'a', which has no number"),
        (frame(a=["x", "y"]), {"best": "most"}, "best is 'most'"),
    ],
)
def test_what_is_no_table_is_refused(made, options, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        show_table(made, **{"caption": "c", **options})
