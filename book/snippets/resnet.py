"""ResNet for CIFAR as He et al. (2015) define it, and its plain twin: the same layers without the shortcuts."""

import torch
import torch.nn.functional as F
from torch import nn


def option_a(x: torch.Tensor, channels: int, stride: int) -> torch.Tensor:
    """Bring `x` to another shape, so that it can be added.

    `(N, C, H, W) -> (N, channels, H/stride, W/stride)`. It keeps every
    `stride`-th pixel and adds channels of zeros, half of them before and
    half behind, where published weights expect them.
    Source: He et al. 2015, arXiv:1512.03385, section 3.3, option A
    """
    missing = channels - x.shape[1]
    if missing < 0:
        raise ValueError(
            f"option A only adds channels: {x.shape[1]} come in, "
            f"{channels} are wanted; use a projection shortcut"
        )
    x = x[:, :, ::stride, ::stride]
    return F.pad(x, (0, 0, 0, 0, missing // 2, missing - missing // 2))


class CifarBlock(nn.Module):
    """Two 3×3 convolutions; `shortcut=False` makes them plain.

    `(N, C, H, W) -> (N, channels, H/stride, W/stride)`
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        stride: int = 1,
        shortcut: bool = True,
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.channels, self.stride, self.shortcut = (
            channels,
            stride,
            shortcut,
        )

    def residual(self, x: torch.Tensor) -> torch.Tensor:
        """F(x), what the block adds to its input."""
        return self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.residual(x)
        return F.relu(
            out + option_a(x, self.channels, self.stride)
            if self.shortcut
            else out
        )


class CifarResNet(nn.Module):
    """A stem, three stages of blocks, GAP, linear.

    `(N, 3, H, W) -> (N, num_classes)`. `depth` counts the layers with
    weights, 6n + 2 of them for n blocks per stage. The stages have
    `width`, 2 `width` and 4 `width` channels. Raises `ValueError` for a
    depth that does not fit.
    """

    def __init__(
        self,
        depth: int = 20,
        num_classes: int = 10,
        width: int = 16,
        shortcuts: bool = True,
    ) -> None:
        super().__init__()
        blocks, rest = divmod(depth - 2, 6)
        if rest or blocks < 1:
            raise ValueError(
                f"depth {depth} is not 6n + 2: take 8, 14, 20, 32, 44, 56 "
                "or 110"
            )
        self.conv1 = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.layer1 = self._stage(width, width, 1, blocks, shortcuts)
        self.layer2 = self._stage(width, 2 * width, 2, blocks, shortcuts)
        self.layer3 = self._stage(
            2 * width, 4 * width, 2, blocks, shortcuts
        )
        self.linear = nn.Linear(4 * width, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                # He et al. 2015, arXiv:1502.01852
                nn.init.kaiming_normal_(module.weight)

    @staticmethod
    def _stage(
        in_channels: int,
        channels: int,
        stride: int,
        blocks: int,
        shortcuts: bool,
    ) -> nn.Sequential:
        first = CifarBlock(in_channels, channels, stride, shortcuts)
        return nn.Sequential(
            first,
            *[
                CifarBlock(channels, channels, 1, shortcuts)
                for _ in range(blocks - 1)
            ],
        )

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """The backbone: the last feature map, `(N, 4 width, H/4, W/4)`."""
        x = F.relu(self.bn1(self.conv1(x)))
        return self.layer3(self.layer2(self.layer1(x)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(self.features(x).mean(dim=(2, 3)))
