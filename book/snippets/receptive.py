"""Receptive fields: what the formula promises, and what the gradient measures."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn


def theoretical_receptive_field(layers: list[tuple[int, int]]) -> int:
    """Side of the square of input pixels that one output unit sees; `layers` are `(kernel, stride)`, input first.

    Each layer adds (kernel - 1) steps, and a step is worth the product of the strides before it.
    Source: Dumoulin and Visin 2016, arXiv:1603.07285; Araujo et al. 2019, doi:10.23915/distill.00021
    """
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field


def centre_gradient(net: nn.Module, size: int, images: torch.Tensor | None = None) -> torch.Tensor:
    """How strongly the center unit of `net`'s output map depends on each input pixel: `(size, size)`, summing to 1.

    The mean over images and channels of the absolute gradient. Without `images`, eight noise images are used.
    """
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(8, 3, size, size, generator=generator) if images is None else images.clone()
    x.requires_grad_(True)
    out = net(x)  # (N, C, H', W')
    centre = out[:, :, out.shape[2] // 2, out.shape[3] // 2]
    (grad,) = torch.autograd.grad(centre.sum(), x)
    strength = grad.abs().mean(dim=(0, 1))  # (size, size)
    return strength / strength.sum()


def extent(strength: torch.Tensor) -> int:
    """Side of the box of pixels on which the center unit depends at all."""
    rows = strength.sum(dim=1).nonzero().flatten()
    return int(rows[-1] - rows[0] + 1)


def effective_side(strength: torch.Tensor, share: float = 0.9) -> int:
    """Side of the smallest square, wherever it lies, that holds `share` of the influence `(size, size)`."""
    wanted = share * strength.sum()
    sides = range(1, len(strength) + 1)
    return next(side for side in sides if F.avg_pool2d(strength[None], side, 1).max() * side**2 >= 0.9999 * wanted)


def influence_of_depth(depth: int, draws: int = 5, channels: int = 16, size: int = 65) -> torch.Tensor:
    """Mean `centre_gradient` over freshly drawn stacks of `depth` 3×3 convolutions with ReLU: `(size, size)`."""
    widths = [3] + [channels] * depth
    maps = []
    for _ in range(draws):
        convs = [nn.Conv2d(a, b, 3, padding=1) for a, b in itertools.pairwise(widths)]
        maps.append(centre_gradient(nn.Sequential(*[m for c in convs for m in (c, nn.ReLU())]), size))
    return torch.stack(maps).mean(dim=0)
