"""How every figure of the course looks: colours, sizes, heatmaps with numbers, curves with an interval over seeds.

Colours are Okabe and Ito's, safe for colour-blind readers; line style and marker change along with the colour, so
that curves stay apart in grey. Backgrounds are opaque white for dark mode, labels at least 11 pt and figures at most
8 in wide for a phone. Nothing here computes what a lesson teaches.
"""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from cycler import cycler
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from book.snippets.intervals import accuracy_interval, as_array, mean_interval

_NAMES = ("blue", "vermillion", "green", "purple", "orange", "sky", "yellow", "black")
_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
OKABE_ITO = dict(zip(_NAMES, _COLORS, strict=True))
LINE_STYLES = ("-", "--", "-.", ":") * 2
LINE_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")


def course_style() -> None:
    """Set matplotlib's defaults for the course, and results to four digits; call it once, at the top."""
    plt.rc(
        "axes", prop_cycle=cycler(color=_COLORS, linestyle=LINE_STYLES, marker=LINE_MARKERS), titlesize=13, grid=False
    )
    plt.rc("axes.spines", top=False, right=False)
    plt.rc("font", size=13)
    plt.rc("xtick", labelsize=11)
    plt.rc("ytick", labelsize=11)
    plt.rc("legend", fontsize=11, frameon=False)
    plt.rc("lines", linewidth=2.2, markersize=6)
    plt.rc("figure", facecolor="white", figsize=(7, 4), dpi=100)
    plt.rc("figure.constrained_layout", use=True)
    plt.rc("savefig", facecolor="white")
    shell = get_ipython()
    if shell is not None:  # 0.9684822549368232 says no more than 0.9685
        numbers = shell.display_formatter.formatters["text/plain"]
        numbers.for_type(float, lambda value, printer, cycle: printer.text(four_digits(value)))


def four_digits(value: float) -> str:
    """`value` with four significant digits; beyond 1,000, with one decimal."""
    return repr(float(f"{value:.4g}") if abs(value) < 1000 else round(value, 1))


def look(order: int) -> dict[str, Any]:
    """Color, line style and marker of one method, the same in every figure."""
    return {"color": _COLORS[order], "linestyle": LINE_STYLES[order], "marker": LINE_MARKERS[order]}


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
    low, high = limits or (float(np.nanmin(array)), float(np.nanmax(array)))
    picture = ax.imshow(array, cmap=cmap, vmin=low, vmax=high if high > low else low + 1)
    ax.set(title=title, xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    if fmt is None:
        return
    for (row, col), value in np.ndenumerate(array):
        light = np.dot(picture.cmap(picture.norm(value))[:3], (0.299, 0.587, 0.114)) > 0.5
        ink = "black" if light else "white"
        ax.text(col, row, fmt.format(value), ha="center", va="center", color=ink, fontsize=fontsize)


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
    frame = Rectangle((col - 0.5, row - 0.5), width, height, fill=False, edgecolor=color, linestyle=linestyle)
    frame.set(linewidth=3, clip_on=False)
    ax.add_patch(frame)


def panels(items: Sequence, titles: Sequence[str], columns: int, cell: float) -> tuple[Figure, list[Axes]]:
    """One axes per item, `columns` in a row, each about `cell` inches wide; those left over are hidden.

    Raises `ValueError` when items and titles differ in number.
    """
    if len(items) != len(titles):
        raise ValueError(f"{len(items)} panels but {len(titles)} titles; give each its title")
    rows = -(-len(items) // columns)
    fig, grid = plt.subplots(rows, columns, figsize=(min(cell * columns, 8.0), (cell + 0.4) * rows), squeeze=False)
    for ax in grid.flat[len(items) :]:
        ax.set_visible(False)
    return fig, list(grid.flat[: len(items)])


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
    fig, axes = panels(maps, titles, columns or min(len(maps), 3), cell)
    arrays = [as_array(values) for values in maps]
    limits = (min(map(np.nanmin, arrays)), max(map(np.nanmax, arrays))) if shared_scale else None
    for ax, array, title in zip(axes, arrays, titles, strict=True):
        draw_heatmap(ax, array, title, fmt=fmt, cmap=cmap, limits=limits, fontsize=fontsize)
    return fig, axes


def image_grid(
    images: Sequence[torch.Tensor], titles: Sequence[str], *, columns: int | None = None, cell: float = 2.0
) -> Figure:
    """Show images `(3, H, W)` or `(H, W)` in [0, 1] side by side, `columns` (at most four by default) in a row."""
    fig, axes = panels(images, titles, columns or min(len(images), 4), cell)
    for ax, image, title in zip(axes, images, titles, strict=True):
        array = np.moveaxis(as_array(image), 0, -1) if image.ndim == 3 else as_array(image)
        ax.imshow(array.clip(0, 1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(title)
        ax.axis("off")
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
    ax.plot(x, mean, **look(order), label=label)
    ax.fill_between(x, low, high, color=_COLORS[order], alpha=0.2, linewidth=0)
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
    places = np.arange(len(labels))
    ax.bar(places, mean, color=_COLORS[order], alpha=0.75, width=0.6)
    ax.errorbar(places, mean, yerr=[mean - low, high - mean], fmt="none", ecolor="black", elinewidth=2, capsize=6)
    for i, run in enumerate(array):
        nudge = 0.3 * ((i + 0.5) / len(array) - 0.5)
        ax.plot(places + nudge, run, linestyle="none", marker="o", markersize=4, color="white", markeredgecolor="black")
    ax.set_xticks(places, labels)
    return mean
