"""The checks of `merge_branches` pass merges made in different ways, and name the mistake of wrong
ones.
"""

import copy
from typing import Any

import pytest
import torch
import torch.nn as nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from book.snippets.checks import merge_checks as checks


def merge_branches(body: Any, shortcut: Any = None) -> nn.Conv2d:
    """PyTorch folds each branch; the shortcut then is a kernel with one cell."""
    merged = fuse_conv_bn_eval(*copy.deepcopy(body).eval())
    middle = merged.kernel_size[0] // 2
    if shortcut is None:
        side, shift = nn.init.dirac_(torch.empty_like(merged.weight)), 0.0
    else:
        one = fuse_conv_bn_eval(*copy.deepcopy(shortcut).eval())
        side, shift = nn.functional.pad(one.weight, [middle] * 4), one.bias
    with torch.no_grad():
        merged.weight += side
        merged.bias += shift
    return merged


def without_shortcut(body: Any, shortcut: Any = None) -> nn.Conv2d:
    return fuse_conv_bn_eval(*copy.deepcopy(body).eval())


def every_channel(body: Any, shortcut: Any = None) -> nn.Conv2d:
    merged, middle = without_shortcut(body), body[0].kernel_size[0] // 2
    with torch.no_grad():
        merged.weight[:, :, middle, middle] += 1.0
    return merged


def other_eps(body: Any, shortcut: Any = None) -> nn.Conv2d:
    body = copy.deepcopy(body)
    body[1].eps = 1e-5
    return merge_branches(body, shortcut)


def without_bias(body: Any, shortcut: Any = None) -> nn.Conv2d:
    branches = [copy.deepcopy(part) for part in (body, shortcut)]
    for part in branches:
        part[0].bias = None
    return merge_branches(*branches)


def test_a_right_merge_passes() -> None:
    checks.check_merge(merge_branches, (4, 4, 3, 1))
    checks.check_merge(merge_branches, (3, 3, 5, 1), eps=0.3)
    checks.check_merge(merge_branches, (4, 6, 3, 2), projection=True, bias=True)
    checks.check_originals(merge_branches, (4, 4, 3, 1))
    checks.check_originals(merge_branches, (4, 6, 3, 2), projection=True)


@pytest.mark.parametrize(
    ("wrong", "said", "more"),
    [
        (without_shortcut, "shortcut is missing", {}),
        (every_channel, "added to every channel", {}),
        (other_eps, "`eps`", {"eps": 0.3}),
        (without_bias, "bias is left out", {"projection": True, "bias": True}),
        (lambda body: body, "not a Sequential", {}),
        (lambda body: body[0], "has no bias", {}),
        (lambda body: nn.Conv2d(4, 4, 3, 2), "has `stride`", {}),
        (lambda body: None, "has no `return`", {}),
        (lambda body: nn.Conv2d(4, 4, 3, padding=1), "does not give the sum", {}),
    ],
)
def test_a_wrong_merge_is_named(wrong: Any, said: str, more: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_merge(wrong, (4, 4, 3, 1), **more)


def in_place(body: Any) -> nn.Conv2d:
    body[0].weight.data *= 2
    return merge_branches(body)


def left_in_eval(body: Any) -> nn.Conv2d:
    return merge_branches(body.eval())


def shared(body: Any) -> nn.Conv2d:
    merged = merge_branches(body)
    merged.bias.data = body[1].bias.data
    return merged


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (in_place, r"changed `0\.weight`"),
        (left_in_eval, "changed the mode"),
        (shared, r"shares `1\.bias`"),
    ],
)
def test_a_merge_that_touches_what_it_was_given_is_named(wrong: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_originals(wrong, (4, 4, 3, 1))
