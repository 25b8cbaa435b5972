"""Procedural images: coloured shapes whose class, position, size, style and noise are under control.

They carry the course's controlled experiments: drawn from a seed in milliseconds, the same on every machine.
"""

from dataclasses import dataclass

import torch

SHAPE_CLASSES = ("circle", "square", "triangle", "cross")
SHAPE_STYLES = ("plain", "outline", "striped", "inverted")


@dataclass(frozen=True)
class Shapes:
    """A set of drawn images and everything that is known about them."""

    images: torch.Tensor  # (N, 3, S, S) float32 in [0, 1]
    labels: torch.Tensor  # (N,) int64, index into the classes asked for
    centers: torch.Tensor  # (N, 2) float32, (row, column) of the shape's center in pixels
    radii: torch.Tensor  # (N,) float32, half the shape's width in pixels
    styles: torch.Tensor  # (N,) int64, index into the styles asked for
    masks: torch.Tensor  # (N, S, S) bool, where the shape lies

    def __len__(self) -> int:
        return len(self.labels)


def draw_shapes(
    n: int,
    *,
    size: int = 32,
    classes: tuple[str, ...] = SHAPE_CLASSES,
    styles: tuple[str, ...] = ("plain",),
    columns: tuple[float, float] = (0.0, 1.0),
    rows: tuple[float, float] = (0.0, 1.0),
    radius: tuple[float, float] = (0.14, 0.2),
    noise: float = 0.1,
    generator: torch.Generator | None = None,
) -> Shapes:
    """Draw `n` images of `size`×`size` pixels with one shape each, classes and styles in equal shares.

    `columns` and `rows` bound where the whole shape may lie, as fractions of the image: `columns=(0, 0.5)` keeps every
    shape inside the left half. `radius` is the range of half-widths, as a fraction of `size`. `noise` is the standard
    deviation of the Gaussian pixel noise. Raises `ValueError` when a shape cannot fit or a name is unknown.
    """
    unknown = [name for name in classes if name not in SHAPE_CLASSES] + [s for s in styles if s not in SHAPE_STYLES]
    if unknown:
        raise ValueError(f"unknown shape or style {unknown}; known are {SHAPE_CLASSES} and {SHAPE_STYLES}")
    if min(columns[1] - columns[0], rows[1] - rows[0]) < 2 * radius[1]:
        raise ValueError(f"a shape of radius {radius[1]} does not fit into columns {columns}, rows {rows}; widen them")

    def uniform(low: torch.Tensor | float, high: torch.Tensor | float) -> torch.Tensor:
        return low + (high - low) * torch.rand(n, generator=generator)

    labels = (torch.arange(n) % len(classes))[torch.randperm(n, generator=generator)]
    style = (torch.arange(n) % len(styles))[torch.randperm(n, generator=generator)]
    half = uniform(*radius)
    center_row, center_col = uniform(rows[0] + half, rows[1] - half), uniform(columns[0] + half, columns[1] - half)
    half, center_row, center_col = half * size, center_row * size, center_col * size

    axis = torch.arange(size) + 0.5
    dy = (axis.view(1, size, 1) - center_row.view(n, 1, 1)) / half.view(n, 1, 1)  # (N, S, 1), in radii
    dx = (axis.view(1, 1, size) - center_col.view(n, 1, 1)) / half.view(n, 1, 1)  # (N, 1, S)
    masks, inner = _inside(dy, dx, labels, classes), _inside(dy / 0.62, dx / 0.62, labels, classes)

    foreground = 0.65 + 0.35 * torch.rand(n, 3, 1, 1, generator=generator)
    background = 0.35 * torch.rand(n, 3, 1, 1, generator=generator)
    ink = masks.clone()
    for i, name in enumerate(styles):
        rows_of = style == i
        if name == "outline":
            ink[rows_of] &= ~inner[rows_of]
        elif name == "striped":
            ink[rows_of] &= (axis.long() // 2 % 2 == 0).view(1, 1, size)
        elif name == "inverted":
            foreground[rows_of], background[rows_of] = background[rows_of], foreground[rows_of].clone()
    images = torch.where(ink.unsqueeze(1), foreground, background)  # (N, 3, S, S)
    images = images + noise * torch.randn(images.shape, generator=generator)
    return Shapes(images.clamp(0, 1), labels, torch.stack([center_row, center_col], 1), half, style, masks)


def _inside(dy: torch.Tensor, dx: torch.Tensor, labels: torch.Tensor, classes: tuple[str, ...]) -> torch.Tensor:
    """Which pixels lie inside each image's shape, (N, S, S), from offsets to its center in radii."""
    inside = {
        "circle": lambda y, x: y**2 + x**2 <= 1,
        "square": lambda y, x: (y.abs() <= 0.85) & (x.abs() <= 0.85),
        "triangle": lambda y, x: (y <= 0.9) & (x.abs() <= (y + 1) * 0.53),
        "cross": lambda y, x: ((y.abs() <= 0.3) & (x.abs() <= 1)) | ((x.abs() <= 0.3) & (y.abs() <= 1)),
    }
    out = torch.zeros(len(labels), dy.shape[1], dx.shape[2], dtype=torch.bool)
    for i, name in enumerate(classes):
        chosen = labels == i
        out[chosen] = inside[name](dy[chosen], dx[chosen])
    return out
