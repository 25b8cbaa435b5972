"""Figures of chapter 5: an image beside its class maps, all maps on one colour scale, the object's outline on top."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib.figure import Figure

from book.snippets.plots import OKABE_ITO, draw_heatmap


def image_and_maps(
    images: torch.Tensor,
    maps: torch.Tensor,
    titles: list[str],
    outlines: torch.Tensor,
    *,
    limits: tuple[float, float] | None = None,
    label: str = "evidence",
) -> Figure:
    """One row per image: the image, then its M maps, bilinearly enlarged, with the object outlined.

    `images` is `(R, 3, S, S)`, `maps` `(R, M, h, w)`, `outlines` `(R, S, S)` bool, `titles` 1 + M column titles.
    All maps share one colour scale, `limits` or their common range. Raises `ValueError` when titles and columns differ
    in number.
    """
    rows, columns = maps.shape[0], 1 + maps.shape[1]
    if len(titles) != columns:
        raise ValueError(f"{columns} columns but {len(titles)} titles; give one for the image and one per map")
    fig, grid = plt.subplots(rows, columns, figsize=(min(8.0, 2.4 * columns), 1.9 * rows + 0.5), squeeze=False)
    side = images.shape[-1]
    big = F.interpolate(maps, size=(side, side), mode="bilinear", align_corners=False)  # (R, M, S, S)
    scale = limits or (big.min().item(), big.max().item())
    for i in range(rows):
        grid[i, 0].imshow(images[i].permute(1, 2, 0).clamp(0, 1).numpy(), interpolation="nearest")
        grid[i, 0].set_axis_off()
        for j in range(1, columns):
            draw_heatmap(grid[i, j], big[i, j - 1], fmt=None, limits=scale)
            if outlines[i].any():
                grid[i, j].contour(
                    outlines[i].float().numpy(), levels=[0.5], colors=OKABE_ITO["vermillion"], linewidths=2
                )
    for ax, title in zip(grid[0], titles, strict=True):
        ax.set_title(title)
    fig.colorbar(grid[0, 1].images[0], ax=list(grid.flat), label=label, shrink=0.9, pad=0.02)
    return fig
