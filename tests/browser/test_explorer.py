"""The explorer in a browser: what a reader points at, sets, types and is told."""

import json
from contextlib import contextmanager

import numpy as np
import pytest

from convae_lib import explorer
from tests.library.widgets.settings import by_library, kernel_shape, random_settings

PAGE = "pages/explorer.html"
DARK, PHONE = "dark", (360, 740)

PRESETS = (
    "() => convae.PRESETS.flatMap((p) => p.steps.map((step) => step.setting))",
    "() => convae.writeSetting(document.querySelector('conv-explorer').state)",
)


@pytest.fixture
def explore(visit):
    """Return a function that opens the explorer's page at a setting."""

    @contextmanager
    def opened(setting="", **options):
        with visit(f"{PAGE}#{setting}" if setting else PAGE, **options) as (
            page,
            heard,
        ):
            page.wait_for_selector(".ce-stage .ce-cell")
            yield page
            assert heard == []

    return opened


def cell(page, kind, line, place):
    return page.get_by_role("grid", name=kind, exact=True).locator(
        f".ce-cell[aria-label^='[{line}, {place}]']"
    )


def lit(page, kind):
    """Return the places of the lit cells of a grid."""
    cells = page.locator(f".ce-{kind} .ce-cell[data-lit]")
    return {label.split("]")[0] + "]" for label in labels(cells)}


def labels(cells):
    return cells.evaluate_all("(all) => all.map((cell) => cell.ariaLabel)")


def numbers(page, kind):
    return page.locator(f".ce-{kind} .ce-cell").all_inner_texts()


def status(page):
    return page.get_by_role("status").inner_text()


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def matrix(page):
    return page.get_by_role("grid", name="Sparse matrix")


def point_at_entry(page, row, column, rows, columns):
    """Move the mouse to an entry of the matrix; return where."""
    matrix(page).scroll_into_view_if_needed()
    box = matrix(page).bounding_box()
    x = box["x"] + (column + 0.5) * box["width"] / columns
    y = box["y"] + (row + 0.5) * box["height"] / rows
    page.mouse.move(x, y)
    return x, y


def test_an_output_lights_its_row_its_taps_and_its_window(explore):
    with explore() as page:
        cell(page, "output", 1, 0).hover()
        assert status(page).startswith("Row 2: output [1, 0] = 1·5 + 2·6 + 0·7")
        assert status(page).endswith("= 75")
        assert lit(page, "output") == {"[1, 0]"}
        places = {f"[{line}, {place}]" for line in (1, 2, 3) for place in (0, 1, 2)}
        assert lit(page, "input") == places
        assert len(lit(page, "kernel")) == 9
        band = page.locator(".ce-band:not([hidden])").first
        assert (band.get_attribute("y"), band.get_attribute("height")) == ("2", "1")
        frame = page.locator(".ce-input .ce-window").bounding_box()
        corner = cell(page, "input", 1, 0).bounding_box()
        assert abs(frame["x"] - corner["x"]) < 4 and abs(frame["y"] - corner["y"]) < 4


def test_an_entry_of_the_matrix_lights_both_ends(explore):
    with explore() as page:
        point_at_entry(page, 1, 6, 4, 16)
        assert lit(page, "output") == {"[0, 1]"} and lit(page, "input") == {"[1, 2]"}
        assert lit(page, "kernel") == {"[1, 1]"}
        assert "takes input [1, 2] times kernel [1, 1] = 1" in status(page)
        point_at_entry(page, 1, 0, 4, 16)
        assert status(page).endswith("output [0, 1] does not see input [0, 0]")


def test_a_weight_lights_all_its_copies(explore):
    with explore() as page:
        cell(page, "kernel", 1, 2).hover()
        assert "stands in the matrix 4 times" in status(page)
        assert page.locator(".ce-weight[data-lit]").count() == 1


