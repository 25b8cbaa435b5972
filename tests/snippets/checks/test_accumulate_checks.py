"""The checks of gradient accumulation pass right loops, however written, and name what is wrong
with others.
"""

from typing import Any

import pytest
import torch.nn.functional as F

from book.snippets.checks import accumulate_checks as checks

RIGHT = """
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    total = count = waiting = 0
    for number, (images, labels) in enumerate(loader, 1):
        if waiting == 0:
            optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels, reduction="sum")
        loss.backward()
        waiting += len(labels)
        if number % accumulate == 0 or number == len(loader):
            for parameter in model.parameters():
                if parameter.grad is not None:
                    parameter.grad /= waiting
            optimizer.step()
            waiting = 0
        total, count = total + loss.item(), count + len(labels)
    return total / count
"""


def function(before: str = "", after: str = "") -> Any:
    """The right loop with one piece of it changed."""
    assert before in RIGHT
    names: dict[str, Any] = {"F": F}
    exec(RIGHT.replace(before, after) if before else RIGHT, names)
    return names["train_one_epoch_accumulated"]


SIZES = [((3, 3, 3, 3), 2), ((4, 4), 1), ((4, 1), 2), ((4, 4, 4, 2), 3), ((2, 5, 1), 9)]


def test_a_right_loop_passes() -> None:
    checks.check_accumulated_value(function(), (4, 4, 2), 2)
    for sizes, accumulate in SIZES:
        checks.check_group_steps(function(), sizes, accumulate)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (" or number == len(loader)", "", "Is the last group left out"),
        ("number % accumulate == 0 or number == len(loader)", "True", "one step per batch, not"),
        ("        if waiting == 0:\n    ", "", "Only the last batch of the group"),
        ("parameter.grad /= waiting", "pass", "a sum of losses"),
        ("            optimizer.zero_grad()", "            pass", "piled up"),
        ("            optimizer.step()", "            pass", "no optimizer step"),
    ],
)
def test_a_wrong_step_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_group_steps(function(before, after), (3, 3, 3, 3, 3), 2)


@pytest.mark.parametrize(
    ("divided", "sizes", "said"),
    [
        ("", (3, 3), "only added up"),
        (" / accumulate", (3, 3, 3), "divided by 2, too"),
        (" / accumulate", (4, 1), "weigh more"),
    ],
)
def test_a_wrong_mean_is_named(divided: str, sizes: tuple[int, ...], said: str) -> None:
    wrong = function("loss.backward()", f"(loss / len(labels){divided}).backward()")
    exec(RIGHT.replace("loss.backward()", f"(loss / len(labels){divided}).backward()").replace(
        "parameter.grad /= waiting", "pass"), wrong.__globals__)  # fmt: skip
    with pytest.raises(AssertionError, match=said):
        checks.check_group_steps(wrong.__globals__["train_one_epoch_accumulated"], sizes, 2)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("    model.train()\n", "", "evaluation mode"),
        ("total / count", "total / len(loader)", "not the mean cross-entropy"),
        ("model(images), labels", "(model(images), model(images))[1], labels", "4 times for 2"),
    ],
)
def test_a_wrong_epoch_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_accumulated_value(function(before, after), (4, 2), 2)
