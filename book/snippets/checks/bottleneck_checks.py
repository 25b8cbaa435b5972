"""The visible checks of assignment 4's `PooledBottleneck`: its layers, and what they should give together."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn as nn
import torch.nn.functional as F

from book.snippets.checks.hints import expect, hint, name_of, same
from book.snippets.checks.residual_checks import build, trace


def check_bottleneck_layers(maker: Callable, inside: int, channels: int, stride: int) -> None:
    """Look at the layers of a student's bottleneck alone; `forward` may be unwritten."""
    name, block = name_of(maker), build(maker, inside, channels, stride)
    wide, changes = 4 * channels, stride != 1 or inside != 4 * channels
    convs = [module for module in block.modules() if isinstance(module, nn.Conv2d)]
    norms = [module for module in block.modules() if isinstance(module, nn.BatchNorm2d)]
    wanted = [(inside, channels, 1), (channels, channels, 3), (channels, wide, 1), *[(inside, wide, 1)] * changes]
    got = [(conv.in_channels, conv.out_channels, conv.kernel_size[0]) for conv in convs]
    assert sorted(got) == sorted(wanted), hint(
        f"`{name}({inside}, {channels}, {stride})`: 등록된 합성곱의 (입력 채널, 출력 채널, 커널)이 {got}입니다. "
        f"{wanted}이어야 합니다. 파이썬 리스트에 담은 층은 등록되지 않습니다.",
        f"`{name}({inside}, {channels}, {stride})`: the registered convolutions have (in, out, kernel) {got}; "
        f"it should be {wanted}. Layers in a Python list are not registered.",
    )
    assert all(conv.bias is None for conv in convs), hint(
        f"`{name}`: 편향이 있는 합성곱이 있습니다.", f"`{name}`: a convolution has a bias."
    )
    features = [norm.num_features for norm in norms]
    assert sorted(features) == sorted(conv.out_channels for conv in convs), hint(
        f"`{name}`: 배치 정규화의 채널 수가 {features}입니다. 합성곱마다 하나씩 둡니다.",
        f"`{name}`: the batch normalizations have {features} channels; each convolution is followed by one.",
    )


def check_bottleneck(maker: Callable, inside: int, channels: int, stride: int, shape: tuple[int, ...]) -> None:
    """Compare a student's bottleneck with what its own layers should give; fail with a hint that names the mistake."""
    name = name_of(maker)
    block = build(maker, inside, channels, stride)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    before = x.clone()
    advice = hint(
        "더하는 두 텐서의 모양이 같은지 보세요. 나누어떨어지지 않는 크기는 두 갈래 모두 올림해야 합니다.",
        "Do the two tensors that are added have the same shape? A size that does not divide evenly is rounded up in "
        "both branches.",
    )
    output, seen = trace(block, x, advice)
    assert output is not None, hint(
        f"`{name}`: `forward`에 `return`이 없습니다.", f"`{name}`: `forward` has no `return`."
    )
    assert torch.equal(x, before), hint(f"`{name}`이(가) 입력의 값을 바꾸었습니다.", f"`{name}` changed its input.")
    parts = _parts(name, seen, inside, channels, stride)
    right, wrong = _bottleneck_sums(name, parts, x, stride)
    assert output.shape == right.shape, hint(
        f"`{name}`: 입력 {shape}에서 출력이 {tuple(output.shape)}입니다. {tuple(right.shape)}이어야 합니다.",
        f"`{name}`: for an input of {shape} the output is {tuple(output.shape)}; it should be {tuple(right.shape)}.",
    )
    other = hint(
        f"`{name}`의 층은 맞지만 출력이 다릅니다. 층의 순서와 ReLU의 자리, 숏컷의 풀링을 보세요.",
        f"`{name}` has the right layers but a wrong output. Look at their order, at the ReLUs, and at the pooling.",
    )
    expect(output, right, other, {said: value for said, value in wrong.items() if not same(value, right)})


