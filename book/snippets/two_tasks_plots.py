"""Figures of chapter 7: two accuracies side by side, a trade-off between them, angles of gradients over training."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from book.snippets.plots import LINE_MARKERS, OKABE_ITO, curve_with_interval, mean_interval


def points_with_interval(
    ax: Axes, groups: Sequence[str], runs: Mapping[str, np.ndarray], *, spread: float = 0.6
) -> dict[str, np.ndarray]:
    """One marker per series and group, with its 95 % interval and each seed; return the means `(groups,)` by series.

    `runs` holds `(seeds, groups)` for each series; series stand side by side within a group.
    """
    means = {}
    for order, (label, values) in enumerate(runs.items()):
        mean, low, high = mean_interval(values)
        places = np.arange(len(groups)) + spread * ((order + 0.5) / len(runs) - 0.5)
        color, marker = list(OKABE_ITO.values())[order], LINE_MARKERS[order]
        bars = [mean - low, high - mean]
        ax.errorbar(
            places, mean, yerr=bars, fmt=marker, color=color, markersize=9, elinewidth=2, capsize=4, label=label
        )
        for place, column in zip(places, np.asarray(values).T, strict=True):
            ax.plot([place] * len(column), column, linestyle="none", marker=".", markersize=4, color="black")
        means[label] = mean
    ax.set_xticks(range(len(groups)), groups)
    ax.set_xlim(-0.5, len(groups) - 0.5)
    ax.grid(axis="y", alpha=0.3)
    return means


def both_tasks_figure(
    groups: Sequence[str], domain: Mapping[str, np.ndarray], category: Mapping[str, np.ndarray], chance: Sequence[float]
) -> tuple[Figure, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Domain accuracy on the left, category accuracy on the right, chance dotted; return the figure and both means."""
    fig, axes = plt.subplots(1, 2, figsize=(8, 4.6))
    means = [points_with_interval(ax, groups, runs) for ax, runs in zip(axes, (domain, category), strict=True)]
    for ax, title, level in zip(axes, ("domain", "category"), chance, strict=True):
        ax.axhline(level, color="black", linestyle=":", marker="", linewidth=1.2)
        ax.set_title(title)
    axes[0].set_ylabel("test accuracy")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig, means[0], means[1]


def trade_off_figure(weights: Sequence[float], domain: np.ndarray, category: np.ndarray) -> Figure:
    """Both accuracies `(seeds, weights)` against the weight of the domain's loss, at equal steps along the axis."""
    fig, ax = plt.subplots(figsize=(7.5, 4.4))
    places = range(len(weights))
    curve_with_interval(ax, places, domain, "domain", order=0)
    curve_with_interval(ax, places, category, "category", order=1)
    ax.set_xticks(places, [f"{weight:g}" for weight in weights])
    ax.set(xlabel="weight of the domain's loss (category: 1 − weight)", ylabel="test accuracy", ylim=(0.15, 1.03))
    ax.axhline(0.25, color="black", linestyle=":", marker="", linewidth=1.2)
    ax.legend(loc="center", bbox_to_anchor=(0.38, 0.45))
    return fig


def cosine_figure(
    steps: Sequence[int], by_partner: Mapping[str, np.ndarray], by_layer: Mapping[str, np.ndarray], layers_of: str
) -> Figure:
    """Cosine of two tasks' gradients over training: one curve per partner on the left, one per layer on the right."""
    fig, axes = plt.subplots(1, 2, figsize=(8, 4.8), sharey=True)
    titles = ("whole backbone", f"by layer: {layers_of}")
    orders = ((0, 1, 2, 3), (4, 5, 7))  # other colours on the right, where the curves mean something else
    for ax, curves, title, looks in zip(axes, (by_partner, by_layer), titles, orders, strict=True):
        for order, (label, runs) in zip(looks, curves.items(), strict=True):
            curve_with_interval(ax, steps, runs, label, order=order)
        ax.axhline(0, color="black", linestyle="-", marker="", linewidth=1)
        ax.set(title=title, xlabel="training step", ylim=(-1.08, 1.08))
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, columnspacing=1)
    axes[0].set_ylabel("cosine of the two gradients")
    return fig


def arrows_figure(pairs: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Pairs of gradients in the plane, their sum dashed: one panel per pair."""
    fig, axes = plt.subplots(1, len(pairs), figsize=(8, 3.2), squeeze=False)
    for ax, (title, (first, second)) in zip(axes[0], pairs.items(), strict=True):
        total = np.add(first, second)
        for vector, color, style, width in (
            (total, "#666666", "--", 2.0),
            (first, OKABE_ITO["blue"], "-", 3.0),
            (second, OKABE_ITO["vermillion"], "-", 3.0),
        ):
            arrow = {"arrowstyle": "-|>", "color": color, "linestyle": style, "linewidth": width}
            ax.annotate("", xy=tuple(vector), xytext=(0, 0), arrowprops=arrow | {"shrinkA": 0, "shrinkB": 0})
        ax.plot(0, 0, marker="o", color="black", linestyle="none")
        ax.set(title=title, xlim=(-4.5, 7.5), ylim=(-1.2, 6.5), aspect="equal")
        ax.set_axis_off()
    return fig