def test_a_click_pins_until_it_is_let_go(explore):
    with explore() as page:
        first, second = cell(page, "output", 0, 1), cell(page, "output", 1, 1)
        first.click()
        second.hover()
        assert lit(page, "output") == {"[0, 1]"}
        second.click()
        assert lit(page, "output") == {"[1, 1]"}
        page.keyboard.press("Escape")
        first.hover()
        assert lit(page, "output") == {"[0, 1]"}
        first.click()
        page.get_by_role("button", name="Pinned: output [0, 1]. Let go").click()
        second.hover()
        assert lit(page, "output") == {"[1, 1]"}


def test_keys_walk_pin_and_change_a_value(explore):
    with explore() as page:
        stops = page.locator(".ce [role=grid]").evaluate_all(
            "(all) => all.map((grid) => grid.querySelectorAll('[tabindex=\"0\"]').length)"
        )
        assert stops == [1, 1, 1, 1]
        page.locator(".ce-input [tabindex='0']").focus()
        for key in ("ArrowDown", "End", "ArrowLeft"):
            page.keyboard.press(key)
        assert lit(page, "input") == {"[1, 2]"}
        assert status(page).startswith(
            "Column 6: input [1, 2] = 7 is read by 4 outputs"
        )
        page.keyboard.press("9")
        page.keyboard.type("0")
        assert page.get_by_label("input [1, 2] =").input_value() == "90"
        assert numbers(page, "input")[6] == "90"
        assert numbers(page, "output") == ["292", "134", "75", "249"]
        page.keyboard.press("Enter")
        page.keyboard.press("Home")
        assert page.evaluate("document.activeElement.ariaLabel") == "[1, 0] 5"


@pytest.mark.parametrize("typed", ["-2.5", "-2", "0.5", "12"])
def test_what_is_typed_over_a_weight_is_the_weight(explore, typed):
    with explore() as page:
        cell(page, "kernel", 1, 1).click()
        page.keyboard.type(typed)
        assert page.get_by_label("kernel [1, 1] =").input_value() == typed
        assert numbers(page, "kernel")[4] == typed.replace("-", "−")


def test_keys_walk_over_the_matrix(explore):
    with explore() as page:
        matrix(page).get_by_role("gridcell").focus()
        for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        stop = matrix(page).get_by_role("gridcell")
        assert stop.get_attribute("aria-label") == "row 1, column 2: 2"
        assert lit(page, "input") == {"[0, 2]"}


def test_a_control_changes_everything(explore):
    with explore() as page:
        slider(page, "input").fill("6")
        page.get_by_role("radio", name="same").check()
        slider(page, "strides").fill("2")
        assert page.locator(".ce-sizes b").inner_text() == "⌊(6 + 1 − 3) / 2⌋ + 1 = 3"
        assert len(numbers(page, "output")) == 9
        assert "strides=2" in page.locator(".ce-code code").inner_text()
        page.get_by_text("height and width apart").click()
        slider(page, "input, width").fill("4")
        assert page.locator(".ce-sizes p").count() == 2
        slider(page, "output, height").fill("2")
        assert slider(page, "input, height").input_value() == "3"
        assert status(page) == "output height 2, from input height 3"


def test_an_output_that_is_asked_for_says_what_it_did_to_the_input(explore):
    with explore("transposed&strides=2&input_shape=7") as page:
        output = slider(page, "output")
        output.fill("14")
        words = "14 is not possible here; nearest: 13, from input 6; “same” gives 14"
        assert status(page) == f"output {words}"
        assert words in page.locator(".ce-aimed").inner_text()
        assert "by changing the input" in page.locator(".ce-controls").inner_text()
        output.press("ArrowRight")
        assert output.input_value() == "15"
        assert "next: 15, from input 7" in status(page)
        cell(page, "input", 0, 0).hover()
        assert status(page).startswith("Column 0")


def test_a_flipped_kernel_is_drawn_as_it_is_used(explore):
    with explore() as page:
        page.get_by_role("radio", name="flipped (true convolution)").check()
        assert numbers(page, "kernel") == ["1", "0", "0", "3", "1", "0", "0", "2", "1"]
        caption = page.locator(".ce-side-kernel figcaption").inner_text()
        assert "turned by 180°" in caption
        cell(page, "output", 0, 0).hover()
        assert "= 1·1 + 0·2 + 0·3 + 3·5" in status(page)
        page.locator(".ce-kernel .ce-cell").nth(3).click()
        page.get_by_label("kernel [1, 2] =").fill("7")
        assert numbers(page, "kernel")[3] == "7"
        assert "[0, 1, 7]" in page.locator(".ce-code code").inner_text()


