"""What others have published, entered twice: a slip in one place shows in the other."""

import json

from tools.prose import PUBLISHED

FROM = {
    "xiao2017": [60_000],
    "daesogi2021": [
        *(17.4, 2021, 17.3, 23_296, 23_233, 4_640, 18_496, 18_464, 4_624, 1.0, 1_719),
        *(0.3018, 0.2756, 0.2708, 0.2682, 0.2664),
        *(0.9187, 0.9414, 0.9462, 0.9491, 0.9510),
        *(0.2847, 0.2730, 0.2697, 0.2685, 0.2673),
        *(0.9290, 0.9453, 0.9496, 0.9492, 0.9506),
    ],
    "geron2019code": [0.2835, 0.2839, 2.0],
    "klambauer2017": [1.0507],
    "marcosash2026": [2026],
    "seyeeet2020": [2020],
    "vandorp2022": [2.11],
    "geron2022code": [0.0132, 0.0121, 0.0104, 0.0099],
    "geron2025code": [0.12],
    "golan2018": [0.917, 0.928, 0.935],
    "calder2020": [60.8, 75.3, 62.0, 76.1],
    "kirkdco2022": [74.7, 79.6],
}


def test_published_numbers_are_those_of_their_sources():
    found = {}
    for entry in json.loads(PUBLISHED.read_text()):
        found.setdefault(entry["source"], []).extend(entry["values"])
    assert found == FROM
