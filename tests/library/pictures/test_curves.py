"""What curves show, read back from the figures."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convae_lib import COLOURS, name_lines, plot_excess, plot_learning_curves


def test_learning_curves():
    run = {"loss": [0.5, 0.4], "val_loss": [0.45, 0.35]}
    figure = plot_learning_curves({"a": run, "b": run}, levels={"floor": 0.24})
    names = ["a", "a, training", "b", "b, training", "floor"]
    lines = dict(zip(names, figure.axes[0].lines, strict=True))
    assert [line.get_label() for line in lines.values()][::2] == names[::2]
    assert list(lines["a"].get_xdata()) == [1, 2]
    assert list(lines["a"].get_ydata()) == [0.45, 0.35]
    assert list(lines["a, training"].get_xdata()) == [0.5, 1.5]
    assert set(lines["floor"].get_ydata()) == {0.24}
    assert lines["a"].get_linestyle() == "-"
    assert lines["a, training"].get_linestyle() == ":"
    assert lines["a"].get_color() == lines["a, training"].get_color()
    assert lines["a"].get_color() != lines["b"].get_color()


def test_learning_curves_tell_what_is_drawn_in_which_unit():
    run = {"loss": [0.5], "val_loss": [0.4], "mse": [2.0], "val_mse": [3.0]}
    axis = plot_learning_curves({"a": run}).axes[0]
    assert axis.get_xlabel() == "epoch"
    assert axis.get_ylabel() == "loss (nats per pixel)"
    axis = plot_learning_curves({"a": run}, score="mse").axes[0]
    assert axis.get_ylabel() == "mse"  # whose unit is not known
    assert [line.get_ydata().tolist() for line in axis.lines] == [[3.0], [2.0]]


def test_every_run_and_level_is_drawn():
    run = {"loss": [0.5], "val_loss": [0.4]}
    histories = {f"run {place}": run for place in range(60)}
    levels = {f"level {place}": 0.1 for place in range(60)}
    axis = plot_learning_curves(histories, levels=levels).axes[0]
    names = [text.get_text() for text in axis.texts]
    assert len(axis.lines) == 180 and sorted(names) == sorted([*histories, *levels])


def test_names_stand_at_the_ends_in_order_and_not_over_each_other():
    figure, axis = plt.subplots()
    for y, name in [(1.0, "top"), (0.5, "b"), (0.501, "c"), (0.499, "a")]:
        axis.plot([0, 1], [0, y], label=name)
    axis.plot([0, 0.5], [0, 1], color="red", label="ends before")
    axis.plot([0, 1], [1, 0])  # has no name
    axis.axhline(0.25, label="level")
    name_lines(axis)
    before, *column = axis.texts
    assert before.get_text() == "ends before" and before.xy == (0.5, 1.0)
    assert [text.get_text() for text in column] == ["level", "a", "b", "c", "top"]
    heights = [text.xyann[1] * axis.bbox.height for text in column]
    apart = 11 * figure.dpi / 72 - 1e-6
    assert all(high - low > apart for low, high in zip(heights, heights[1:]))
    ends = axis.transAxes.inverted().transform(axis.transData.transform([0, 0.5]))
    assert np.mean(heights[1:4]) == pytest.approx(ends[1] * axis.bbox.height)


def test_excess_is_drawn_log_log_with_a_bar_for_each_deviation():
    curves = {
        "PCA": ([2, 30], [0.15, 0.06], None),
        "dense": ([30, 576], [0.03, 0.01], [0.001, float("nan")]),
    }
    axis = plot_excess(curves).axes[0]
    assert axis.get_xscale() == axis.get_yscale() == "log"
    _, names = axis.get_legend_handles_labels()
    assert names == list(curves)
    (x, y) = axis.containers[1].lines[0].get_data()
    assert list(x) == [30, 576] and list(y) == [0.03, 0.01]
    assert [bar.has_yerr for bar in axis.containers] == [False, True]
    (bars,) = axis.containers[1].lines[2]
    first, second = (np.array(ends) for ends in bars.get_segments())
    assert first == pytest.approx(np.array([[30, 0.029], [30, 0.031]]))
    assert not second.size  # one deviation down and up, or none


def test_excess_tells_its_unit_and_what_the_sizes_count():
    curves = {"PCA": ([2, 30], [0.15, 0.06], None)}
    axis = plot_excess(curves).axes[0]
    assert axis.get_xlabel() == "numbers in the code"
    assert axis.get_ylabel() == "excess over the floor, nats per pixel"
    assert plot_excess(curves, xlabel="bits").axes[0].get_xlabel() == "bits"
    assert axis.xaxis.get_major_formatter()(30) == "30"
    assert axis.yaxis.get_major_formatter()(0.05) == "0.05"


def test_a_kind_of_network_has_its_colour_and_a_published_recipe_dashes():
    names = ["PCA", "dense, published", "dense, good", "dense, tied", "residual-30"]
    run = {"loss": [0.3], "val_loss": [0.2]}
    bars = plot_excess({name: ([2], [0.1], None) for name in names}).axes[0].containers
    curves = plot_learning_curves(dict.fromkeys(names, run)).axes[0].lines[::2]
    kinds = [names[0], "dense", "dense", "dense, tied", "residual"]
    for lines in ([bar.lines[0] for bar in bars], curves):
        assert [line.get_color() for line in lines] == [COLOURS[kind] for kind in kinds]
    dashes = [bar.lines[0].get_linestyle() for bar in bars]
    assert dashes == ["-", "--", "-", "-", "-"]


def test_neighbouring_curves_of_no_kind_differ_in_colour_and_marker():
    names = [str(place) for place in range(7)]
    run = {"loss": [0.3], "val_loss": [0.2]}
    bars = plot_excess({name: ([2], [0.1], None) for name in names}).axes[0].containers
    curves = plot_learning_curves(dict.fromkeys(names, run)).axes[0].lines[::2]
    for lines in ([bar.lines[0] for bar in bars], curves):
        for look in ("get_color", "get_marker"):
            looks = [getattr(line, look)() for line in lines]
            assert all(a != b for a, b in zip(looks, looks[1:]))


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: plot_learning_curves({"a": {"loss": [1.0]}}),
            "'a' has no 'val_loss', only",
        ),
        (lambda: plot_learning_curves({}), "histories is empty"),
        (lambda: name_lines(plt.subplots()[1]), "no line of the axis has a label"),
        (
            lambda: plot_learning_curves({"a": {"loss": [1, 2], "val_loss": [1]}}),
            "'a' has 2 epochs of 'loss' and 1 of 'val_loss'; fit with validation_freq=1",
        ),
        (lambda: plot_excess({}), "curves is empty"),
        (lambda: plot_excess([([1], [0.1], None)]), "curves is a list; give a dict"),
        (lambda: plot_learning_curves([1]), "histories is a list; give a dict"),
        (
            lambda: plot_excess({"a": ([1], [0.1])}),
            r"curve 'a' is \(\[1\], \[0.1\]\); give \(code sizes, excess, standard",
        ),
        (lambda: plot_excess({"a": 0.1}), r"curve 'a' is 0.1; give \(code sizes"),
        (
            lambda: plot_excess({"a": ([1, 2], [0.1, -0.5], None)}),
            r"curve 'a' has \[0.1, -0.5\]; give positive numbers",
        ),
        (lambda: plot_excess({"a": ([0], [0.1], None)}), r"curve 'a' has \[0.0\]"),
        (lambda: plot_excess({"a": ([1], [np.nan], None)}), r"curve 'a' has \[nan\]"),
        (lambda: plot_excess({"a": ([], [], None)}), r"curve 'a' has \[\]"),
        (
            lambda: plot_excess({"a": ([1, 2], [0.1], None)}),
            r"the numbers of 'a' have lengths \[1, 2\]",
        ),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