PLACES = """() => [".ce", ".ce-controls > *", ".ce-settings", ".ce-seen", ".ce-time", ".ce-bar button"]
  .flatMap((name) => [...document.querySelectorAll(name)].slice(0, 5))
  .map((part) => part.getBoundingClientRect().top)
  .map((top, at, all) => Math.round(top - all[0]))"""


@pytest.mark.parametrize("size", [(1300, 900), (1000, 900)])
def test_nothing_moves_under_the_pointer(explore, size):
    with explore("transposed&strides=2&input_shape=3", size=size) as page:
        before = page.evaluate(PLACES)
        page.get_by_role("radio", name="letters").check()
        cell(page, "input", 1, 1).click()
        page.get_by_role("radio", name="convae_lib").check()
        assert page.evaluate(PLACES) == before
        slider(page, "strides").fill("3")
        assert page.locator(".ce-steps button").count() == 0
        assert page.evaluate(PLACES)[:6] == before[:6]
        page.get_by_label("output_padding").first.select_option("3")
        assert page.get_by_role("alert").count() == 1
        assert page.evaluate(PLACES)[:6] == before[:6]


def test_a_pin_is_dropped_where_its_number_means_another_cell(explore):
    with explore("pin=output,3") as page:
        page.get_by_role("radio", name="letters").check()
        assert page.locator(".ce-pinned").is_visible()
        page.get_by_role("radio", name="transposed convolution").check()
        assert page.locator(".ce-pinned").is_hidden()
        assert page.evaluate(PRESETS[1]) == "transposed&show=letters"


def test_colours_stay_while_a_weight_is_changed(explore):
    with explore() as page:
        shades = "(all) => all.map((one) => one.style.getPropertyValue('--level'))"
        weights = page.locator(".ce-kernel .ce-cell")
        before = weights.evaluate_all(shades)
        assert (
            "a weight of 0 is stored, too" in page.locator(".ce-caption").inner_text()
        )
        cell(page, "kernel", 1, 2).click()
        page.keyboard.type("0")
        after = weights.evaluate_all(shades)
        assert (before.pop(5), after.pop(5)) == ("1", "0") and before == after
        page.get_by_label("kernel [1, 2] =").fill("4")
        assert weights.evaluate_all(shades)[0] == "0.25"


def test_a_link_keeps_the_tab_of_the_code(explore):
    with explore("strides=2") as page:
        page.get_by_role("radio", name="PyTorch").check()
        page.wait_for_function("location.hash === '#strides=2&code=PyTorch'")
        page.reload()
        assert "torch" in page.locator(".ce-code code").inner_text()
        page.get_by_label("preset").select_option(label="A ring")
        assert page.get_by_role("radio", name="PyTorch").is_checked()
        page.get_by_role("radio", name="Keras").check()
        assert "code" not in page.evaluate(PRESETS[1])


def test_an_impossible_setting_is_refused_in_the_librarys_words(explore):
    with explore("transposed&strides=2&padding=same&input_shape=6") as page:
        page.get_by_label("output_padding").first.select_option("2")
        refusal = page.get_by_role("alert").inner_text()
        assert refusal.startswith("output_padding 2 must be smaller than strides 2")
        plain = "output_padding is too large: with strides 2 it is at most 1."
        assert page.get_by_text(plain).is_visible()
        page.get_by_label("output_padding").first.select_option("0")
        assert page.get_by_role("alert").count() == 0
        assert page.locator(".ce-output .ce-cell").count() == 121


def test_from_an_impossible_setting_a_button_leads_back(explore):
    with explore("kernel_size=5&dilation_rate=2") as page:
        assert page.get_by_text("The kernel does not fit into the input").is_visible()
        assert page.locator(".ce-stage .ce-cell").count() > 0
        link = page.get_by_role("button", name="Copy a link")
        assert link.is_visible() and not link.evaluate(
            "(own) => own.closest('[inert]')"
        )
        assert slider(page, "output").is_disabled()
        page.get_by_role("button", name="Set kernel to 2").click()
        assert page.get_by_role("alert").count() == 0
        slider(page, "kernel").fill("4")
        page.get_by_role("button", name="Set dilation_rate to 1").click()
        assert page.locator(".ce-output .ce-cell").count() == 1


