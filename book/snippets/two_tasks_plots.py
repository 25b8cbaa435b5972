"""Figures of chapter 7: accuracies with their intervals, side by side, and gradients as arrows."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from book.snippets.intervals import accuracy_interval
from book.snippets.plots import LINE_MARKERS, OKABE_ITO


def points_with_interval(
    ax: Axes,
    groups: Sequence[str],
    runs: Mapping[str, np.ndarray],
    *,
    n_test: int,
    shared: bool = False,
    spread: float = 0.6,
) -> dict[str, np.ndarray]:
    """One marker per series and group, with its 95 % interval and each seed; return the means by series.

    `runs` holds accuracies `(seeds, groups)` for each series; series stand side by side within a group. Each is
    measured on `n_test` images, `shared` by all seeds or drawn anew for each. The means are `(groups,)`.
    """
    means = {}
    for order, (label, values) in enumerate(runs.items()):
        mean, low, high = accuracy_interval(values, n_test, shared=shared)
        places = np.arange(len(groups)) + spread * ((order + 0.5) / len(runs) - 0.5)
        look: dict[str, Any] = {"fmt": LINE_MARKERS[order], "color": list(OKABE_ITO.values())[order], "label": label}
        ax.errorbar(places, mean, yerr=[mean - low, high - mean], markersize=9, elinewidth=2, capsize=4, **look)
        ax.plot(places, np.asarray(values).T, linestyle="none", marker=".", markersize=5, color="black")
        means[label] = mean
    ax.set_xticks(range(len(groups)), groups)
    ax.set_xlim(-0.5, len(groups) - 0.5)
    ax.grid(axis="y", alpha=0.3)
    return means


def draw_arrows(ax: Axes, vectors: Mapping[str, Sequence[float]]) -> None:
    """Vectors of the plane as arrows from the origin, labeled for a legend; one called `sum` gray and dashed."""
    colors = iter(OKABE_ITO.values())
    for label, tip in vectors.items():
        color, style = ("#666666", "--") if label == "sum" else (next(colors), "-")
        look: dict[str, Any] = {"color": color, "linewidth": 2.5}
        x, y = 0.8 * np.asarray(tip)  # a dashed line would dash the outline of its head, too
        ax.plot([0, x], [0, y], linestyle=style, marker="", label=label, **look)
        ax.annotate("", (tip[0], tip[1]), (x, y), arrowprops={"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **look})
    ax.set(xlim=(-4.2, 6.4), ylim=(-1.2, 5.4), aspect="equal")
    ax.set_axis_off()
