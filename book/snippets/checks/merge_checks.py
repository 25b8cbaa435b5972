"""The visible checks of assignment 4's `merge_branches`: one convolution against the two branches that it replaces."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from book.snippets.checks.hints import attempt, expect, hint, name_of, same


def branch(inside: int, outside: int, kernel: int, stride: int, bias: bool, eps: float, seed: int) -> nn.Sequential:
    """(Conv2d, BatchNorm2d) in evaluation mode, with values away from 0 and 1, so that no mistake hides."""
    generator = torch.Generator().manual_seed(seed)
    conv = nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=bias)
    norm = nn.BatchNorm2d(outside, eps=eps)
    assert norm.running_var is not None and norm.running_mean is not None
    with torch.no_grad():
        conv.weight.copy_(torch.randn(conv.weight.shape, generator=generator) / conv.weight[0].numel() ** 0.5)
        for tensor in [norm.bias, norm.running_mean, *([conv.bias] if conv.bias is not None else [])]:
            tensor.copy_(0.7 * torch.randn(outside, generator=generator))
        for tensor in (norm.weight, norm.running_var):
            tensor.copy_(0.3 + torch.rand(outside, generator=generator))
    return nn.Sequential(conv, norm).eval()


def _branches(sizes: tuple[int, int, int, int], projection: bool, bias: bool, eps: float) -> list[nn.Sequential]:
    """The arguments of `merge_branches` for (in channels, out channels, kernel, stride)."""
    inside, outside, kernel, stride = sizes
    found = [branch(inside, outside, kernel, stride, bias, eps, 1)]
    return [*found, branch(inside, outside, 1, stride, bias, 1e-5, 2)] if projection else found


def check_merge(
    function: Callable,
    sizes: tuple[int, int, int, int],
    projection: bool = False,
    bias: bool = False,
    eps: float = 1e-5,
) -> None:
    """The merged convolution gives what body + shortcut give; `sizes`: in channels, out channels, kernel, stride."""
    name, given = name_of(function), _branches(sizes, projection, bias, eps)
    merged = _merged(name, attempt(function, *given), given[0][0])
    x = torch.randn(2, sizes[0], 7, 6, generator=torch.Generator().manual_seed(3))
    fresh = _branches(sizes, projection, bias, eps)
    with torch.no_grad():
        bodies = fresh[0](x)
        right = bodies + (fresh[1](x) if projection else x)
        got = attempt(merged.eval(), x)
        wrong = _mistakes(name, fresh, x, bodies, right)
    asked = f"{sizes[2]}×{sizes[2]}, stride {sizes[3]}"
    other = hint(
        f"`{name}`: 합친 합성곱의 출력이 두 갈래의 합과 다릅니다({asked}).",
        f"`{name}`: the merged convolution does not give the sum of the two branches ({asked}).",
    )
    expect(got, right, other, {said: value for said, value in wrong.items() if not same(value, right)})


def _merged(name: str, got: Any, conv: Any) -> nn.Conv2d:
    """What came back, if it is one convolution of the right form."""
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, nn.Conv2d), hint(
        f"`{name}`의 결과는 `nn.Conv2d`여야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return an `nn.Conv2d`, not a {type(got).__name__}.",
    )
    assert got.bias is not None, hint(
        f"`{name}`: 합친 합성곱에 편향이 없습니다. 배치 정규화가 더하는 값은 어디로 갔나요?",
        f"`{name}`: the merged convolution has no bias. Where does what batch normalization adds go?",
    )
    for what in ("in_channels", "out_channels", "kernel_size", "stride"):
        assert getattr(got, what) == getattr(conv, what), hint(
            f"`{name}`: 합친 합성곱의 `{what}`이(가) {getattr(got, what)}입니다. {getattr(conv, what)}여야 합니다.",
            f"`{name}`: the merged convolution has `{what}` {getattr(got, what)}; it should be {getattr(conv, what)}.",
        )
    return got


def _mistakes(
    name: str, branches: list[nn.Sequential], x: torch.Tensor, bodies: torch.Tensor, right: torch.Tensor
) -> dict[str, torch.Tensor]:
    """What the usual mistakes give, worked out on the branches themselves."""
    wrong = {
        hint(f"`{name}`: 숏컷이 빠졌습니다.", f"`{name}`: the shortcut is missing."): bodies,
        hint(f"`{name}`: 배치 정규화가 빠졌습니다.", f"`{name}`: batch normalization is missing."): sum(
            (part[0](x) for part in branches), x if len(branches) == 1 else torch.zeros_like(right)
        ),
        hint(
            f"`{name}`: 배치 정규화의 `eps`가 빠졌거나 다릅니다.",
            f"`{name}`: the `eps` of a batch normalization is missing or different.",
        ): _with_eps(branches[0], 1e-5)(x) + right - bodies,
    }
    if len(branches) == 1:
        wrong[
            hint(
                f"`{name}`: 입력이 모든 채널에 더해졌습니다. 출력의 채널은 같은 번호의 입력 채널만 받아야 합니다.",
                f"`{name}`: the input is added to every channel. An output channel takes the input of its own number.",
            )
        ] = bodies + x.sum(1, keepdim=True)
    for part in branches:
        if part[0].bias is not None:
            lost = part[1](part[0](x) - part[0].bias[:, None, None]) - part[1](part[0](x))  # type: ignore[index, operator]
            said = hint(f"`{name}`: 합성곱의 편향이 빠졌습니다.", f"`{name}`: a convolution's bias is left out.")
            wrong[said] = wrong.get(said, right) + lost
    return wrong


def _with_eps(part: nn.Sequential, eps: float) -> nn.Sequential:
    part[1].eps = eps  # type: ignore[assignment]
    return part


def check_originals(function: Callable, sizes: tuple[int, int, int, int], projection: bool = False) -> None:
    """Neither values nor modes of the branches change, and the new convolution shares nothing with them."""
    name = name_of(function)
    for mode in (True, False):
        given = [part.train(mode) for part in _branches(sizes, projection, True, 1e-5)]
        before = [{key: value.clone() for key, value in part.state_dict().items()} for part in given]
        merged = _merged(name, attempt(function, *given), given[0][0])
        train = hint(
            f"`{name}`: 학습 모드로 들어온 층의 모드가 바뀌었습니다.",
            f"`{name}` changed the mode of layers that came in training mode.",
        )
        evaluate = hint(
            f"`{name}`: 평가 모드로 들어온 층의 모드가 바뀌었습니다.",
            f"`{name}` changed the mode of layers that came in evaluation mode.",
        )
        kept = all(module.training == mode for part in given for module in part.modules())
        assert kept, train if mode else evaluate
        with torch.no_grad():
            changed = _changed(given, before)
            assert not changed, hint(
                f"`{name}`: 받은 층의 `{changed}`이(가) 바뀌었습니다.",
                f"`{name}` changed `{changed}` of a given layer.",
            )
            for parameter in merged.parameters():
                parameter.add_(1.0)
            shared = _changed(given, before)
        assert not shared, hint(
            f"`{name}`: 새 합성곱이 받은 층과 `{shared}`을(를) 함께 씁니다.",
            f"`{name}`: the new convolution shares `{shared}` with a given layer.",
        )


def _changed(parts: list[nn.Sequential], before: list[dict[str, torch.Tensor]]) -> str:
    """The name of a tensor that is no longer what it was; empty if there is none."""
    for part, values in zip(parts, before, strict=True):
        for key, value in part.state_dict().items():
            if not torch.equal(value, values[key]):
                return key
    return ""
