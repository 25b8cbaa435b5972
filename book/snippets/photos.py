"""The page "Going further": two photographs of scikit-learn's, and maps laid over photographs."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib.figure import Figure

# 640×427 px, CC BY 2.0; sklearn/datasets/images/README.txt names the authors
PHOTOS = ("china.jpg", "flower.jpg")


def sample_photos(side: int = 224) -> torch.Tensor:
    """A pavilion by a lake and a flower, the middle square of each: `(2, 3, side, side)` uint8.

    Raises `ModuleNotFoundError` with the command that installs scikit-learn.
    """
    try:
        from sklearn.datasets import load_sample_image
    except ModuleNotFoundError as error:
        what = f"{error.name} is not installed, so there are no photographs"
        raise ModuleNotFoundError(f"{what}; run `pip install scikit-learn pillow`") from error
    found = []
    for name in PHOTOS:
        photo = torch.from_numpy(load_sample_image(name).copy()).permute(2, 0, 1)  # (3, H, W)
        height, width = photo.shape[1:]
        left = (width - height) // 2
        square = photo[None, :, :, left : left + height].float()  # (1, 3, H, H)
        found.append(F.interpolate(square, size=(side, side), mode="bilinear", antialias=True))
    return torch.cat(found).round().to(torch.uint8)


def maps_on_photos(
    photos: torch.Tensor, maps: Sequence[Sequence[torch.Tensor]], titles: Sequence[Sequence[str]]
) -> Figure:
    """One row per photograph: the photograph, then its maps, enlarged, over a pale copy of it.

    `photos` is `(R, 3, S, S)` uint8; `maps` and `titles` hold, per row, the maps `(h, w)` and
    what stands above each. They are enlarged bilinearly.
    Negative values count as 0; each map has a color scale of its own, from 0 to its maximum.
    Raises `ValueError` unless every map has a title.
    """
    if [len(row) for row in maps] != [len(row) for row in titles] or len(maps) != len(photos):
        what = "maps and titles differ in number"
        raise ValueError(f"{what}; give each photograph a row of both, one title per map")
    columns = 1 + max(len(row) for row in maps)
    size = (2.3 * columns, 2.5 * len(photos))
    fig = plt.figure(figsize=size, layout="constrained")
    grid = fig.subplots(len(photos), columns, squeeze=False)
    for axes, photo, row, names in zip(grid, photos, maps, titles, strict=True):
        pixels = photo.permute(1, 2, 0).numpy()  # (S, S, 3)
        for ax in axes:
            ax.set_axis_off()
            ax.imshow(pixels)
        for ax, values, name in zip(axes[1:], row, names, strict=False):
            heat = values[None, None].clamp(min=0)  # (1, 1, h, w)
            big = F.interpolate(heat, size=pixels.shape[:2], mode="bilinear")[0, 0]
            ax.imshow(big.numpy(), cmap="inferno", alpha=0.55, vmin=0)
            ax.set_title(name, fontsize=16)
    return fig
