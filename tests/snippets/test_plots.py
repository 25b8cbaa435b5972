"""The course's figures: readable sizes, honest intervals, digits that can be read on their cell."""

from collections.abc import Iterator

import matplotlib
import numpy as np
import pytest
import torch

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from book.snippets.plots import (
    LINE_MARKERS,
    OKABE_ITO,
    bars_with_interval,
    course_style,
    curve_with_interval,
    draw_heatmap,
    heatmap_grid,
    image_grid,
    mean_interval,
    outline_window,
)


@pytest.fixture(autouse=True)
def clean_figures() -> Iterator[None]:
    with plt.rc_context():
        course_style()
        yield
    plt.close("all")


def test_style_is_opaque_white_and_large_enough_for_a_phone() -> None:
    assert plt.rcParams["figure.facecolor"] == plt.rcParams["savefig.facecolor"] == "white"
    sizes = [
        plt.rcParams[k]
        for k in ("font.size", "xtick.labelsize", "ytick.labelsize", "legend.fontsize")
    ]
    assert min(sizes) >= 11
    assert plt.rcParams["figure.figsize"][0] <= 8


def test_curves_differ_in_line_style_or_marker_and_not_in_colour_alone() -> None:
    assert len(set(LINE_MARKERS)) == len(OKABE_ITO)


def test_heatmap_writes_every_number_in_ink_that_contrasts_with_its_cell() -> None:
    _, ax = plt.subplots()
    draw_heatmap(ax, torch.arange(16.0).reshape(4, 4))
    assert [text.get_text() for text in ax.texts] == [str(i) for i in range(16)]
    assert ax.texts[0].get_color() == "white" and ax.texts[15].get_color() == "black"


def test_heatmap_of_a_batch_is_refused_with_its_shape() -> None:
    with pytest.raises(ValueError, match=r"\(1, 1, 4, 4\)"):
        draw_heatmap(plt.subplots()[1], torch.zeros(1, 1, 4, 4))


def test_constant_heatmap_draws() -> None:
    draw_heatmap(plt.subplots()[1], torch.zeros(2, 2))
    plt.gcf().canvas.draw()


def test_grid_shares_one_colour_scale_and_hides_empty_panels() -> None:
    fig, axes = heatmap_grid(
        [torch.zeros(2, 2), torch.ones(2, 2), torch.full((2, 2), 3.0), torch.ones(2, 2)],
        list("abcd"),
    )
    assert len(axes) == 4 and len(fig.axes) == 6
    assert [ax.get_visible() for ax in fig.axes] == [True] * 4 + [False] * 2
    assert {ax.images[0].get_clim() for ax in axes} == {(0.0, 3.0)}
    assert fig.get_figwidth() <= 8


def test_grid_refuses_a_missing_title() -> None:
    with pytest.raises(ValueError, match="2 panels but 1 titles"):
        heatmap_grid([torch.zeros(2, 2)] * 2, ["a"])


def test_outline_frames_whole_cells() -> None:
    _, ax = plt.subplots()
    draw_heatmap(ax, torch.zeros(4, 4))
    outline_window(ax, 2, 0, 2, 2)
    assert ax.patches[0].get_bbox().bounds == (-0.5, 1.5, 2, 2)


def test_images_of_either_layout_are_shown() -> None:
    fig = image_grid([torch.rand(3, 8, 8), torch.rand(8, 8)], ["colour", "grey"])
    assert fig.axes[0].images[0].get_array().shape == (8, 8, 3)


def test_interval_is_students_t_over_seeds() -> None:
    mean, low, high = mean_interval([[1.0], [2.0], [3.0], [4.0], [5.0]])
    half = 2.776 * np.sqrt(2.5) / np.sqrt(5)  # t(0.975, 4 df) times the standard error
    assert mean[0] == 3 and np.allclose([low[0], high[0]], [3 - half, 3 + half], rtol=2e-3)


def test_one_seed_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least 2 seeds"):
        mean_interval([[1.0, 2.0]])


def test_curve_plots_the_mean_and_a_band() -> None:
    _, ax = plt.subplots()
    mean = curve_with_interval(
        ax, [0, 1, 2], torch.tensor([[0.0, 1, 2], [2, 3, 4]]), "max", order=1
    )
    assert list(mean) == list(ax.lines[0].get_ydata()) == [1, 2, 3]
    assert len(ax.collections) == 1 and ax.lines[0].get_color() == OKABE_ITO["vermillion"]


def test_bars_show_every_seed() -> None:
    _, ax = plt.subplots()
    mean = bars_with_interval(ax, ["flatten", "GAP"], [[0.2, 0.8], [0.3, 0.9], [0.1, 0.7]])
    assert np.allclose(mean, [0.2, 0.8])
    assert sum(line.get_marker() == "o" for line in ax.lines) == 3
