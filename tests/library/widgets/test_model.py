"""What the explorer says and lights, in a JavaScript engine, and its function in Python."""

import re
from math import floor

import numpy as np
import pytest

from convae_lib import explorer
from convae_lib.widgets.elements import ELEMENTS
from tests.library.widgets.settings import random_settings

SCRIPTS = [name for name in ELEMENTS["conv-explorer"] if name.endswith(".js")]
WITHOUT_PAGE = SCRIPTS[: SCRIPTS.index("walk.js")]


@pytest.fixture(scope="module")
def scripts(engine):
    return engine(*WITHOUT_PAGE)


@pytest.fixture
def settings(request):
    """Random settings, new ones in each run, as the explorer stores them."""
    return random_settings(200, int(request.config.option.hypothesis_seed))


WITH_MODEL = """
(settings) => settings.map((given) => {
  let model = null;
  try { model = convae.makeModel({...convae.DEFAULT, ...given}); } catch { return null; }
  return (FUNCTION)(model);
})
"""


def call_possible(scripts, function, settings):
    """Call a function of a model for each setting; return what possible ones gave."""
    found = scripts.call(WITH_MODEL.replace("FUNCTION", function), settings)
    return [each for each in found if each is not None]


def test_a_setting_is_read_as_it_was_written(scripts, settings):
    for setting in settings:
        setting |= {"x": [1, -2.5], "show": "letters", "pin": "entry,1,2"}
        setting["code"] = "PyTorch"
    read = scripts.call(
        "(all) => all.map((given) => convae.readSetting(convae.writeSetting(given)))",
        settings,
    )
    for setting, found in zip(settings, read):
        assert {name: found[name] for name in setting} == setting


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("padding=1", "padding", [[1, 1], [1, 1]]),
        ("padding=0,2", "padding", [[0, 2], [0, 2]]),
        ("padding=0,1,2,3", "padding", [[0, 1], [2, 3]]),
        ("#input_shape=3x5", "input_shape", [3, 5]),
        ("?transposed&output_padding=none,1", "output_padding", [None, 1]),
        ("flip=false", "flip", False),
        ("constructor=1&unknown", "strides", [1, 1]),
        ("strides=many", "strides", ["many", "many"]),
    ],
)
def test_an_address_may_be_written_by_hand(scripts, text, name, value):
    assert scripts.call("convae.readSetting", text)[name] == value


def worth(text):
    """Return the value of a formula."""
    text = text.replace("−", "-").replace("·", "*").replace("⌊", "floor(")
    return eval(text.replace("⌋", ")"), {"floor": floor, "max": max})


def test_the_formula_of_the_size_gives_the_size(scripts, settings):
    function = "(m) => [convae.sizeFormulas(m), m.conv.outputShape]"
    for lines, shape in call_possible(scripts, function, settings):
        sides = [line["formula"].split(" = ") for line in lines]
        assert [int(size) for _, size in sides] == shape[: len(sides)]
        assert len(sides) == 2 or shape[0] == shape[1]
        for formula, size in sides:
            assert worth(formula) == int(size)


def test_all_sizes_that_are_said_to_become_one_do(scripts, settings):
    for setting in settings:
        setting["transposed"] = False
    function = "(m) => [m.state, convae.sizeFormulas(m)]"
    said = 0
    for state, lines in call_possible(scripts, function, settings):
        for axis, line in enumerate(lines):
            found = re.search(r"from (\d+) to (\d+) become (\d+)", str(line["notes"]))
            if not found:
                continue
            least, most, size = map(int, found.groups())
            said += 1
            for i in (least - 1, least, most, most + 1):
                state["input_shape"][axis] = i
                shape = scripts.call(
                    "(s) => { try { return convae.describe(s).outputShape } catch {} }",
                    state,
                )
                inside = least <= i <= most
                assert (bool(shape) and shape[axis] == size) == inside or i == 0
            break
    assert said > 10


