"""The checks of `PooledBottleneck` pass right blocks, whatever the order of their layers, and name
what is wrong with others.
"""

from typing import Any

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from book.snippets.checks import bottleneck_checks as checks

RIGHT = """
class PooledBottleneck(nn.Module):
    def __init__(self, inside, channels, stride=1):
        super().__init__()
        self.stride, wide = stride, 4 * channels
        self.changes = stride > 1 or inside != wide
        if self.changes:
            self.bn4, self.conv4 = nn.BatchNorm2d(wide), nn.Conv2d(inside, wide, 1, bias=False)
        self.bn3, self.conv3 = nn.BatchNorm2d(wide), nn.Conv2d(channels, wide, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
        self.bn1, self.conv1 = nn.BatchNorm2d(channels), nn.Conv2d(inside, channels, 1, bias=False)

    def side(self, x):
        if not self.changes:
            return x
        pooled = F.avg_pool2d(x, self.stride, ceil_mode=True)
        return self.bn4(self.conv4(pooled))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.side(x))
"""


def block(before: str = "", after: str = "") -> Any:
    """The right block with one piece of it changed."""
    assert before in RIGHT
    names: dict[str, Any] = {"nn": nn, "F": F, "torch": torch}
    exec(RIGHT.replace(before, after) if before else RIGHT, names)
    return names["PooledBottleneck"]


def test_a_right_block_passes_whatever_the_order_of_its_layers() -> None:
    for sizes in [(16, 4, 1), (6, 4, 1), (16, 4, 2), (6, 4, 3)]:
        checks.check_bottleneck_layers(block(), *sizes)
        for size in [(6, 9), (7, 5), (1, 1)]:
            checks.check_bottleneck(block(), *sizes, (2, sizes[0], *size))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "F.avg_pool2d(x, self.stride, ceil_mode=True)",
            "x[:, :, ::self.stride, ::self.stride]",
            "skips cells",
        ),
        ("F.avg_pool2d", "F.max_pool2d", "takes maxima"),
        ("ceil_mode=True", "", "raised an error"),
        ("F.avg_pool2d(x, self", "F.avg_pool2d(F.pad(x, (0, 1, 0, 1)), self", "counted as 0"),
        ("F.relu(y + self.side(x))", "y + self.side(x)", "ReLU after the addition is missing"),
        ("y + self.side(x)", "y + 0 * self.side(x)", "shortcut was not added"),
        ("F.relu(y + self.side(x))", "F.relu(y) + self.side(x)", "ReLU before the addition"),
        ("F.relu(self.bn1(self.conv1(x)))", "self.bn1(self.conv1(x))", "first batch normalization"),
        ("F.relu(self.bn2(self.conv2(y)))", "self.bn2(self.conv2(y))", "no ReLU after the 3×3"),
        ("self.bn4(self.conv4(pooled))", "self.conv4(pooled)", "not followed by"),
    ],
)
def test_a_wrong_block_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_bottleneck(block(before, after), 6, 4, 2, (2, 6, 7, 5))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("4 * channels", "2 * channels", "the registered convolutions have"),
        ("stride > 1 or inside", "inside", "the registered convolutions have"),
        ("3, stride, 1, bias=False", "3, stride, 1", "has a bias"),
        ("self.bn2 = nn.BatchNorm2d(channels)", "self.bn2 = nn.Identity()", "followed by one"),
    ],
)
def test_wrong_layers_are_named_without_a_forward_pass(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_bottleneck_layers(block(before, after), 16, 4, 2)


def test_a_stride_in_the_wrong_convolution_is_named() -> None:
    early = block(
        "nn.Conv2d(inside, channels, 1, bias", "nn.Conv2d(inside, channels, 1, stride, bias"
    )
    with pytest.raises(AssertionError, match="strides of the convolutions"):
        checks.check_bottleneck(
            early, 6, 4, 2, (2, 6, 1, 1)
        )  # a map of one cell, so that nothing crashes
