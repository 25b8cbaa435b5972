"""How every figure of the course looks: colours, sizes, heatmaps with numbers, curves with an interval over seeds.

Colours are Okabe and Ito's, safe for colour-blind readers; line style and marker change along with the colour, so
that curves stay apart in grey. Backgrounds are opaque white for dark mode, labels at least 11 pt and figures at most
8 in wide for a phone. Nothing here computes what a lesson teaches.
"""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from book.snippets.intervals import accuracy_interval, as_array, mean_interval

OKABE_ITO = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
}
LINE_STYLES = ("-", "--", "-.", ":")
LINE_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")


def course_style() -> None:
    """Set matplotlib's defaults for the course; call it once, in the first cell that plots."""
    colors = list(OKABE_ITO.values())
    styles = [LINE_STYLES[i % len(LINE_STYLES)] for i in range(len(colors))]
    plt.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=colors, linestyle=styles, marker=LINE_MARKERS),
            "figure.facecolor": "white",
            "savefig.facecolor": "white",
            "figure.figsize": (7, 4),
            "figure.dpi": 100,
            "font.size": 13,
            "axes.titlesize": 13,
            "xtick.labelsize": 11,
            "ytick.labelsize": 11,
            "legend.fontsize": 11,
            "legend.frameon": False,
            "lines.linewidth": 2.2,
            "lines.markersize": 6,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "figure.constrained_layout.use": True,
        }
    )


def draw_heatmap(
    ax: Axes,
    values: torch.Tensor | np.ndarray | Sequence,
    title: str = "",
    *,
    fmt: str | None = "{:g}",
    cmap: str = "cividis",
    limits: tuple[float, float] | None = None,
    fontsize: float = 13,
) -> None:
    """Draw a map `(H, W)` with its numbers inside; `fmt=None` leaves the numbers out.

    `limits` fixes the colour scale, by default the map's own range. Digits are black or white, whichever reads better
    on their cell. Raises `ValueError` unless the map is two-dimensional.
    """
    array = as_array(values)
    if array.ndim != 2:
        raise ValueError(f"a heatmap needs a map (H, W), got shape {array.shape}; pick one image and one channel")
    low, high = limits if limits is not None else (float(np.nanmin(array)), float(np.nanmax(array)))
    picture = ax.imshow(array, cmap=cmap, vmin=low, vmax=high if high > low else low + 1)
    ax.set_title(title)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    if fmt is None:
        return
    for row in range(array.shape[0]):
        for col in range(array.shape[1]):
            red, green, blue, _ = picture.cmap(picture.norm(array[row, col]))
            ink = "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"
            ax.text(col, row, fmt.format(array[row, col]), ha="center", va="center", color=ink, fontsize=fontsize)


def outline_window(
    ax: Axes,
    row: float,
    col: float,
    height: float,
    width: float,
    *,
    color: str = OKABE_ITO["vermillion"],
    linestyle: str = "-",
) -> None:
    """Frame the window whose upper left cell is `(row, col)`, in cells of a map drawn by `draw_heatmap`."""
    corner = (col - 0.5, row - 0.5)
    frame = Rectangle(
        corner, width, height, fill=False, edgecolor=color, linewidth=3, linestyle=linestyle, clip_on=False
    )
    ax.add_patch(frame)