def test_the_address_holds_the_setting(explore):
    with explore("transposed&strides=3&kernel_size=2") as page:
        assert page.locator(".ce-side-output figcaption").inner_text() == "output 12×12"
        slider(page, "strides").fill("2")
        cell(page, "output", 0, 1).click()
        wanted = "#transposed&kernel_size=2&strides=2&pin=output,1"
        page.wait_for_function(f"location.hash === '{wanted}'")
        page.reload()
        assert lit(page, "output") == {"[0, 1]"}
        page.evaluate("location.hash = 'input_shape=5'")
        page.wait_for_selector("text=input 5×5")


def test_a_link_may_carry_the_setting_as_a_query(visit):
    with visit(f"{PAGE}?input_shape=2,9&kernel_size=2") as (page, _):
        assert page.locator(".ce-side-output figcaption").inner_text() == "output 1×8"


def test_presets_show_their_steps(explore):
    with explore() as page:
        page.get_by_label("preset").select_option(label="The checkerboard")
        assert set(numbers(page, "output")) == {"1", "2", "4"}
        page.get_by_role("button", name="kernel 2", exact=True).click()
        assert set(numbers(page, "output")) == {"1"}
        pressed = page.locator(".ce-steps [aria-pressed=true]")
        assert pressed.all_inner_texts() == ["kernel 2"]
        slider(page, "strides").fill("3")
        assert page.locator(".ce-steps button").count() == 0
        page.get_by_label("preset").select_option(label="16, 17 and 18 become 6")
        for size, zeros in ((17, 1), (18, 0)):
            page.get_by_role("button", name=f"{size} → 6").click()
            said = page.locator(".ce-note").inner_text()
            assert said.startswith("⌈16/3⌉ = ⌈17/3⌉ = ⌈18/3⌉ = 6.")
            assert said.endswith(f"adds 2, 1, 0 zeros: here {zeros}.")


def test_time_runs_through_the_windows(explore):
    with explore() as page:
        assert page.locator(".ce-step").inner_text() == "all 4 windows"
        assert slider(page, "speed").input_value() == "1"
        slider(page, "window").fill("2")
        assert numbers(page, "output") == ["43", "51", "", ""]
        assert lit(page, "output") == {"[0, 1]"}
        slider(page, "speed").fill("12")
        page.get_by_role("button", name="Play").click()
        page.wait_for_selector("text=window 4 of 4")
        assert numbers(page, "output") == ["43", "51", "75", "83"]
        page.wait_for_selector("button:has-text('Play')")


def test_stamps_add_up_in_time(explore):
    with explore("transposed&strides=2&x=ones&kernel=ones&input_shape=2") as page:
        sums = []
        for step in range(1, 5):
            slider(page, "stamp").fill(str(step))
            sums.append(sum(map(int, numbers(page, "output"))))
        assert sums == [9, 18, 27, 36]


def test_the_input_can_be_painted(explore):
    with explore("x=one&kernel=ones") as page:
        page.get_by_text("paint the input with").click()
        page.get_by_label("value to paint with").fill("5")
        cell(page, "input", 3, 0).scroll_into_view_if_needed()
        for end, place in ((page.mouse.down, 0), (page.mouse.up, 3)):
            box = cell(page, "input", 3, place).bounding_box()
            page.mouse.move(box["x"] + 9, box["y"] + 9, steps=8)
            end()
        assert numbers(page, "input")[12:] == ["5", "5", "5", "5"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("input_shape=8&padding=same", "64×64: 484 of 4,096"),
        ("input_shape=8,9&padding=same", "72×72"),
        ("transposed&strides=2&input_shape=14&padding=same", "784×196"),
    ],
)
def test_a_matrix_of_any_size_has_its_picture(explore, setting, words):
    with explore(setting) as page:
        caption = page.locator(".ce-caption").inner_text()
        assert words in caption
        large = "64×64" not in words
        assert ("overview" in caption or "pattern" in caption) == large
        cell(page, "input", 3, 3).hover()
        assert "Column" in status(page)
        point_at_entry(page, 5, 5, 64, 64)
        assert "Row" in status(page)
        assert page.locator(".ce-enlarged").count() == large


