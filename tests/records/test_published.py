"""What others have published, entered twice: a slip in one place shows in the other."""

import json

from tools.prose import PUBLISHED

FROM = {
    "xiao2017": [60_000],
    "daesogi2021": [17.4, 2021, 23_296, 23_233, 0.2673, 0.9506],
    "geron2019code": [0.2835, 0.2839, 2.0],
    "klambauer2017": [1.0507],
    "marcosash2026": [2026],
    "vandorp2022": [2.11],
    "geron2022code": [0.0132, 0.0121, 0.0104, 0.0099],
    "geron2025code": [0.12],
}


def test_published_numbers_are_those_of_their_sources():
    found = {}
    for entry in json.loads(PUBLISHED.read_text()):
        found.setdefault(entry["source"], []).extend(entry["values"])
    assert found == FROM
