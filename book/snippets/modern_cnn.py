"""The source's network, as it is, and the same idea with the stride moved to the front."""

import torch
from torch import nn


class ModernGAPCNN(nn.Module):
    """Two convolutions, the second with stride 2, then GAP and one linear layer: `(N, 3, H, W) -> (N, num_classes)`."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 3, stride=1, padding=1), nn.ReLU(),  # (N, 64, H, W)
            nn.Conv2d(64, 128, 3, stride=2, padding=1), nn.ReLU(),  # (N, 128, H/2, W/2)
        )  # fmt: skip
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, num_classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x))


class EarlyStrideCNN(nn.Module):
    """Every convolution strides and is batch-normalised, so most of the work is done on small maps."""

    def __init__(self, num_classes: int = 10, widths: tuple[int, ...] = (32, 64, 128), flatten: int = 0) -> None:
        super().__init__()
        pairs = zip((3, *widths), widths, strict=False)
        blocks = [self.block(c_in, c_out) for c_in, c_out in pairs]
        self.features = nn.Sequential(*blocks)  # (N, 128, H/8, W/8)
        pool = nn.Identity() if flatten else nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(pool, nn.Flatten(), nn.Linear(widths[-1] * max(flatten, 1), num_classes))

    @staticmethod
    def block(c_in: int, c_out: int) -> nn.Module:
        conv = nn.Conv2d(c_in, c_out, 3, stride=2, padding=1, bias=False)  # the bias is batch norm's
        return nn.Sequential(conv, nn.BatchNorm2d(c_out), nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x))
