"""The visible checks of assignment 3's layers: look at them, follow a batch through them, name the usual mistakes."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from book.snippets.checks.hints import attempt, expect, hint, joined, name_of


def layers_of(module: nn.Module, kind: type) -> list[Any]:
    """The layers of a kind inside a module, in the order in which they were defined."""
    return [layer for layer in module.modules() if isinstance(layer, kind)]


def record(module: nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, dict[nn.Module, tuple[Any, Any]]]:
    """The module's output, and for each convolution and linear layer its input and output."""
    seen: dict[nn.Module, tuple[Any, Any]] = {}
    hooks = [
        layer.register_forward_hook(lambda m, args, out: seen.update({m: (args[0].detach().clone(), out.clone())}))
        for layer in layers_of(module, (nn.Conv2d, nn.Linear))  # type: ignore[arg-type]
    ]
    try:
        return attempt(module, x), seen
    finally:
        for hook in hooks:
            hook.remove()


def check_downsample(function: Callable, inside: int, outside: int, size: tuple[int, ...], advice: str = "") -> None:
    """Build a student's downsampling layer, look at its convolution, run it on a map of `size` (N, H, W)."""
    layer = _module(attempt(function, inside, outside), name_of(function))
    name, convs = name_of(function), layers_of(layer, nn.Conv2d)
    pools = [m for m in layer.modules() if type(m).__name__.endswith(("Pool2d", "Upsample"))]
    assert not pools, hint(
        f"`{name}`에 풀링이 들어 있습니다. 합성곱의 스트라이드로 줄여야 합니다.",
        f"`{name}` contains pooling. The stride of the convolution should do the shrinking.",
    )
    assert len(convs) == 1, hint(
        f"`{name}`에 `nn.Conv2d`가 {len(convs)}개 있습니다. 하나여야 합니다.",
        f"`{name}` holds {len(convs)} `nn.Conv2d`; there should be one.",
    )
    _check_weights(name, convs[0], (inside, outside))
    _check_steps(name, convs[0], 2)
    x = torch.randn(size[0], inside, *size[1:], generator=torch.Generator().manual_seed(1))
    before = x.clone()
    y, seen = record(layer, x)
    assert torch.equal(x, before), hint(
        f"`{name}`의 층이 입력을 바꾸었습니다.", f"The layer of `{name}` changed its input."
    )
    assert isinstance(y, torch.Tensor), hint(f"`{name}`의 결과가 텐서가 아닙니다.", f"`{name}` does not give a tensor.")
    bare = seen[convs[0]][1] if convs[0] in seen else y
    wanted = bare.clamp(min=0)
    shape = hint(f"`{name}`의 모양이 {tuple(y.shape)}입니다.", f"`{name}` gives the shape {tuple(y.shape)}.")
    assert y.shape == wanted.shape, joined(shape, advice)
    no_relu = hint(f"`{name}`: 합성곱 다음에 ReLU가 없습니다.", f"`{name}`: there is no ReLU after the convolution.")
    other = hint(
        f"`{name}`: 합성곱의 결과에 ReLU 말고 다른 계산이 더해졌습니다.",
        f"`{name}`: something other than ReLU happens to the convolution's result.",
    )
    expect(y.detach(), wanted.detach(), other, {no_relu: bare.detach()})


def check_network(cls: Callable, classes: int, size: tuple[int, int, int], advice: str = "") -> Any:
    """Build a student's network, look at its layers, follow a batch of `size` (N, H, W) through them."""
    model = build_network(cls, classes)
    name = name_of(cls)
    for conv, stride in zip(_in_order(model), (1, 2), strict=True):
        _check_steps(name, conv, stride)
    x = torch.randn(size[0], 3, *size[1:], generator=torch.Generator().manual_seed(2))
    try:
        y, seen = record(model, x)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{advice}".strip()) from None
    assert y is not None, hint(f"`{name}`의 `forward`에 `return`이 없습니다.", f"`{name}`: `forward` has no `return`.")
    shape = hint(
        f"`{name}`의 출력 모양이 {_shape(y)}입니다. (N, num_classes)는 {(size[0], classes)}입니다.",
        f"`{name}` gives the shape {_shape(y)}; (N, num_classes) is {(size[0], classes)}.",
    )
    assert isinstance(y, torch.Tensor) and y.shape == (size[0], classes), joined(shape, advice)
    (one, two), (linear,) = _in_order(model), layers_of(model, nn.Linear)
    if {one, two, linear} <= set(seen):
        _check_flow(name, (one, two, linear), seen, y)
    return model