def heatmap_grid(
    maps: Sequence[torch.Tensor | np.ndarray | Sequence],
    titles: Sequence[str],
    *,
    columns: int | None = None,
    fmt: str | None = "{:g}",
    cmap: str = "cividis",
    shared_scale: bool = True,
    cell: float = 2.3,
    fontsize: float = 13,
) -> tuple[Figure, list[Axes]]:
    """Draw several maps `(H, W)` side by side, `columns` in a row (at most three by default).

    Each panel is about `cell` inches wide. With `shared_scale` one colour means one number in all panels. Returns the
    figure and one axes per map. Raises `ValueError` when maps and titles differ in number.
    """
    if len(maps) != len(titles):
        raise ValueError(f"{len(maps)} maps but {len(titles)} titles; give one title per map")
    arrays = [as_array(values) for values in maps]
    columns = columns or min(len(arrays), 3)
    rows = -(-len(arrays) // columns)
    fig, grid = plt.subplots(rows, columns, figsize=(min(cell * columns, 8.0), (cell + 0.4) * rows), squeeze=False)
    limits = (
        (min(float(np.nanmin(a)) for a in arrays), max(float(np.nanmax(a)) for a in arrays)) if shared_scale else None
    )
    axes = list(grid.flat)
    for ax, array, title in zip(axes, arrays, titles, strict=False):
        draw_heatmap(ax, array, title, fmt=fmt, cmap=cmap, limits=limits, fontsize=fontsize)
    for ax in axes[len(arrays) :]:
        ax.set_visible(False)
    return fig, axes[: len(arrays)]


def image_grid(
    images: Sequence[torch.Tensor], titles: Sequence[str], *, columns: int | None = None, cell: float = 2.0
) -> Figure:
    """Show images `(3, H, W)` or `(H, W)` in [0, 1] side by side, `columns` (at most four by default) in a row."""
    if len(images) != len(titles):
        raise ValueError(f"{len(images)} images but {len(titles)} titles; give one title per image")
    columns = columns or min(len(images), 4)
    rows = -(-len(images) // columns)
    fig, grid = plt.subplots(rows, columns, figsize=(min(cell * columns, 8.0), (cell + 0.5) * rows), squeeze=False)
    for ax in grid.flat:
        ax.axis("off")
    for ax, image, title in zip(grid.flat, images, titles, strict=False):
        array = as_array(image).clip(0, 1)
        ax.imshow(
            array.transpose(1, 2, 0) if array.ndim == 3 else array, cmap="gray", vmin=0, vmax=1, interpolation="nearest"
        )
        ax.set_title(title)
    return fig


def _interval(
    runs: torch.Tensor | np.ndarray | Sequence, n_test: int | None, shared: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return mean_interval(runs) if n_test is None else accuracy_interval(runs, n_test, shared=shared)


def curve_with_interval(
    ax: Axes,
    x: Sequence[float],
    runs: torch.Tensor | np.ndarray | Sequence,
    label: str,
    *,
    order: int = 0,
    n_test: int | None = None,
    shared: bool = True,
) -> np.ndarray:
    """Plot the mean of `runs` `(seeds, points)` against `x` with its 95 % interval; return the mean `(points,)`.

    Accuracies say on how many test images: with `n_test` the interval is `accuracy_interval`'s. `order` picks colour,
    line style and marker together, so one method looks the same in every figure.
    """
    mean, low, high = _interval(runs, n_test, shared)
    color = list(OKABE_ITO.values())[order % len(OKABE_ITO)]
    style, marker = LINE_STYLES[order % len(LINE_STYLES)], LINE_MARKERS[order % len(LINE_MARKERS)]
    ax.plot(x, mean, color=color, linestyle=style, marker=marker, label=label)
    ax.fill_between(x, low, high, color=color, alpha=0.2, linewidth=0)
    return mean


def bars_with_interval(
    ax: Axes,
    labels: Sequence[str],
    runs: torch.Tensor | np.ndarray | Sequence,
    *,
    order: int = 0,
    n_test: int | None = None,
    shared: bool = True,
) -> np.ndarray:
    """Draw one bar per label for `runs` `(seeds, labels)`, its 95 % interval and each seed; return the means.

    Accuracies say on how many test images: with `n_test` the interval is `accuracy_interval`'s.
    """
    array = as_array(runs).astype(float)
    mean, low, high = _interval(array, n_test, shared)
    color = list(OKABE_ITO.values())[order % len(OKABE_ITO)]
    places = np.arange(len(labels))
    ax.bar(places, mean, color=color, alpha=0.75, width=0.6)
    ax.errorbar(places, mean, yerr=[mean - low, high - mean], fmt="none", ecolor="black", elinewidth=2, capsize=6)
    for i, run in enumerate(array):
        nudge = 0.3 * ((i + 0.5) / len(array) - 0.5)
        ax.plot(places + nudge, run, linestyle="none", marker="o", markersize=4, color="white", markeredgecolor="black")
    ax.set_xticks(places, labels)
    return mean