def test_a_large_grid_is_one_picture_with_one_stop(explore):
    with explore("transposed&strides=2&input_shape=14&padding=same") as page:
        output = page.get_by_role("grid", name="output", exact=True)
        assert output.get_attribute("aria-rowcount") == "28"
        output.get_by_role("gridcell").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("End")
        label = output.get_by_role("gridcell").get_attribute("aria-label")
        assert label.startswith("[1, 27] ")
        assert "output [1, 27] = " in status(page)


def test_a_hundred_settings_agree_with_the_library(explore, request):
    settings = random_settings(100, int(request.config.option.hypothesis_seed))
    rng = np.random.default_rng(0)
    for setting in settings:
        kernel = 1.0 + rng.permutation(np.prod(kernel_shape(setting)))
        setting["kernel"] = kernel.tolist()
    with explore() as page:
        told = page.evaluate(
            """(settings) => JSON.stringify(settings.map((given) => {
              const explorer = document.querySelector("conv-explorer");
              explorer.take({...convae.DEFAULT, ...given});
              if (!explorer.refusal.hidden) return explorer.refusal.textContent;
              const said = document.querySelector(".ce-caption").textContent;
              return [explorer.model.y, explorer.model.x, said];
            }))""",
            settings,
        )
    for setting, found in zip(settings, json.loads(told)):
        kernel = np.reshape(setting["kernel"], kernel_shape(setting))
        expected = by_library(setting, kernel)
        if isinstance(expected, str):
            assert found == expected
            continue
        y, x, said = found
        assert y == (expected @ x).tolist()
        rows, columns = expected.shape
        assert f"Matrix {rows}×{columns}: {expected.nnz:,} of" in said


def test_no_preset_is_wider_than_a_phone(explore):
    with explore(size=PHONE) as page:
        for setting in page.evaluate(PRESETS[0]):
            page.evaluate(
                "(text) => document.querySelector('conv-explorer')"
                ".take(convae.readSetting(text))",
                setting,
            )
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE[0], setting
            assert page.locator(".ce-refusal:visible").count() == 0


def test_the_picture_is_on_a_phones_first_screen(explore):
    with explore(size=PHONE, has_touch=True, is_mobile=True) as page:
        assert slider(page, "input").count() == 0
        for kind in ("input", "kernel"):
            box = page.get_by_role("grid", name=kind, exact=True).bounding_box()
            assert box["y"] + box["height"] < PHONE[1]
        assert page.locator(".ce-hint").inner_text().startswith("Tap a cell")
        page.get_by_text("Settings", exact=True).click()
        slider(page, "input").fill("14")
        hint = page.locator(".ce-side-input .ce-tiny")
        assert hint.inner_text() == "too small for numbers: tap a cell"


def test_a_formula_names_its_output_padding(explore):
    with explore("transposed&strides=2&output_padding=1") as page:
        term = page.locator(".ce-term")
        assert term.text_content() == "1output_padding"
        slider(page, "output").fill("12")
        assert term.text_content() == "1output_padding"
        page.get_by_label("output_padding").first.select_option("none")
        assert term.count() == 0


def test_a_finger_pins(explore):
    with explore(size=PHONE, has_touch=True) as page:
        cell(page, "output", 1, 1).tap()
        assert status(page).startswith("Row 3: output [1, 1]")
        assert page.get_by_role("button", name="Pinned: output [1, 1]").is_visible()