def test_the_sentence_of_an_output_is_its_sum(scripts, settings):
    function = """(m) => m.y.slice(0, 20).map((value, at) =>
      [convae.sentence(m, {kind: "output", at}), value])"""
    for sentences in call_possible(scripts, function, settings):
        for sentence, value in sentences:
            _, total, shown = sentence.split(" = ")
            assert worth(shown) == value
            if total != "an empty sum" and "more terms" not in total:
                assert worth(total) == value


def test_what_lights_is_what_the_matrix_says(scripts, settings):
    function = """(m) => {
      const keys = (map) => [...map.keys()].sort((a, b) => a - b);
      const row = convae.lit(m, {kind: "output", at: m.matrix.rows - 1});
      const column = convae.lit(m, {kind: "input", at: m.matrix.columns - 1});
      const entry = convae.lit(m, {kind: "entry", row: 0, column: 0});
      const rows = Array.from({length: m.matrix.rows}, (_, r) =>
        [...m.matrix.column.subarray(m.matrix.start[r], m.matrix.start[r + 1])]);
      return {rows, columns: m.matrix.columns, of_row: keys(row.input),
        of_column: keys(column.output), row: row.row, weights: row.kernel.size,
        entry: [keys(entry.output), keys(entry.input), entry.kernel.size > 0]};
    }"""
    for found in call_possible(scripts, function, settings):
        rows, last = found["rows"], found["columns"] - 1
        assert found["of_row"] == rows[-1] and found["row"] == len(rows) - 1
        assert found["of_column"] == [r for r, row in enumerate(rows) if last in row]
        assert bool(found["weights"]) == bool(rows[-1])
        assert found["entry"] == [[0], [0], 0 in rows[0]]


def test_time_ends_with_the_whole_output(scripts, settings):
    function = """(m) => {
      const count = m.conv.small[0] * m.conv.small[1];
      return [m.y, convae.outputAfter(m, count), convae.outputAfter(m, 0)];
    }"""
    for y, last, first in call_possible(scripts, function, settings):
        assert last == y
        assert not any(first)


def test_what_is_too_large_to_be_drawn_is_refused(scripts):
    ask = """(text) => {
      try { return convae.makeModel(convae.readSetting(text)).matrix.rows; }
      catch (error) { return error.message; }
    }"""
    assert scripts.call(ask, "input_shape=28&strides=2&padding=same") == 196
    words = scripts.call(ask, "input_shape=2000&padding=same")
    assert words.startswith("36,000,000 entries are too many to be drawn here")


def test_typed_values_stay_at_their_place(scripts):
    values = np.arange(12).reshape(3, 4)
    found = scripts.call("convae.fit", values.ravel().tolist(), [3, 4], [4, 2])
    expected = np.zeros((4, 2))
    expected[:3] = values[:, :2]
    assert found == expected.ravel().tolist()


def test_an_input_is_found_for_an_output(engine):
    scripts = engine(*SCRIPTS[: SCRIPTS.index("panels.js")])
    aim = "(text, size) => convae.inputFor(convae.readSetting(text), size)"
    assert scripts.call(aim, "strides=3&padding=same", [6, 5]) == [16, 13]
    assert scripts.call(aim, "transposed&strides=2", [7, 9]) == [3, 4]
    ways = "(n) => convae.wayToDraw({rows: n, columns: 1})"
    found = [scripts.call(ways, n) for n in (64, 65, 256, 257)]
    assert found == ["entries", "overview", "overview", "pattern"]