def check_logits_shape(cls: Callable, classes: int, size: tuple[int, int, int], advice: str = "") -> None:
    """Run a student's network on a batch of `size` (N, H, W); only the shape of the logits matters."""
    name, model = name_of(cls), _module(attempt(cls, classes), name_of(cls))
    x = torch.randn(size[0], 3, *size[1:], generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        y = attempt(model, x, advice=advice)
    assert y is not None, hint(f"`{name}`의 `forward`에 `return`이 없습니다.", f"`{name}`: `forward` has no `return`.")
    shape = hint(
        f"`{name}`의 출력 모양이 {_shape(y)}입니다. (N, num_classes)는 {(size[0], classes)}입니다.",
        f"`{name}` gives the shape {_shape(y)}; (N, num_classes) is {(size[0], classes)}.",
    )
    assert isinstance(y, torch.Tensor) and y.shape == (size[0], classes), joined(shape, advice)


def build_network(cls: Callable, classes: int) -> Any:
    """A student's network with its three layers looked at one by one; fails with a hint that names the odd one."""
    name = name_of(cls)
    model = _module(attempt(cls, classes), name)
    found, linear = layers_of(model, nn.Conv2d), layers_of(model, nn.Linear)
    assert len(found) == 2 and len(linear) == 1, hint(
        f"`{name}`에 `nn.Conv2d`가 {len(found)}개, `nn.Linear`가 {len(linear)}개 등록되어 있습니다. 2개와 1개여야 "
        "합니다. 층을 파이썬 리스트에 담으면 등록되지 않습니다.",
        f"`{name}` has {len(found)} `nn.Conv2d` and {len(linear)} `nn.Linear` registered; there should be 2 and 1. "
        "Layers in a Python list are not registered.",
    )
    for conv, channels in zip(_in_order(model), ((3, 64), (64, 128)), strict=True):
        _check_weights(name, conv, channels)
    width = (linear[0].in_features, linear[0].out_features)
    flat = hint(
        f"`{name}`: 선형층의 입력이 {width[0]}개입니다. GAP를 거치면 채널마다 숫자 하나만 남습니다.",
        f"`{name}`: the linear layer takes {width[0]} numbers. GAP leaves one number per channel.",
    )
    assert width[0] == 128, flat
    assert width[1] == classes and linear[0].bias is not None, hint(
        f"`{name}`: 선형층의 출력은 num_classes개이고 편향이 있어야 합니다.",
        f"`{name}`: the linear layer should give num_classes numbers and have a bias.",
    )
    return model


def _in_order(model: nn.Module) -> list[Any]:
    """The two convolutions, the one on RGB first."""
    return sorted(layers_of(model, nn.Conv2d), key=lambda conv: conv.in_channels)


def _check_weights(name: str, conv: Any, channels: tuple[int, int]) -> None:
    """The convolution's channels, kernel and bias, one hint each."""
    place = f"{channels[0]}→{channels[1]}"
    assert (conv.in_channels, conv.out_channels) == channels, hint(
        f"`{name}`: 합성곱의 채널이 {conv.in_channels}→{conv.out_channels}입니다. {place}이어야 합니다.",
        f"`{name}`: a convolution goes {conv.in_channels}→{conv.out_channels} channels; it should go {place}.",
    )
    _check_number(name, conv, "kernel_size", (3, 3))
    _check_number(name, conv, "groups", 1)
    assert conv.bias is not None, hint(
        f"`{name}`: {place} 합성곱에 편향이 없습니다.", f"`{name}`: the {place} convolution has no bias."
    )


def _check_steps(name: str, conv: Any, stride: int) -> None:
    """How the convolution walks over the map."""
    _check_number(name, conv, "stride", (stride, stride))
    if conv.padding != "same":
        _check_number(name, conv, "padding", (1, 1))
    _check_number(name, conv, "dilation", (1, 1))


def _check_number(name: str, conv: Any, what: str, want: Any) -> None:
    got, place = getattr(conv, what), f"{conv.in_channels}→{conv.out_channels}"
    assert got == want, hint(
        f"`{name}`: {place} 합성곱의 `{what}`이(가) {got}입니다. 문제의 조건과 다릅니다.",
        f"`{name}`: the {place} convolution has `{what}` {got}; that is not what was asked for.",
    )


def _check_flow(name: str, layers: tuple, seen: dict[nn.Module, tuple[Any, Any]], y: torch.Tensor) -> None:
    """From layer to layer: ReLU after each convolution, one mean per channel, the logits untouched."""
    one, two, linear = layers
    between = hint(
        f"`{name}`: 두 번째 합성곱의 입력이 첫 합성곱에 ReLU를 적용한 값이 아닙니다.",
        f"`{name}`: the second convolution's input is not the first one's output after a ReLU.",
    )
    missing = hint(
        f"`{name}`: 첫 합성곱 다음에 ReLU가 없습니다.", f"`{name}`: there is no ReLU after the first convolution."
    )
    expect(seen[two][0], seen[one][1].detach().clamp(min=0), between, {missing: seen[one][1].detach()})
    bare, got = seen[two][1].detach(), seen[linear][0]
    area, total = bare.shape[2] * bare.shape[3], bare.clamp(min=0).flatten(2)
    other = hint(
        f"`{name}`: 선형층의 입력이 채널마다 하나씩 낸 평균이 아닙니다.",
        f"`{name}`: the linear layer's input is not one mean per channel.",
    )
    expect(got, total.sum(2) / area, other, {
        hint(f"`{name}`: 두 번째 합성곱 다음에 ReLU가 없습니다.",
             f"`{name}`: there is no ReLU after the second convolution."):
        bare.flatten(2).sum(2) / area,
        hint(f"`{name}`: 평균이 아니라 최댓값을 썼습니다.", f"`{name}`: that is the maximum, not the mean."):
        total.amax(2) + 0 * got[:, :1],
        hint(f"`{name}`: 평균이 아니라 합입니다.", f"`{name}`: that is the sum, not the mean."): total.sum(2),
    } if area > 1 else {})  # fmt: skip
    logits = seen[linear][1].detach()
    after = hint(
        f"`{name}`: 선형층의 출력을 그대로 돌려주지 않았습니다. 로짓에는 softmax도 ReLU도 하지 않습니다.",
        f"`{name}`: the linear layer's output is not returned as it is. Logits take neither softmax nor ReLU.",
    )
    expect(y.detach(), logits, after)


def check_count(function: Callable, model: nn.Module, wanted: int, mistakes: dict[str, int]) -> None:
    """A student's count of parameters must be `wanted`, an int; `mistakes` maps hints to counts."""
    name, got = name_of(function), attempt(function, model)
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert type(got) is int, hint(
        f"`{name}`의 결과는 `int`여야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return an `int`, not a {type(got).__name__}.",
    )
    expect(got, wanted, hint(f"`{name}`: {got}개는 맞지 않습니다.", f"`{name}`: {got} is not the count."), mistakes)


def _module(got: Any, name: str) -> nn.Module:
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, nn.Module), hint(
        f"`{name}`의 결과는 `nn.Module`이어야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should give an `nn.Module`, not a {type(got).__name__}.",
    )
    return got


def _shape(thing: Any) -> str:
    return str(tuple(thing.shape)) if isinstance(thing, torch.Tensor) else type(thing).__name__
