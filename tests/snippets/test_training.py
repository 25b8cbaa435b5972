"""The training loop's record of its losses."""

import pytest
import torch
from torch import nn

from book.snippets.training import falling, train


def test_a_loss_that_ends_flat_does_not_fall() -> None:
    assert falling([1.0] * 10 + [0.1] * 90) == 0


def test_a_loss_that_halves_at_the_end_falls() -> None:
    assert falling([1.0] * 80 + [0.6] * 10 + [0.3] * 10) == pytest.approx(0.3)


def test_a_rising_loss_is_negative() -> None:
    assert falling([float(i) for i in range(1, 101)]) < 0


def test_too_few_losses_are_refused() -> None:
    with pytest.raises(ValueError, match="9 losses cannot be split"):
        falling([1.0] * 9)


def test_every_step_leaves_its_loss() -> None:
    images, labels = torch.randn(50, 1, 2, 2), torch.arange(50) % 2
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    history = train(model, images, labels, epochs=3, batch_size=20, lr=0.1)
    assert len(history.step_loss) == 9
    sizes = [20, 20, 10]
    first = sum(loss * size for loss, size in zip(history.step_loss[:3], sizes, strict=True)) / 50
    assert history.loss[0] == pytest.approx(first)