def test_an_output_that_is_asked_for_is_found_or_its_neighbours_are_told(scripts):
    aim = "(text, ...told) => convae.aim(convae.readSetting(text), ...told)"
    up = "transposed&strides=2&input_shape=7"
    assert scripts.call(aim, up, [13, 13], False) == {
        "input_shape": [6, 6],
        "words": "output 13, from input 6",
    }
    found = scripts.call(aim, f"{up}&padding=same", [13, 14], False)
    assert found == {
        "input_shape": [6, 7],
        "words": "output height 13 is not possible here; nearest: 12, from input height 6; "
        "“valid” gives 13",
    }
    steps = [14]
    for way in (1, 1, -1, -1, -1):  # a key moves on, and never stays
        now = f"{up.replace('=7', f'={steps[-1] // 2}')}&padding=same"
        found = scripts.call(aim, now, [steps[-1] + way] * 2, True)
        steps.append(2 * found["input_shape"][0])
    assert steps == [14, 16, 18, 16, 14, 12]


def test_from_every_refusal_there_is_a_way_to_a_possible_setting(scripts, settings):
    function = """(all) => all.map((given) => {
      const state = {...convae.DEFAULT, ...given};
      try { convae.makeModel(state); return null; } catch { /* is refused */ }
      const near = convae.nearest(state);
      convae.makeModel(near.state);
      const names = Object.keys(state).filter(
        (name) => JSON.stringify(state[name]) !== JSON.stringify(near.state[name]));
      return [near.words, names];
    })"""
    broken = [{"strides": ["many", "many"]}, {"input_shape": [2000, 2000]}]
    told = [found for found in scripts.call(function, broken + settings) if found]
    assert [words for words, _ in told[:2]] == ["Set strides to 1", "Set input to 18"]
    for words, names in told:
        assert words == "Start again" or len(names) == 1, (words, names)


def test_the_commonest_refusals_have_a_plain_sentence(scripts):
    plainly = """(text) => {
      try { convae.makeModel(convae.readSetting(text)); return null; }
      catch (error) { return convae.plainly(error.message); }
    }"""
    kernel = scripts.call(plainly, "kernel_size=5&padding=0")
    assert "reaches over 5 places, and the input with its padding has 4" in kernel
    extra = "transposed&padding=same&output_padding="
    assert scripts.call(plainly, f"{extra}3&strides=3").endswith("it is at most 2.")
    assert scripts.call(plainly, f"{extra}1&kernel_size=2").endswith("has to be None.")
    assert scripts.call(plainly, "groups=3") == ""


def test_python_writes_what_the_page_reads(scripts):
    kernel = np.array([[1, 2.5], [-3, 0], [4, 5]])
    shown = explorer(
        kernel,
        (5, 7),
        transposed=True,
        strides=(2, 1),
        padding=((1, 0), (0, 2)),
        output_padding=(None, 0),
        boundary="wrap",
        flip=True,
        show="counts",
    )
    read = scripts.call("convae.readSetting", shown.setting)
    assert read["input_shape"] == [5, 7] and read["kernel_size"] == [3, 2]
    assert read["kernel"] == kernel.ravel().tolist()
    assert read["transposed"] is True and read["flip"] is True
    assert read["strides"] == [2, 1] and read["padding"] == [[1, 0], [0, 2]]
    assert read["output_padding"] == [None, 0] and read["boundary"] == "wrap"
    assert read["show"] == "counts"
    assert scripts.call("convae.writeSetting", read) == shown.setting
    x = explorer(x=np.eye(3)).setting
    assert scripts.call("convae.readSetting", x)["input_shape"] == [3, 3]


def test_an_output_carries_everything_and_loads_nothing():
    text = explorer(padding='"><script>')._repr_html_()
    assert text.count("<script>") == text.count("</script>") == 1
    assert 'setting="padding=&quot;&gt;&lt;script&gt;"' in text
    assert not re.search(
        r"\b(src|href)=|import\(|fetch\(|https?://(?!www\.w3\.org)", text
    )


@pytest.mark.parametrize("kernel", [[1, 2], [[1], [2, 3]], np.ones((2, 2, 1))])
def test_a_kernel_that_is_no_table_is_refused(kernel):
    with pytest.raises(ValueError, match="kernel"):
        explorer(kernel)