def test_an_explorer_elsewhere_leads_to_the_page(explore):
    with explore() as page:
        page.evaluate(
            """document.querySelector(".bd-article").insertAdjacentHTML("beforeend",
            '<conv-explorer id="other" setting="input_shape=5" page="explorer.html" '
            + 'without="controls code"><p>No script.</p></conv-explorer>')"""
        )
        other = page.locator("#other")
        assert other.locator(".ce-controls, pre").count() == 0
        assert other.locator(".ce-output .ce-cell").count() == 9
        assert page.locator(".ce-output .ce-cell").count() == 4 + 9
        link = other.get_by_role("link", name="on the explorer's page")
        assert link.get_attribute("href").endswith("explorer.html#input_shape=5")


def write_output(folder, shown):
    """Write what a cell of a notebook shows into a page of its own; return its file."""
    file = folder / "output.html"
    file.write_text(f"<!doctype html><meta charset=utf-8>{shown}")
    return file


def test_a_notebook_shows_it_without_any_other_file(chromium, tmp_path):
    shown = explorer(input_shape=(3, 3), transposed=True, strides=2)
    file = write_output(tmp_path, 2 * shown._repr_html_())
    page, asked = chromium.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.goto(file.as_uri())
    assert page.locator(".ce-output .ce-cell").count() == 2 * 49
    assert asked == [file.as_uri()]
    page.close()


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const read = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const grounds = (element) => element
    ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];
  return [...document.querySelectorAll(".ce-cell, .ce-ghost, .ce-choice span, .ce legend")]
    .filter((cell) => cell.textContent && cell.offsetWidth)
    .map((cell) => {
      const ground = grounds(cell);
      const [low, high] = [read(ground), read([...ground, getComputedStyle(cell).color])]
        .map(light).sort((a, b) => a - b);
      return [(high + 0.05) / (low + 0.05), cell.className, cell.textContent];
    });
}"""


@pytest.mark.parametrize("theme", ["light", DARK])
@pytest.mark.parametrize(
    "setting",
    [
        "kernel=-3,3,-2,2,0,1,-1,3,-3&padding=same",
        "transposed&strides=2&x=ones&kernel=ones&show=counts",
    ],
)
def test_numbers_in_cells_have_contrast(explore, theme, setting):
    with explore(setting, theme=theme) as page:
        found = page.evaluate(CONTRAST)
        assert len(found) > 50
        assert min(found)[0] >= 4.5, min(found)


COLOURS = """(cells) => cells.map((cell) => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = getComputedStyle(cell).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
})"""


@pytest.mark.parametrize("theme", ["light", DARK])
def test_weights_are_told_apart(explore, theme):
    with explore("kernel_size=2&kernel=0,1,2,3", theme=theme) as page:
        colours = page.locator(".ce-kernel .ce-cell").evaluate_all(COLOURS)
        apart = abs(np.diff(np.array(colours), axis=0)).sum(axis=1)
        assert min(apart) > 60, colours


def test_without_javascript_a_picture_and_a_sentence_stand_there(visit):
    with visit(PAGE, java_script_enabled=False) as (page, _):
        picture = page.locator("conv-explorer img")
        assert picture.bounding_box()["width"] > 300
        assert picture.evaluate("(image) => image.naturalWidth") > 500
        assert "Each output is one row" in page.locator("conv-explorer").inner_text()


TIMES = """() => {
  const explorer = document.querySelector("conv-explorer");
  const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
  const timed = (count, act) => median(Array.from({length: count}, (_, at) => {
    const begin = performance.now();
    act(at);
    document.body.offsetHeight;
    return performance.now() - begin;
  }));
  const text = (at) => `input_shape=8&padding=same&kernel=${at % 2 ? "count" : "ones"}`;
  return [
    timed(20, (at) => explorer.take(convae.readSetting(text(at)))),
    timed(60, (at) => explorer.act({kind: "output", at: (7 * at) % 64}, "points")),
  ];
}"""


@pytest.mark.alone
def test_a_matrix_of_64_rows_is_quick(chromium, tmp_path):
    """In the output of a notebook, for which no book is built a second time."""
    page = chromium.new_page(viewport={"width": 1300, "height": 900})
    page.goto(write_output(tmp_path, explorer()._repr_html_()).as_uri())
    rebuild, hover = page.evaluate(TIMES)
    page.close()
    assert rebuild < 4 * 50 and hover < 4 * 16, (rebuild, hover)
