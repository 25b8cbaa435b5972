"""Small models described by numbers, given to the student's functions or put in the place of their
classes.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import nn


class _ConvNet(nn.Module):
    """conv(3×3)[-bn]-relu per entry of `channels` after the first, stride `stride` from the second
    on; GAP; a head.

    `head`: "linear", "sequential" (dropout, linear), "deep" (linear, relu, linear), "none" (the
    feature map itself is returned). `names` are the attributes under which features and head are
    found, since students must not rely on them.
    """

    def __init__(
        self,
        channels: list[int],
        classes: int = 0,
        norm: bool = False,
        head: str = "linear",
        stride: int = 2,
        dropout: float = 0.0,
        names: tuple[str, str] = ("features", "head"),
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for index, (inside, outside) in enumerate(itertools.pairwise(channels)):
            layers.append(nn.Conv2d(inside, outside, 3, stride if index else 1, 1, bias=not norm))
            layers += [nn.BatchNorm2d(outside)] if norm else []
            layers.append(nn.ReLU())
        self.names = tuple(names)
        setattr(self, names[0], nn.Sequential(*layers))
        width = channels[-1]
        heads: dict[str, Callable[[], nn.Module]] = {
            "linear": lambda: nn.Linear(width, classes),
            "sequential": lambda: nn.Sequential(nn.Dropout(dropout), nn.Linear(width, classes)),
            "deep": lambda: nn.Sequential(
                nn.Linear(width, width), nn.ReLU(), nn.Linear(width, classes)
            ),
        }
        if head != "none":
            setattr(self, names[1], heads[head]())

    # (N, C, H, W) -> (N, classes), or (N, C', H', W') without head
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = getattr(self, self.names[0])(x)
        head = getattr(self, self.names[1], None)
        return x if head is None else head(x.mean(dim=(2, 3)))


def _mlp(features: list[int], norm: bool = False, dropout: float = 0.0) -> nn.Module:
    """Flatten, then linear[-bn]-relu[-dropout] layers, the last one bare."""
    layers: list[nn.Module] = [nn.Flatten()]
    for index, (inside, outside) in enumerate(itertools.pairwise(features)):
        layers.append(nn.Linear(inside, outside))
        if index < len(features) - 2:
            layers += [nn.BatchNorm1d(outside)] if norm else []
            layers += [nn.ReLU()] + ([nn.Dropout(dropout)] if dropout else [])
    return nn.Sequential(*layers)


def _chain(
    layers: list[Any],
    tied: list[list[int]] | None = None,
    reused: list[list[int]] | None = None,
) -> nn.Module:
    """`nn.Sequential` of layers, each `[name in nn, arguments…]`, or a list of such for one inside.

    `tied`: [later, earlier] positions of layers that share their weight; `reused`: of which the
    later is the earlier one itself.
    """
    built = [
        _chain(layer) if isinstance(layer[0], list) else getattr(nn, layer[0])(*layer[1:])
        for layer in layers
    ]
    for later, earlier in tied or ():
        built[later].weight = built[earlier].weight
    for later, earlier in reused or ():
        built[later] = built[earlier]
    return nn.Sequential(*built)


class SideBySide(nn.ModuleList):
    """Modules that are given the same input; one that crashes does not keep it from the others."""

    def forward(self, x: torch.Tensor) -> None:
        for part in self:
            with contextlib.suppress(Exception):
                part(x)


class _Strided(nn.Module):
    """Stands in for a residual block, and is none: a 1×1 convolution with the wanted channels and
    stride, then ReLU.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.made = f"{in_channels} to {out_channels} channels, stride {stride}"
        self.conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:  # (N, C, H, W) -> (N, C', H', W')
        made: torch.Tensor = self.conv(x).relu()
        return made


FIXTURES: dict[str, Callable[..., nn.Module]] = {"convnet": _ConvNet, "mlp": _mlp, "chain": _chain}
STAND_INS: dict[str, type[nn.Module]] = {"strided": _Strided}
