"""The visible checks of assignment 2's second half: a right answer passes, each usual mistake is named."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.checks import gap_second_checks as checks

generator = torch.Generator().manual_seed(0)
x = torch.randn(3, 3, 4, 5, generator=generator)
mask = torch.rand(3, 4, 5, generator=generator) < 0.6
weight, bias = torch.randn(4, 3, generator=generator), torch.randn(4, generator=generator)


def masked(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    count = mask.sum((1, 2)).clamp(min=1)
    return torch.where(mask[:, None], x, 0).sum((2, 3)) / count[:, None]


class Stable(nn.Module):
    def __init__(self, p: list[float], eps: float = 1e-6) -> None:
        super().__init__()
        self.p, self.eps = nn.Parameter(torch.tensor(p)), eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logs = self.p[:, None] * x.clamp(min=self.eps).flatten(2).log()
        size = torch.tensor(float(logs.shape[2]))
        return ((logs.logsumexp(2) - size.log()) / self.p).exp()


class Naive(Stable):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        p = self.p[:, None, None]
        return (x**p).mean((2, 3)) ** (1 / self.p)


class Fixed(Stable):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x).detach()


class Rootless(Stable):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x) ** self.p


def scores(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, window: tuple[int, int]
) -> torch.Tensor:
    return F.avg_pool2d(F.conv2d(x, weight[:, :, None, None], bias), window, stride=1)


def test_right_answers_pass_every_check() -> None:
    checks.check_masked(masked, x, mask)
    checks.check_blank(masked, x)
    checks.check_padding_ignored(masked, x, mask, float("nan"))
    checks.check_masked_gradient(masked, x, mask)
    checks.check_gem(Stable, [1.0, 2.0, 5.0], x.abs() + 0.1)
    checks.check_gem_learns(Stable, [1.0, 2.0, 5.0], x.abs() + 0.1)
    checks.check_gem_large(Stable, 100.0, 1e30 * x[:, :1].sigmoid())
    checks.check_gem_eps(Stable)
    for window in ((2, 3), (1, 1), (4, 5)):
        checks.check_scores(scores, x, weight, bias, window)
        checks.check_scores(scores, x, weight, None, window)
    checks.check_scores_gradient(scores, x, weight)


Said = tuple[Callable[[], None], str]
MISTAKES: dict[str, Said] = {
    "mask not used": (
        lambda: checks.check_masked(lambda x, m: x.mean((2, 3)), x, mask),
        "the mask is not used",
    ),
    "padding counted": (
        lambda: checks.check_masked(lambda x, m: (x * m[:, None]).mean((2, 3)), x, mask),
        "a count that includes the padding",
    ),
    "count of the batch": (
        lambda: checks.check_masked(lambda x, m: (x * m[:, None]).sum((2, 3)) / m.sum(), x, mask),
        "Each image has its own count",
    ),
    "mask swapped": (
        lambda: checks.check_masked(lambda x, m: masked(x, ~m), x, mask),
        "are swapped",
    ),
    "input changed": (
        lambda: checks.check_masked(lambda x, m: masked(x.mul_(2), m), x, mask),
        "an input was changed",
    ),
    "another dtype": (
        lambda: checks.check_masked(lambda x, m: masked(x, m).double(), x, mask),
        "torch.float64 instead of torch.float32",
    ),
    "0 by 0": (
        lambda: checks.check_blank(
            lambda x, m: (x * m[:, None]).sum((2, 3)) / m.sum((1, 2))[:, None], x
        ),
        "the result is `nan`",
    ),
    "blank is not 0": (lambda: checks.check_blank(lambda x, m: x.mean((2, 3)), x), "should give 0"),
    "nan comes back": (
        lambda: checks.check_blank(
            lambda x, m: ((x * m[:, None]).sum((2, 3)) / m.sum((1, 2))[:, None]).nan_to_num(0), x
        ),
        "Avoid the division by 0 itself",
    ),
    "nan times 0": (
        lambda: checks.check_padding_ignored(
            lambda x, m: (x * m[:, None]).sum((2, 3)), x, mask, float("nan")
        ),
        "`nan` times 0 is not 0",
    ),
    "gradient in the padding": (
        lambda: checks.check_masked_gradient(lambda x, m: x.mean((2, 3)), x, mask),
        "the padding receives a gradient",
    ),
    "gradient cut": (
        lambda: checks.check_masked_gradient(lambda x, m: masked(x, m).detach(), x, mask),
        "no gradient flows back to x",
    ),
    "root missing": (
        lambda: checks.check_gem(Rootless, [3.0, 2.0, 4.0], x.abs() + 0.1),
        "the root is missing",
    ),
    "one p": (
        lambda: checks.check_gem(lambda p: Stable(p[:1] * 3), [3.0, 1.0, 4.0], x.abs() + 0.1),
        "one `p` was used for all channels",
    ),
    "no module": (
        lambda: checks.check_gem(lambda p: None, [3.0], x[:, :1].abs()),
        "not an `nn.Module`",
    ),
    "no parameter": (
        lambda: checks.check_gem_learns(lambda p: nn.AdaptiveAvgPool2d(1), [3.0], x),
        "`p` should be the only parameter",
    ),
    "p cut off": (
        lambda: checks.check_gem_learns(Fixed, [3.0, 2.0, 1.0], x.abs()),
        "no gradient flows back to p",
    ),
    "overflow": (
        lambda: checks.check_gem_large(Naive, 100.0, 9 + x[:, :1].abs()),
        "give `inf` or `nan`",
    ),
    "no eps": (lambda: checks.check_gem_eps(Naive), "are not raised to `eps`"),
    "windows apart": (
        lambda: checks.check_scores(
            lambda x, w, b, size: F.avg_pool2d(F.conv2d(x, w[:, :, None, None], b), size),
            x,
            weight,
            bias,
            (2, 2),
        ),
        "They should move by one place",
    ),
    "window turned": (
        lambda: checks.check_scores(
            lambda x, w, b, size: scores(x, w, b, size[::-1]), x, weight, bias, (1, 3)
        ),
        "height and width are swapped",
    ),
    "bias missing": (
        lambda: checks.check_scores(
            lambda x, w, b, size: scores(x, w, None, size), x, weight, bias, (2, 2)
        ),
        "the bias is missing",
    ),
    "summed": (
        lambda: checks.check_scores(
            lambda x, w, b, size: 4 * scores(x, w, b, size), x, weight, bias, (2, 2)
        ),
        "were added up, not averaged",
    ),
    "axes dropped": (
        lambda: checks.check_scores(
            lambda *args: scores(*args)[:, :, 0, 0], x, weight, bias, (4, 5)
        ),
        "axes of length 1 are gone",
    ),
    "window not used": (
        lambda: checks.check_scores(
            lambda x, w, b, size: scores(x, w, b, (1, 1)), x, weight, bias, (2, 2)
        ),
        "the window is not used",
    ),
    "weights cut off": (
        lambda: checks.check_scores_gradient(
            lambda x, w, b, size: scores(x, w.detach(), b, size), x, weight
        ),
        "no gradient flows back to weight",
    ),
}


@pytest.mark.parametrize(("check", "said"), MISTAKES.values(), ids=MISTAKES)
def test_usual_mistake_is_named_in_english_and_korean(check: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said) as caught:
        check()
    assert any("가" <= letter <= "힣" for letter in str(caught.value).splitlines()[0])


def test_zeros_that_do_not_depend_on_the_input_are_as_good_for_blank_images() -> None:
    checks.check_blank(lambda x, mask: torch.zeros(x.shape[:2]), x)
