"""What curves show, read back from the figures."""

import pytest

from convae_lib import plot_excess, plot_learning_curves


def test_learning_curves():
    run = {"loss": [0.5, 0.4], "val_loss": [0.45, 0.35]}
    figure = plot_learning_curves({"a": run, "b": run}, levels={"floor": 0.24})
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    assert list(lines) == ["a", "a, training", "b", "b, training", "floor"]
    assert list(lines["a"].get_xdata()) == [1, 2]
    assert list(lines["a"].get_ydata()) == [0.45, 0.35]
    assert list(lines["a, training"].get_xdata()) == [0.5, 1.5]
    assert set(lines["floor"].get_ydata()) == {0.24}


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


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: plot_learning_curves({"a": {"loss": [1.0]}}),
            "'a' has no 'val_loss', only",
        ),
        (lambda: plot_excess({}), "curves is empty"),
        (
            lambda: plot_excess({"a": ([1, 2], [0.1], None)}),
            r"the numbers of 'a' have lengths \[1, 2\]",
        ),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
