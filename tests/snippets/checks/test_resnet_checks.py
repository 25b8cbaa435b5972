"""The checks of assignment 4's network pass a right one, also with wrong blocks inside, and name
the usual mistakes.
"""

from typing import Any

import pytest
import torch
import torch.nn as nn

from book.snippets.checks import resnet_checks as checks

SOURCE = """
class BasicBlock(nn.Module):
    def __init__(self, inside, outside, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)

    def forward(self, x):
        return self.conv(x).relu()


class TinyResNet(nn.Module):
    def __init__(self, num_classes, blocks=(1, 1, 1)):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        made, channels = [], 16
        for width, stride, count in zip((16, 32, 64), (1, 2, 2), blocks):
            for index in range(count):
                made.append(BasicBlock(channels, width, stride if index == 0 else 1))
                channels = width
        self.blocks = nn.Sequential(*made)
        self.head = nn.Linear(64, num_classes)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)).mean(dim=(2, 3)))
"""


def classes(before: str = "", after: str = "") -> tuple[Any, Any]:
    assert before in SOURCE
    names: dict[str, Any] = {"torch": torch, "nn": nn, "__name__": "student"}
    exec(SOURCE.replace(before, after) if before else SOURCE, names)
    return names["TinyResNet"], names["BasicBlock"]


def check_all(net: Any, block: Any) -> None:
    checks.check_frame(net, block, 7)
    checks.check_stages(net, block, 4, (2, 1, 3))
    checks.check_net(net, block, 5, None, (9, 9))
    checks.check_learning(net, block)


def test_a_right_network_passes() -> None:
    check_all(*classes())


@pytest.mark.parametrize(
    "broken", ["raise NotImplementedError", "return None", "return self.conv(x)[:, :1]"]
)
def test_a_right_network_passes_with_broken_blocks_and_they_are_left_as_they_were(
    broken: str,
) -> None:
    net, block = classes("return self.conv(x).relu()", broken)
    check_all(net, block)
    assert net.__init__.__globals__["BasicBlock"] is block


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("nn.Linear(64, num_classes)", "nn.Linear(64, 10)", "there should be 7 logits"),
        (", nn.BatchNorm2d(16)", "", "stem has no batch normalization"),
        ("range(count)", "range(count + 1)", "6 registered blocks"),
        ("range(count)", "range(1)", "6 registered blocks"),
        (
            "nn.Sequential(*made)",
            "lambda x, made=made: [x := block(x) for block in made][-1]",
            "6 registered blocks",
        ),
        ("mean(dim=(2, 3))", "amax(dim=(2, 3))", "by maximum"),
        ("(1, 2, 2)", "(1, 1, 1)", "heights of"),
    ],
)
def test_a_wrong_network_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_all(*classes(before, after))
