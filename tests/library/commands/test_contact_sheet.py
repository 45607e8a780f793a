"""The sheet of before and after says which is which, and whose."""

import numpy as np
from PIL import ImageFont

from convae_lib.commands.contact_sheet import contact_sheet, fitting

WHITE, GREY = np.ones((64, 64)), np.full((64, 64), 0.5)


def ink(sheet, *box):
    """Return how many pixels of a part of the sheet are dark."""
    return int((np.asarray(sheet.convert("L").crop(box)) < 100).sum())


def test_words_stand_beside_the_rows_and_the_name_below_the_pair():
    sheet = contact_sheet([("apple", WHITE, GREY)] * 9)
    whole, half = sheet.width, sheet.height // 2  # two rows of pairs
    assert all(ink(sheet, 0, top, 42, top + half) for top in (0, half))
    name = contact_sheet([("apple", WHITE, GREY)])
    nameless = contact_sheet([("", WHITE, GREY)])
    words = ink(nameless, 0, 0, 42, nameless.height)
    assert words == ink(nameless, 0, 0, *nameless.size)  # no ink elsewhere
    assert ink(name, 42, name.height - 24, *name.size) > 20
    assert whole > 8 * 104


def test_a_long_name_loses_its_middle():
    font = ImageFont.load_default(12)
    assert fitting("apple_001", 100, font) == "apple_001"
    short = fitting("a_holiday_at_the_sea_in_2024_017", 100, font)
    assert short.startswith("a_hol") and "…" in short and short.endswith("_017")
    assert font.getlength(short) <= 100
