"""Figures of chapter 7: two accuracies side by side, a trade-off between them, angles of gradients over training."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from book.snippets.intervals import accuracy_interval
from book.snippets.plots import LINE_MARKERS, OKABE_ITO, curve_with_interval


def points_with_interval(
    ax: Axes,
    groups: Sequence[str],
    runs: Mapping[str, np.ndarray],
    *,
    n_test: int,
    shared: bool = False,
    spread: float = 0.6,
) -> dict[str, np.ndarray]:
    """One marker per series and group, with its 95 % interval and each seed; return the means `(groups,)` by series.

    `runs` holds accuracies `(seeds, groups)` for each series; series stand side by side within a group. Each is
    measured on `n_test` images, `shared` by all seeds or drawn anew for each.
    """
    means = {}
    for order, (label, values) in enumerate(runs.items()):
        mean, low, high = accuracy_interval(values, n_test, shared=shared)
        places = np.arange(len(groups)) + spread * ((order + 0.5) / len(runs) - 0.5)
        color, marker = list(OKABE_ITO.values())[order], LINE_MARKERS[order]
        bars = [mean - low, high - mean]
        ax.errorbar(
            places, mean, yerr=bars, fmt=marker, color=color, markersize=9, elinewidth=2, capsize=4, label=label
        )
        for place, column in zip(places, np.asarray(values).T, strict=True):
            ax.plot([place] * len(column), column, linestyle="none", marker=".", markersize=5, color="black")
        means[label] = mean
    ax.set_xticks(range(len(groups)), groups)
    ax.set_xlim(-0.5, len(groups) - 0.5)
    ax.grid(axis="y", alpha=0.3)
    return means


def both_tasks_figure(
    groups: Sequence[str],
    domain: Mapping[str, np.ndarray],
    category: Mapping[str, np.ndarray],
    *,
    chance: float,
    n_test: int,
) -> tuple[Figure, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Domain accuracy on the left, category accuracy on the right, chance dotted; return the figure and both means."""
    fig, axes = plt.subplots(1, 2, figsize=(8, 4.6))
    means = [
        points_with_interval(ax, groups, runs, n_test=n_test) for ax, runs in zip(axes, (domain, category), strict=True)
    ]
    for ax, title in zip(axes, ("domain", "category"), strict=True):
        ax.axhline(chance, color="black", linestyle=":", marker="", linewidth=1.2)
        ax.set_title(title)
    axes[0].set_ylabel("test accuracy")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig, means[0], means[1]


def trade_off_figure(
    weights: Sequence[float], panels: Mapping[str, Mapping[str, np.ndarray]], *, n_test: int
) -> Figure:
    """Accuracies `(seeds, weights)` against the weight of the domain's loss, one panel per training budget."""
    fig, axes = plt.subplots(1, len(panels), figsize=(8, 4.2), sharey=True, squeeze=False)
    for ax, (title, curves) in zip(axes[0], panels.items(), strict=True):
        for order, (label, runs) in enumerate(curves.items()):
            curve_with_interval(ax, weights, runs, label, order=order, n_test=n_test, shared=False)
        ax.axhline(0.25, color="black", linestyle=":", marker="", linewidth=1.2)
        ax.set(title=title, xlabel="weight of the domain's loss", xlim=(0, 1), ylim=(0.15, 1.03))
    axes[0, 0].set_ylabel("test accuracy")
    axes[0, 0].legend(loc="lower left", bbox_to_anchor=(0, 0.12))
    return fig


def cosine_figure(steps: Sequence[int], by_partner: Mapping[str, np.ndarray]) -> Figure:
    """Cosine of two tasks' gradients over training, one panel per partner: runs `(seeds, steps)`, mean and interval."""
    fig, axes = plt.subplots(2, 2, figsize=(8, 5.4), sharex=True, sharey=True)
    for order, (ax, (partner, runs)) in enumerate(zip(axes.flat, by_partner.items(), strict=True)):
        for run in runs:
            ax.plot(steps, run, color="0.6", linestyle="-", marker="", linewidth=0.8)
        curve_with_interval(ax, steps, runs, partner, order=order)
        ax.axhline(0, color="black", linestyle="-", marker="", linewidth=1)
        ax.set(title=partner, ylim=(-1.08, 1.08))
    for ax in axes[1]:
        ax.set_xlabel("training step")
    for ax in axes[:, 0]:
        ax.set_ylabel("cosine")
    return fig


def arrows_figure(pairs: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Two gradients in the plane, the domain's and the category's, and their sum dashed: one panel per pair."""
    fig, axes = plt.subplots(1, len(pairs), figsize=(8, 3.6), squeeze=False)
    for ax, (title, (first, second)) in zip(axes[0], pairs.items(), strict=True):
        total = np.add(first, second)
        for vector, color, style, width, label in (
            (total, "#666666", "--", 2.0, "sum"),
            (first, OKABE_ITO["blue"], "-", 3.0, "domain"),
            (second, OKABE_ITO["vermillion"], "-", 3.0, "category"),
        ):
            arrow = {"arrowstyle": "-|>", "color": color, "linestyle": style, "linewidth": width}
            ax.annotate("", xy=tuple(vector), xytext=(0, 0), arrowprops=arrow | {"shrinkA": 0, "shrinkB": 0})
            ax.plot([], [], color=color, linestyle=style, linewidth=width, marker="", label=label)
        ax.plot(0, 0, marker="o", color="black", linestyle="none")
        ax.set(title=title, xlim=(-4.5, 7.5), ylim=(-1.2, 6.5), aspect="equal")
        ax.set_axis_off()
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return fig
