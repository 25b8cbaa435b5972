"""Figures of chapter 5: an image beside its class maps, all maps on one colour scale, the object's outline on top."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib.figure import Figure

from book.snippets.plots import OKABE_ITO


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
    Four columns are folded into two lines of two. All maps share one colour scale, `limits` or their common range.
    Raises `ValueError` when titles and columns differ in number.
    """
    rows, columns = maps.shape[0], 1 + maps.shape[1]
    if len(titles) != columns:
        raise ValueError(f"{columns} columns but {len(titles)} titles; give one for the image and one per map")
    across = 2 if columns == 4 else columns  # four in a row would be tiny on a phone
    lines = rows * columns // across
    width = min(6.2, 2.5 * across)  # inches, so that labels of 11 pt can be read there
    size = (width, 0.79 * width / across * lines + 0.7)
    fig, grid = plt.subplots(lines, across, figsize=size, squeeze=False)
    grid = grid.reshape(rows, columns)
    big = F.interpolate(maps, size=images.shape[2:], mode="bilinear", align_corners=False)  # (R, M, S, S)
    low, high = limits or (big.min().item(), big.max().item())
    for axes, image, row, outline in zip(grid, images, big, outlines, strict=True):
        axes[0].imshow(image.permute(1, 2, 0).clamp(0, 1).numpy())
        for ax, values in zip(axes[1:], row, strict=True):
            heat = ax.imshow(values.numpy(), cmap="cividis", vmin=low, vmax=high)
            if outline.any():
                ax.contour(outline.float().numpy(), levels=[0.5], colors=OKABE_ITO["vermillion"], linewidths=2)
    for ax, title in zip(grid[0], titles, strict=True):
        ax.set_title(title)
    for ax in grid.flat:
        ax.set_axis_off()
    fig.colorbar(heat, ax=list(grid.flat), label=label, shrink=0.9, pad=0.02)
    return fig
