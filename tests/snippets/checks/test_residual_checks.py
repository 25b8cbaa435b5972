"""The checks of assignment 4 find a student's layers by how they are used, and name the usual
mistakes.
"""

import pytest
import torch
import torch.nn as nn

from book.snippets.checks import residual_checks as checks


class Block(nn.Module):
    def __init__(self, inside: int, outside: int, stride: int = 1) -> None:
        super().__init__()
        self.second = nn.Sequential(
            nn.Conv2d(outside, outside, 3, 1, 1, bias=False), nn.BatchNorm2d(outside)
        )
        self.first = nn.Sequential(
            nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside)
        )
        self.side = nn.Sequential()
        if stride != 1 or inside != outside:
            self.side = nn.Sequential(
                nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside)
            )

    def body(self, x: torch.Tensor) -> torch.Tensor:
        return self.second(self.first(x).relu())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (self.body(x) + self.side(x)).relu()


class Early(Block):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x).relu() + self.side(x)


class Alone(Block):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x).relu()


def test_a_right_block_passes_whatever_the_order_of_its_layers() -> None:
    checks.check_block(Block, 4, 4, None, (2, 4, 5, 5))
    checks.check_block(Block, 4, 8, 2, (1, 4, 7, 5))
    checks.check_training(Block, 4, 8, 2, shape=(4, 4, 6, 6))


@pytest.mark.parametrize(
    ("wrong", "said"), [(Early, "ReLU came before"), (Alone, "shortcut was not added")]
)
def test_a_wrong_sum_is_named(wrong: type, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_block(wrong, 4, 4, None, (2, 4, 5, 5))


def test_the_wrong_scale_set_to_zero_is_named() -> None:
    def first(model: nn.Module) -> None:
        for block in model.modules():
            if isinstance(block, Block):
                nn.init.zeros_(block.first[1].weight)

    with pytest.raises(AssertionError, match=r"first\.1\.weight` became 0"):
        checks.check_zero_init(first, Block, (4, 4))


class Biased(Block):
    def __init__(self, inside: int, outside: int, stride: int = 1) -> None:
        super().__init__(inside, outside, stride)
        self.first[0] = nn.Conv2d(inside, outside, 3, stride, 1)


class Crashing(Block):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x) + x


def zero(model: nn.Module) -> None:
    for block in model.modules():
        if isinstance(block, Block):
            nn.init.zeros_(block.second[1].weight)


def test_layers_are_looked_at_without_a_forward_pass() -> None:
    checks.check_layers(Crashing, 4, 8, 2)
    with pytest.raises(AssertionError, match="has a bias"):
        checks.check_layers(Biased, 4, 8, 2)


def test_a_bias_costs_nothing_where_the_output_counts() -> None:
    checks.check_block(Biased, 4, 8, 2, (1, 4, 6, 6))


def test_sizes_are_looked_at_without_the_values() -> None:
    checks.check_sizes(Alone, 4, 8, 2, (1, 4, 7, 5))
    with pytest.raises(AssertionError, match="raised an error"):
        checks.check_sizes(Crashing, 4, 8, 2, (1, 4, 7, 5))


def test_the_last_scale_is_found_in_a_block_that_crashes() -> None:
    checks.check_zero_init(zero, Crashing, (4, 8, 2), (8, 8))


def test_a_returned_model_is_named() -> None:
    def returning(model: nn.Module) -> nn.Module:
        zero(model)
        return model

    checks.check_zero_init(returning, Block, (4, 4))
    with pytest.raises(AssertionError, match="returns nothing"):
        checks.check_in_place(returning, Block, (4, 4))
