"""The checks of assignment 3's loops pass a right loop and name what is wrong with others."""

from typing import Any

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from book.snippets.checks import epoch_checks as checks

EPOCH = """
def train_one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total, count = total + loss.item() * len(labels), count + len(labels)
    return total / count
"""
ACCURACY = """
def accuracy(model, loader):
    mode = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images).argmax(1) == labels).sum().item()
            count += len(labels)
    model.train(mode)
    return right / count
"""


def function(source: str, before: str = "", after: str = "") -> Any:
    """The function that the source defines, with one piece of it changed."""
    assert before in source
    names: dict[str, Any] = {"F": F, "torch": torch, "nn": nn}
    exec(source.replace(before, after) if before else source, names)
    return names[source.split("(")[0].split()[-1]]


def test_right_loops_pass() -> None:
    epoch, accuracy = function(EPOCH), function(ACCURACY)
    checks.check_epoch_value(epoch)
    checks.check_epoch_steps(epoch)
    checks.check_epoch_mode(epoch)
    checks.check_accuracy(accuracy, ["+++", "+--", "-"])
    checks.check_accuracy_mode(accuracy)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "total + loss.item() * len(labels), count + len(labels)",
            "total + loss.item(), count + 1",
            "means of the",
        ),
        ("return total / count", "return loss.item()", "loss of the last batch"),
        ("return total / count", "pass", "has no `return`"),
        ("    return total", "        return total", "returned after the first"),
        ("model(images), labels)", "model(images).softmax(1), labels)", "softmax was applied"),
    ],
)
def test_a_wrong_mean_loss_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_epoch_value(function(EPOCH, before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("        optimizer.step()\n", "", "no optimizer step"),
        ("        loss.backward()\n", "", "without gradients"),
        ("        optimizer.zero_grad()\n", "", "piled up"),
        ("loss.backward()", "(loss * len(labels)).backward()", "a sum of losses"),
    ],
)
def test_a_wrong_step_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_epoch_steps(function(EPOCH, before, after))


def test_training_in_evaluation_mode_is_named() -> None:
    with pytest.raises(AssertionError, match="evaluation mode"):
        checks.check_epoch_mode(function(EPOCH, "    model.train()\n"))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("return right / count", "return 100 * right / count", "a percentage"),
        ("return right / count", "return 1 - right / count", "share of wrong"),
        ("return right / count", "return torch.tensor(right / count)", "should return a `float`"),
        ("count += len(labels)", "count += 1", "divided by the number of batches"),
    ],
)
def test_a_wrong_accuracy_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_accuracy(function(ACCURACY, before, after), ["+++", "+--", "-"])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("    model.eval()\n", "", "in training mode"),
        ("torch.no_grad()", "torch.enable_grad()", "gradients were on"),
        ("    model.train(mode)\n", "", "did not restore"),
    ],
)
def test_measuring_in_the_wrong_mode_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_accuracy_mode(function(ACCURACY, before, after))
