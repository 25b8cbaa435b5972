"""The checks of assignment 7 pass a right net and a right loss, and name the usual mistakes."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from book.snippets.checks import shared_checks as checks

NET = """
class SharedFeatureNet(nn.Module):
    def __init__(self, domain, category, domains, categories):
        super().__init__()
        self.domain, self.category = domain, category
        width = domain[0].out_channels + category[0].out_channels
        self.first, self.second = nn.Linear(width, domains), nn.Linear(width, categories)

    def forward(self, x):
        one, two = self.domain(x).mean((2, 3)), self.category(x).mean((2, 3))
        shared = torch.cat([one, two], dim=1)
        return self.first(shared), self.second(shared)
"""
LOGITS = (
    torch.tensor([[1.0, -2.0], [0.5, 0.3], [0.1, 2.0]]),
    torch.tensor([[0.2, 1.5], [-1.0, 0.4], [2.0, 0.1]]),
)
LABELS = (torch.tensor([0, 1, 1]), torch.tensor([1, 0, 0]))


def net(before: str = "", after: str = "") -> Any:
    assert before in NET
    names: dict[str, Any] = {"torch": torch, "nn": nn}
    exec(NET.replace(before, after) if before else NET, names)
    return names["SharedFeatureNet"]


def multitask_loss(outputs: Any, targets: Any, weights: Any) -> torch.Tensor:
    return weights[0] * F.cross_entropy(outputs[0], targets[0]) + weights[1] * F.cross_entropy(
        outputs[1], targets[1]
    )


def test_a_right_net_passes() -> None:
    checks.check_heads(net(), (4, 6), (3, 5))
    checks.check_forward(net(), (2, 9, 6), widths=(4, 6))
    checks.check_sizes(net(), (0, 6, 6))
    checks.check_backbones_kept(net())
    checks.check_both_learn(net())


Check = Callable[[Any], Any]
WRONG: list[tuple[Check, str, str, str]] = [
    (lambda c: checks.check_heads(c, (4, 6), (3, 5)), "nn.Linear(width, categories)",
        "nn.Linear(6, categories)",
     "channels of one backbone alone"),
    (lambda c: checks.check_forward(c, (3, 6, 6)), "dim=1", "dim=0", "on the batch axis"),
    (lambda c: checks.check_forward(c, (3, 6, 6)), "[one, two]", "[two, one]",
        "category features come first"),
    (lambda c: checks.check_forward(c, (3, 6, 6)), "[one, two]", "[one, one]",
        "one backbone was used twice"),
    (lambda c: checks.check_forward(c, (3, 6, 6)), "return self.first(shared), self.second(shared)",
     "return self.second(shared), self.first(shared)", "two outputs are swapped"),
    (lambda c: checks.check_sizes(c, (1, 6, 6)), "dim=1)", "dim=1).squeeze()", "gives the shapes"),
    (checks.check_backbones_kept, "= domain, category", "= domain.eval(), category",
        "changed a backbone's mode"),
    (checks.check_both_learn, "[one, two]", "[one.detach(), two]",
        "does not reach the domain backbone"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "before", "after", "said"), WRONG, ids=[wrong[3] for wrong in WRONG]
)
def test_a_wrong_net_is_named(check: Check, before: str, after: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check(net(before, after))


def test_a_slip_in_the_order_costs_nothing_where_only_sizes_or_gradients_count() -> None:
    swapped = net("[one, two]", "[two, one]")
    checks.check_sizes(swapped, (2, 7, 12))
    checks.check_both_learn(swapped)


def test_a_right_loss_passes() -> None:
    for weights in [(1.0, 1.0), (0.25, 2.0), torch.tensor([0.0, 3.0])]:
        checks.check_loss(multitask_loss, LOGITS, LABELS, weights)
    checks.check_loss_gradient(multitask_loss, LOGITS, LABELS)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda o, t, w: multitask_loss(o, t, (w[1], w[0])), "weights are swapped"),
        (lambda o, t, w: multitask_loss(o, t, (1.0, 1.0)), "weights are not applied"),
        (
            lambda o, t, w: multitask_loss(o, t, w) / (w[0] + w[1]),
            "divided by the sum of the weights",
        ),
        (lambda o, t, w: multitask_loss(o, t, w) * 3, "summed, not averaged"),
        (lambda o, t, w: multitask_loss(o, t, w).item(), "should return a tensor"),
    ],
)
def test_a_wrong_loss_is_named(wrong: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_loss(wrong, LOGITS, LABELS, (0.25, 2.0))


def test_a_loss_without_gradient_is_named() -> None:
    with pytest.raises(AssertionError, match="No gradient flows"):
        checks.check_loss_gradient(lambda o, t, w: multitask_loss(o, t, w).detach(), LOGITS, LABELS)


def test_a_loss_that_skips_a_task_of_weight_0_is_named() -> None:
    def skips(outputs: Any, targets: Any, weights: Any) -> Any:
        rows = zip(outputs, targets, weights, strict=True)
        return sum(weight * F.cross_entropy(out, target) for out, target, weight in rows if weight)

    with pytest.raises(AssertionError, match="whose weight is 0"):
        checks.check_loss_gradient(skips, LOGITS, LABELS)


def test_a_partial_function_is_checked_like_any_other() -> None:
    checks.check_loss(functools.partial(multitask_loss), LOGITS, LABELS, (0.25, 2.0))
    checks.check_cosine(functools.partial(gradient_cosine), [[3.0]], [[4.0]])
    checks.check_width(functools.partial(lambda build, budget: 14), linear, 220, 14)
    with pytest.raises(AssertionError, match="`partial` should return an `int`"):
        checks.check_width(functools.partial(lambda build, budget: 14.0), linear, 220, 14)


def gradients(losses: Any, shared: nn.Module, **given: Any) -> list[torch.Tensor]:
    trained = [parameter for parameter in shared.parameters() if parameter.requires_grad]
    options = {"retain_graph": True, "materialize_grads": True, **given}
    return [
        torch.cat([each.flatten() for each in torch.autograd.grad(loss, trained, **options)])
        for loss in losses
    ]


def gradient_cosine(losses: Any, shared: nn.Module) -> float:
    one, two = (each.double() for each in gradients(losses, shared))
    return float(one @ two / ((one @ one) * (two @ two)).sqrt().clamp_min(1e-300))


def test_a_right_cosine_passes() -> None:
    checks.check_cosine(gradient_cosine, [[3.0, 4.0], [12.0]], [[4.0, 3.0], None])
    checks.check_cosine(gradient_cosine, [None, [1.0]], [[2.0, 1.0], [-3.0]])
    checks.check_cosine(gradient_cosine, [[3.0], [1.0]], [[4.0], [-2.0]], frozen=1)
    checks.check_cosine(gradient_cosine, [[3.0, 1.0]], [[0.0, 0.0]])
    checks.check_cosine_leaves_no_trace(gradient_cosine)


def mean_of_parts(losses: Any, shared: nn.Module) -> float:
    parts = [gradient_cosine(losses, nn.ParameterList([each])) for each in shared.parameters()]
    return sum(parts) / len(parts)


def where_both_reach(losses: Any, shared: nn.Module) -> float:
    sides = [
        torch.autograd.grad(loss, list(shared.parameters()), retain_graph=True, allow_unused=True)
        for loss in losses
    ]
    pairs = [(a, b) for a, b in zip(*sides, strict=True) if a is not None and b is not None]
    one, two = (torch.cat(side) for side in zip(*pairs, strict=True))
    return F.cosine_similarity(one, two, dim=0).item()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda losses, shared: torch.tensor(1.0), "should return a Python `float`"),
        (lambda losses, shared: -gradient_cosine(losses, shared), "the sign is wrong"),
        (lambda losses, shared: abs(gradient_cosine(losses, shared)), "the sign is wrong"),
        (mean_of_parts, "cosines of single parameters were averaged"),
        (lambda losses, shared: 0.5, "the cosine of the two long vectors is -0.39"),
        (lambda losses, shared: None, "has no `return`"),
        (lambda losses, shared: 0.0, "where a gradient is zero everywhere. Here neither is"),
    ],
)
def test_a_wrong_cosine_is_named(wrong: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_cosine(wrong, [[3.0, 4.0], [12.0]], [[4.0, 3.0], [-5.0]])


def test_a_cosine_without_what_one_loss_does_not_reach_is_named() -> None:
    with pytest.raises(AssertionError, match="They count as zeros"):
        checks.check_cosine(where_both_reach, [[3.0, 4.0], [12.0]], [[4.0, 3.0], None])


def by_backward(losses: Any, shared: nn.Module) -> None:
    for loss in losses:
        loss.backward(retain_graph=True)


def by_backward_and_put_back(losses: Any, shared: nn.Module) -> None:
    saved = [parameter.grad for parameter in shared.parameters()]
    shared.zero_grad()
    by_backward(losses, shared)
    for parameter, grad in zip(shared.parameters(), saved, strict=True):
        parameter.grad = grad


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (by_backward, "changed a `.grad`"),
        (by_backward_and_put_back, "on parameters outside `shared`"),
        (lambda losses, shared: gradients(losses, shared[:1], retain_graph=False), "graph is gone"),
        (
            lambda losses, shared: [
                torch.autograd.grad(loss, list(shared), retain_graph=keep)
                for keep, loss in zip((True, False), losses, strict=True)
            ],
            "`backward\\(\\)` on the same losses fails",
        ),
        (lambda losses, shared: shared[0].data.add_(1.0), "changed a parameter"),
    ],
)
def test_a_measurement_that_leaves_a_trace_is_named(wrong: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_cosine_leaves_no_trace(wrong)


def linear(width: int) -> nn.Module:
    return nn.Linear(width, width, device="meta")


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (15, "the first width that exceeds `budget`"),
        (13, "one more would still fit"),
        (20, "the largest width with at most 220 parameters is 14"),
        (14.0, "should return an `int`, not a float"),
    ],
)
def test_a_wrong_width_is_named(got: Any, said: str) -> None:
    checks.check_width(lambda build, budget: 14, linear, 220, 14)
    with pytest.raises(AssertionError, match=said):
        checks.check_width(lambda build, budget: got, linear, 220, 14)
