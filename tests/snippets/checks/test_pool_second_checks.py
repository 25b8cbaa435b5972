"""The visible checks of assignment 1's second half: a right answer passes, each usual mistake is named."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from book.snippets.checks import pool_second_checks as checks

generator = torch.Generator().manual_seed(0)
x = torch.randn(2, 3, 6, 9, generator=generator)
square = x[:, :, :3, :3]


def windows(x: torch.Tensor, kernel: int, stride: int) -> torch.Tensor:
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)


def indices(
    x: torch.Tensor, kernel: int, stride: int, padding: int, fill: float = -torch.inf
) -> tuple[torch.Tensor, torch.Tensor]:
    values, first = windows(F.pad(x, [padding] * 4, value=fill), kernel, stride).max(4)
    rows = torch.arange(first.shape[2])[:, None] * stride + first // kernel - padding
    cols = torch.arange(first.shape[3]) * stride + first % kernel - padding
    return values, rows * x.shape[3] + cols


def soft(x: torch.Tensor, kernel: int, stride: int, beta: float) -> torch.Tensor:
    cells = windows(x, kernel, stride)
    return ((beta * cells).softmax(4) * cells).sum(4)


def overflowing(x: torch.Tensor, kernel: int, stride: int, beta: float) -> torch.Tensor:
    cells = windows(x, kernel, stride)
    return ((beta * cells).exp() * cells).sum(4) / (beta * cells).exp().sum(4)


def constant_weights(x: torch.Tensor, kernel: int, stride: int, beta: float) -> torch.Tensor:
    cells = windows(x, kernel, stride)
    return ((beta * cells).softmax(4).detach() * cells).sum(4)


def adaptive(x: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    for axis, count in ((2, size[0]), (3, size[1])):
        n = x.shape[axis]
        ends = [(i * n // count, -(-(i + 1) * n // count)) for i in range(count)]
        x = torch.stack([x.narrow(axis, a, b - a).mean(axis) for a, b in ends], axis)
    return x


def test_right_answers_pass_every_check() -> None:
    for kernel, stride, padding in ((2, 2, 0), (3, 2, 1), (5, 1, 2)):
        checks.check_indices(indices, x, kernel, stride, padding)
    checks.check_never_padding(indices, -1e38 * x.abs().clamp(0.5, 2))
    checks.check_soft(soft, x, 3, 2, 1.5)
    checks.check_soft_large(soft, square, 3, 3)
    checks.check_soft_gradient(soft, square[:1, :1].double(), 3, 3)
    for size in ((1, 1), (4, 7), (8, 10), (6, 9)):
        checks.check_adaptive(adaptive, x, size)


def _indices(answer: Callable[..., Any], padding: int = 1) -> Callable[[], None]:
    return lambda: checks.check_indices(answer, 1 + x.abs(), 3, 2, padding)


MISTAKES: dict[str, tuple[Callable[[], None], str]] = {
    "values alone": (_indices(lambda *args: indices(*args)[0]), "the tuple"),
    "in the window": (
        _indices(
            lambda x, k, s, p: (indices(x, k, s, p)[0], windows(F.pad(x, [p] * 4), k, s).argmax(4))
        ),
        "counted inside the window",
    ),
    "in the padded map": (
        _indices(lambda x, k, s, p: indices(F.pad(x, [p] * 4), k, s, 0)),
        "counted in the map with its padding",
    ),
    "height for width": (
        _indices(
            lambda x, k, s, p: (
                indices(x, k, s, p)[0],
                indices(x, k, s, p)[1] // x.shape[3] * x.shape[2]
                + indices(x, k, s, p)[1] % x.shape[3],
            )
        ),
        "multiplied by the height",
    ),
    "padding of 0": (
        lambda: checks.check_never_padding(lambda *a: indices(*a, fill=0), -x.abs() - 1),
        "padding becomes",
    ),
    "torch's own": (
        lambda: checks.check_adaptive(F.adaptive_avg_pool2d, x, (2, 3)),
        "it calls torch's `adaptive_avg",
    ),
    "torch's area": (
        lambda: checks.check_adaptive(
            lambda x, size: F.interpolate(x, size, mode="area"), x, (2, 3)
        ),
        "it calls torch's `interpolate`",
    ),
    "beta unused": (
        lambda: checks.check_soft(lambda x, k, s, b: soft(x, k, s, 1), x, 2, 2, 2.5),
        "`beta` is not used",
    ),
    "mean": (
        lambda: checks.check_soft(lambda x, k, s, b: windows(x, k, s).mean(4), x, 2, 2, 1),
        "average pooling",
    ),
    "maximum": (
        lambda: checks.check_soft(lambda x, k, s, b: windows(x, k, s).amax(4), x, 2, 2, 1),
        "max pooling",
    ),
    "not divided": (
        lambda: checks.check_soft(
            lambda x, k, s, b: windows(x * (b * x).exp(), k, s).sum(4), x, 2, 2, 1
        ),
        "do not add up to 1",
    ),
    "overflow": (lambda: checks.check_soft_large(overflowing, square, 3, 3), "give `inf` or `nan`"),
    "constant weights": (
        lambda: checks.check_soft_gradient(constant_weights, square[:1, :1].double(), 3, 3),
        "through the weights, too",
    ),
    "size turned": (
        lambda: checks.check_adaptive(lambda x, s: adaptive(x, s[::-1]), x, (2, 3)),
        "are swapped",
    ),
    "remainder dropped": (
        lambda: checks.check_adaptive(lambda x, s: adaptive(x[:, :, :, :8], s), x, (3, 4)),
        "start rounded down",
    ),
    "input changed": (
        lambda: checks.check_adaptive(lambda x, s: adaptive(x.mul_(2), s), x, (3, 4)),
        "was changed",
    ),
    "nothing returned": (
        lambda: checks.check_adaptive(lambda x, s: None, x, (3, 4)),
        "has no `return`",
    ),
}


@pytest.mark.parametrize(("check", "said"), MISTAKES.values(), ids=MISTAKES)
def test_usual_mistake_is_named_in_english_and_korean(check: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said) as caught:
        check()
    assert any("가" <= letter <= "힣" for letter in str(caught.value).splitlines()[0])
