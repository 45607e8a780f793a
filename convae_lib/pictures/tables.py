"""Tables: a data frame as a reader wants it, with a caption and one row of heads."""

import re
from html import escape
from numbers import Real

from ..checks import check_sizes, is_whole

__all__ = ["show_table"]


def show_table(frame, caption, *, digits=4, best=None):
    """Show a data frame as a table with a caption.

    It has one row of heads: levels of the index stand under their names, and levels of
    columns are joined, as in "good, 5 epochs". Rows that are only counted are named by
    the first column. Whole numbers have commas between thousands; what is missing is
    empty.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows in the order in which they are to be read; text stays as it is.
    caption : str
        What the table shows, and in which unit.
    digits : int or dict of str to int, default 4
        Digits after the point of numbers that are not whole; in a dict, those of some
        columns.
    best : {"min", "max"} or dict of str to {"min", "max"}, optional
        Bold the smallest or the largest number of each column, or of some; all that
        look like it when they are rounded. The caption says so.

    Returns
    -------
    Table
        HTML in a notebook, and text where it is printed.

    Raises
    ------
    ValueError
        If there is no frame, nothing in it, or two columns of one name; if the caption
        is empty; if `digits` or `best` name a column that is not there, or `best` one
        without numbers, or another word.

    Examples
    --------
    >>> import pandas as pd
    >>> from convae_lib import show_table
    >>> codes = {"name": ["dense", "residual"], "parameters": [46285, 44387]}
    >>> frame = pd.DataFrame(codes).assign(excess=[0.0450, 0.0225])
    >>> show_table(frame, "Codes of 30 numbers", best={"excess": "min"})
    Codes of 30 numbers
    name     parameters  excess
    dense        46,285  0.0450
    residual     44,387  0.0225
    """
    import pandas as pd  # whoever has a frame has it

    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise ValueError(f"frame is a {kind}; give a pandas.DataFrame")
    if not isinstance(caption, str) or not caption.strip():
        raise ValueError(f"caption {caption!r} says nothing; give a sentence")
    if (
        isinstance(frame.index, pd.RangeIndex)
        and frame.index.name is None
        and frame.size
    ):
        frame = frame.set_index(frame.columns[0])
    if not frame.size:
        rows, columns = frame.shape
        raise ValueError(
            f"frame has {rows} rows and {columns} columns beside the names of its rows; "
            "give one of each at least"
        )
    heads = [_label(name) for name in frame.columns]
    if twice := sorted({head for head in heads if heads.count(head) > 1}):
        raise ValueError(f"frame has several columns {twice[0]!r}; give each its name")
    columns = {head: list(frame.iloc[:, i]) for i, head in enumerate(heads)}
    shown, bold = _told(columns, digits), {}
    for head, word in _asked(columns, best).items():
        number = min if word == "min" else max
        first = number(value for value in columns[head] if _is_number(value))
        bold[head] = shown[head][columns[head].index(first)]
    levels = [frame.index.get_level_values(i) for i in range(frame.index.nlevels)]
    names = [_label(name) for name in frame.index.names]
    rows = [[_label(value) for value in level] for level in levels]
    told = f"{caption} (bold: the best)" if bold else caption
    return Table(
        _html(pd.DataFrame, told, names, rows, shown, bold),
        _text(pd.DataFrame, caption, names, rows, shown),
    )


class Table:
    """What `show_table` returns: a notebook shows its HTML, and others print its text."""

    def __init__(self, html, text):
        self._html, self._text = html, text

    def _repr_html_(self):
        return self._html

    def __repr__(self):
        return self._text


def _is_number(value):
    """Tell whether a value is a number, and not the one that is none."""
    return isinstance(value, Real) and not isinstance(value, bool) and value == value


def _label(value):
    """Return a name, of one level or several, as text."""
    if isinstance(value, tuple):
        return ", ".join(filter(None, map(_label, value)))
    if value is None or value != value:
        return ""
    return f"{value:,}" if _is_number(value) else str(value)


def _told(columns, digits):
    """Return columns with text in place of values."""
    by_column = digits if isinstance(digits, dict) else dict.fromkeys(columns, digits)
    _check_columns("digits", by_column, columns)
    for head, count in by_column.items():
        check_sizes(0, **{f"digits of {head!r}": count})

    def told(value, count):
        if is_whole(value):
            return f"{value:,}"
        # z: what rounds to nought has no sign.
        return f"{value:z,.{count}f}" if _is_number(value) else _label(value)

    return {
        head: [told(value, by_column.get(head, 4)) for value in values]
        for head, values in columns.items()
    }


def _asked(columns, best):
    """Return which end of which column is the best one, as a dict."""
    numeric = [head for head in columns if any(map(_is_number, columns[head]))]
    if best is None:
        return {}
    by_column = best if isinstance(best, dict) else dict.fromkeys(numeric, best)
    _check_columns("best", by_column, columns)
    for word in by_column.values() if isinstance(best, dict) else [best]:
        if word not in ("min", "max"):
            raise ValueError(f"best is {word!r}; give 'min', 'max' or None")
    for head in by_column:
        if head not in numeric:
            raise ValueError(f"best names {head!r}, which has no number")
    return by_column


def _check_columns(what, named, columns):
    if unknown := [head for head in named if head not in columns]:
        raise ValueError(
            f"{what} names a column {unknown[0]!r}; there are {', '.join(columns)}"
        )


def _html(make_frame, caption, names, rows, shown, bold):
    """Return the table as HTML, without styles and ids.

    Styler puts the names of levels into a row of their own, so that they are written
    into its corner here; a screen reader is told what heads a row and what a column.
    """
    cells = {
        head: [_strong(cell, cell == bold.get(head)) for cell in column]
        for head, column in shown.items()
    }
    frame = make_frame(cells)
    frame.index = [[escape(label) for label in level] for level in rows]
    frame.columns = [escape(head) for head in shown]
    html = frame.style.hide(names=True).to_html(
        caption=escape(caption), sparse_index=False, exclude_styles=True
    )
    html = html.replace("<table>", '<table class="dataframe">', 1)
    for name in names:
        left = f'<th scope="col" style="text-align: left">{escape(name)}</th>'
        corner = left if name else "<td></td>"
        html = html.replace("<th >&nbsp;</th>", corner, 1)
    head, body = html.split("</thead>")
    head = head.replace("<th >", '<th scope="col">')
    body = body.replace("<th >", '<th scope="row">').replace("<td >", "<td>")
    return re.sub(r"\n +", "\n", f"{head}</thead>{body}").strip()


def _strong(text, is_best):
    return f"<strong>{escape(text)}</strong>" if is_best else escape(text)


def _text(make_frame, caption, names, rows, shown):
    """Return the table as text, its names to the left."""
    padded = []
    for name, level in zip(names, rows):
        width = max(map(len, [name, *level]))
        padded.append([label.ljust(width) for label in [name, *level]])
    corner, *labels = ("  ".join(parts).rstrip() for parts in zip(*padded))
    frame = make_frame(shown, index=labels)
    frame.columns.name = corner
    return f"{caption}\n{frame.to_string()}"
