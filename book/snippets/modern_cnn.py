"""The chapter's baseline network, and the same idea with the stride moved to the front."""

import torch
from torch import nn


class ModernGAPCNN(nn.Module):
    """Two convolutions, the second with stride 2, GAP, one linear layer.

    `(N, 3, H, W) -> (N, num_classes)`
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 3, stride=1, padding=1),
            nn.ReLU(),  # (N, 64, H, W)
            nn.Conv2d(64, 128, 3, stride=2, padding=1),
            nn.ReLU(),  # (N, 128, H/2, W/2)
        )
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(128, num_classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x))


class EarlyStrideCNN(nn.Module):
    """Every convolution strides and is batch-normalized.

    Most of the work is done on small maps, `(N, 3, H, W) ->
    (N, num_classes)`. `strides` moves the stride, `norm=False` leaves
    batch normalization out, `extra` adds as many layers without stride
    on the last map.
    """

    def __init__(
        self,
        num_classes: int = 10,
        widths: tuple[int, ...] = (32, 64, 128),
        strides: tuple[int, ...] = (2, 2, 2),
        norm: bool = True,
        extra: int = 0,
    ) -> None:
        super().__init__()
        widths, strides = (
            (*widths, *widths[-1:] * extra),
            (*strides, *(1,) * extra),
        )
        sizes = zip((3, *widths), widths, strides, strict=False)
        self.features = nn.Sequential(
            *(self.block(*size, norm) for size in sizes)
        )  # (N, 128, H/8, W/8)
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(widths[-1], num_classes),
        )

    @staticmethod
    def block(c_in: int, c_out: int, stride: int, norm: bool) -> nn.Module:
        # batch norm brings its own bias
        conv = nn.Conv2d(
            c_in, c_out, 3, stride=stride, padding=1, bias=not norm
        )
        return nn.Sequential(
            conv,
            nn.BatchNorm2d(c_out) if norm else nn.Identity(),
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x))