def _parts(name: str, seen: list[tuple], inside: int, channels: int, stride: int) -> dict[str, Any]:
    """The layers that were used, by their place in the block; `side` and `side_bn` are None where there are none."""
    wide, changes = 4 * channels, stride != 1 or inside != 4 * channels
    forms = {"reduce": (inside, channels, 1), "three": (channels, channels, 3), "widen": (channels, wide, 1)}
    if changes:
        forms["side"] = (inside, wide, 1)
    found: dict[str, Any] = {"side": None, "side_bn": None}
    for place, form in forms.items():
        used = [
            (conv, output)
            for conv, _, output in seen
            if isinstance(conv, nn.Conv2d) and (conv.in_channels, conv.out_channels, conv.kernel_size[0]) == form
        ]
        assert len(used) == 1, hint(
            f"`{name}`: 커널 {form[2]}, 채널 {form[0]}→{form[1]}인 합성곱이 {len(used)}번 쓰였습니다.",
            f"`{name}`: a convolution with kernel {form[2]}, channels {form[0]}→{form[1]} is used {len(used)} times.",
        )
        found[place] = used[0][0]
        found[f"{place}_bn"] = next(
            (norm for norm, given, _ in seen if isinstance(norm, nn.BatchNorm2d) and given is used[0][1]), None
        )
        assert found[f"{place}_bn"] is not None, hint(
            f"`{name}`: 채널 {form[0]}→{form[1]} 합성곱 바로 다음에 배치 정규화가 없습니다.",
            f"`{name}`: the convolution with channels {form[0]}→{form[1]} is not followed by batch normalization.",
        )
    strides = {place: found[place].stride[0] for place in forms}
    assert strides == {**dict.fromkeys(forms, 1), "three": stride}, hint(
        f"`{name}`: 합성곱의 스트라이드가 {list(strides.values())}입니다. 크기는 본체의 3×3 합성곱과 숏컷의 풀링에서만 "
        "줄어야 합니다.",
        f"`{name}`: the strides of the convolutions are {list(strides.values())}. The size should shrink in the body's "
        "3×3 convolution and in the shortcut's pooling alone.",
    )
    return found


def _window_means(x: torch.Tensor, stride: int, biggest: bool = False) -> torch.Tensor:
    """Mean (or maximum) of each window, window by window."""
    height, width = x.shape[2:]
    rows = []
    for top in range(0, height, stride):
        windows = [x[:, :, top : top + stride, left : left + stride].flatten(2) for left in range(0, width, stride)]
        rows.append(torch.stack([w.amax(2) if biggest else w.mean(2) for w in windows], dim=-1))
    return torch.stack(rows, dim=2)


def _bottleneck_sums(
    name: str, parts: dict[str, Any], x: torch.Tensor, stride: int
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """What the block's layers should give, and what they give with each usual mistake."""

    def through(place: str, value: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = parts[f"{place}_bn"](parts[place](value))
        return result

    with torch.no_grad():
        body = through("widen", F.relu(through("three", F.relu(through("reduce", x)))))
        first_bare = through("widen", F.relu(through("three", through("reduce", x))))
        second_bare = through("widen", through("three", F.relu(through("reduce", x))))
        side = x
        others: dict[str, torch.Tensor] = {}
        if parts["side"] is not None:
            side = through("side", _window_means(x, stride))
            others = {
                hint(
                    f"`{name}`: 숏컷에서 평균이 아니라 최댓값을 냈습니다.",
                    f"`{name}`: the shortcut takes maxima, not means.",
                ): through("side", _window_means(x, stride, biggest=True)),
                hint(
                    f"`{name}`: 숏컷에서 풀링하지 않고 몇 칸씩 건너뛰었습니다.",
                    f"`{name}`: the shortcut skips cells instead of pooling.",
                ): through("side", x[:, :, ::stride, ::stride]),
                hint(
                    f"`{name}`: 벗어난 윈도우에서 없는 칸까지 0으로 세었습니다.",
                    f"`{name}`: where a window sticks out, missing cells were counted as 0.",
                ): through("side", _window_means(F.pad(x, (0, -x.shape[3] % stride, 0, -x.shape[2] % stride)), stride)),
            }
    wrong = {said: F.relu(body + value) for said, value in others.items()}
    wrong |= {
        hint(f"`{name}`: 더한 다음의 ReLU가 없습니다.", f"`{name}`: the ReLU after the addition is missing."): body
        + side,
        hint(f"`{name}`: 숏컷을 더하지 않았습니다.", f"`{name}`: the shortcut was not added."): F.relu(body),
        hint(f"`{name}`: 더하기 전에 ReLU를 했습니다.", f"`{name}`: there is a ReLU before the addition."): F.relu(body)
        + side,
        hint(
            f"`{name}`: 더하기 전에도 ReLU를 했습니다.", f"`{name}`: there is a ReLU before the addition, too."
        ): F.relu(F.relu(body) + side),
        hint(
            f"`{name}`: 첫 배치 정규화 다음에 ReLU가 없습니다.",
            f"`{name}`: there is no ReLU after the first batch normalization.",
        ): F.relu(first_bare + side),
        hint(
            f"`{name}`: 3×3 합성곱의 배치 정규화 다음에 ReLU가 없습니다.",
            f"`{name}`: there is no ReLU after the 3×3 convolution's batch normalization.",
        ): F.relu(second_bare + side),
    }
    return F.relu(body + side), wrong
