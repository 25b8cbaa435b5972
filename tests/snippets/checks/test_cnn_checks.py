"""The checks of assignment 3's layers pass right ones, however written, and name the mistake of
wrong ones.
"""

from typing import Any

import pytest
import torch
import torch.nn as nn

from book.snippets.checks import cnn_checks as checks


def downsample(inside: int, outside: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(inside, outside, 3, 2, 1), nn.ReLU())


class Net(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.one, self.two = nn.Conv2d(3, 64, 3, 1, 1), nn.Conv2d(64, 128, 3, 2, 1)
        self.head = nn.Linear(128, classes)

    def maps(self, x: torch.Tensor) -> torch.Tensor:
        return self.two(self.one(x).relu()).relu()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.maps(x).mean(dim=(2, 3)))


class Peak(Net):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.maps(x).amax(dim=(2, 3)))


class Softmax(Net):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x).softmax(1)


class Squeezed(Net):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x).squeeze()


def test_right_layers_pass() -> None:
    checks.check_downsample(downsample, 3, 8, (2, 7, 5))
    checks.check_network(Net, 10, (2, 8, 8))
    checks.check_logits_shape(Net, 10, (1, 2, 5))
    checks.check_count(count_parameters, Net(10), sum(p.numel() for p in Net(10).parameters()), {})


def count_parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


WRONG: list[tuple[Any, str]] = [
    (lambda i, o: nn.Sequential(nn.Conv2d(i, o, 3, 1, 1), nn.ReLU()), "has `stride`"),
    (lambda i, o: nn.Sequential(nn.Conv2d(i, o, 3, 2), nn.ReLU()), "has `padding`"),
    (lambda i, o: nn.Conv2d(i, o, 3, 2, 1), "no ReLU after the convolution"),
    (
        lambda i, o: nn.Sequential(nn.Conv2d(i, o, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2)),
        "contains pooling",
    ),
    (lambda i, o: None, "has no `return`"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_wrong_downsampling_layer_is_named(wrong: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_downsample(wrong, 3, 8, (2, 8, 8))


@pytest.mark.parametrize(
    ("wrong", "said"), [(Peak, "the maximum, not the mean"), (Softmax, "neither softmax nor")]
)
def test_a_wrong_network_is_named(wrong: type, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_network(wrong, 10, (2, 8, 8))


def test_wrong_values_pass_where_only_the_shape_counts_and_a_lost_batch_axis_does_not() -> None:
    checks.check_logits_shape(Softmax, 10, (2, 7, 5))
    with pytest.raises(AssertionError, match=r"gives the shape \(10,\)"):
        checks.check_logits_shape(Squeezed, 10, (1, 6, 6))


def test_a_count_that_is_no_int_or_a_known_mistake_is_named() -> None:
    def as_float(model: nn.Module) -> float:
        return 4.0

    def three(model: nn.Module) -> int:
        return 3

    with pytest.raises(AssertionError, match="should return an `int`"):
        checks.check_count(as_float, Net(2), 4, {})
    with pytest.raises(AssertionError, match="biases"):
        checks.check_count(three, Net(2), 4, {"the biases are missing": 3})
