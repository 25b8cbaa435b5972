"""The checks of assignment 1 name the usual mistakes in both languages, and a right answer passes
them.
"""

import pytest
import torch
import torch.nn.functional as F

from book.snippets.checks import pool_checks as checks

TIED = torch.ones(1, 1, 4, 4)
BACK = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 2)


def right_max(x, kernel, stride):  # type: ignore[no-untyped-def]
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).amax(dim=(4, 5))


def right_mean(x, kernel, stride):  # type: ignore[no-untyped-def]
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=(4, 5))


def test_windows_are_counted_as_the_formula_says() -> None:
    for n, kernel, stride, padding in [
        (7, 3, 2, 0),
        (8, 3, 2, 0),
        (3, 5, 2, 2),
        (225, 7, 2, 3),
        (6, 2, 5, 0),
    ]:
        assert (
            checks.windows_that_fit(n, kernel, stride, padding)
            == (n + 2 * padding - kernel) // stride + 1
        )


def test_right_answers_pass_on_an_empty_batch_too() -> None:
    for size, kernel, stride in [((2, 3, 7, 9), 3, 2), ((0, 3, 6, 6), 2, 2), ((1, 2, 8, 8), 2, 3)]:
        checks.check_pool(right_max, torch.rand(size), kernel, stride)
        checks.check_pool(right_mean, torch.rand(size), kernel, stride, average=True)


SIZES = {
    "one too few": lambda n, kernel, stride, padding=0: (n + 2 * padding - kernel) // stride,
    "partial window": lambda n, kernel, stride, padding=0: (
        -(-(n + 2 * padding - kernel) // stride) + 1
    ),
    "Only one": lambda n, kernel, stride, padding=0: (n + padding - kernel) // stride + 1,
    "not counted": lambda n, kernel, stride, padding=0: (n - kernel) // stride + 1,
    "an int, not a float": lambda n, kernel, stride, padding=0: (
        (n + 2 * padding - kernel) / stride + 1
    ),
}


@pytest.mark.parametrize(("said", "wrong"), SIZES.items())
def test_a_wrong_output_size_is_named(said, wrong) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(AssertionError, match=f"`output_size`(.|\n)*{said}"):
        checks.check_size(wrong, 8, 5, 1, 2)
        checks.check_size(wrong, 8, 3, 3)


POOLS = {
    "the mean, not": right_mean,
    "started at 0": lambda x, kernel, stride: right_max(x, kernel, stride).clamp(min=0),
    "by `kernel`, not by": lambda x, kernel, stride: right_max(x, kernel, kernel),
    "are swapped": lambda x, kernel, stride: right_max(x, stride, kernel),
    "partial window was kept": lambda x, kernel, stride: F.max_pool2d(
        x, kernel, stride, ceil_mode=True
    ),
    "last window is missing": lambda x, kernel, stride: right_max(x, kernel, stride)[
        :, :, :-1, :-1
    ],
    "axis of length 1": lambda x, kernel, stride: right_max(x, kernel, stride).squeeze(),
    "kept apart": lambda x, kernel, stride: right_max(x, kernel, stride).amax(dim=1, keepdim=True),
    "torch's pooling": F.max_pool2d,
    "changed its input": lambda x, kernel, stride: right_max(x.abs_(), kernel, stride),
    "has no `return`": lambda x, kernel, stride: None,
}


@pytest.mark.parametrize(("said", "wrong"), POOLS.items())
def test_a_wrong_max_pooling_is_named(said, wrong) -> None:  # type: ignore[no-untyped-def]
    x = torch.randn(1, 2, 8, 10, generator=torch.Generator().manual_seed(0)) - 1
    with pytest.raises(AssertionError, match=f"`max_pool2d`(.|\n)*{said}"):
        checks.check_pool(wrong, x, 3, 2)


def test_a_gradient_that_does_not_flow_is_named() -> None:
    with pytest.raises(AssertionError, match="No gradient flows"):
        checks.check_flow(
            lambda x, kernel, stride: right_max(x.detach(), kernel, stride), TIED, 2, 2
        )


def test_a_gradient_that_ignores_grad_out_or_has_its_shape_is_named() -> None:
    with pytest.raises(AssertionError, match="instead of using `grad_out`"):
        checks.check_grad(
            lambda x, g, k, s: checks.torch_gradient(x, torch.ones_like(g), k, s), TIED, BACK, 2, 2
        )
    with pytest.raises(AssertionError, match="Not that of `grad_out`"):
        checks.check_grad(lambda x, g, k, s: g, TIED, BACK, 2, 2)


def test_torch_pooling_on_the_way_to_the_gradient_is_named() -> None:
    with pytest.raises(AssertionError, match="torch's pooling"):
        checks.check_grad(checks.torch_gradient, TIED, BACK, 2, 2)
