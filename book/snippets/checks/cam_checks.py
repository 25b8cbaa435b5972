"""The visible checks of assignment 5: compare with maps worked out number by number, and name the usual mistakes."""

from collections.abc import Callable
from typing import Any

import torch

from book.snippets.checks.hints import attempt, expect, hint, joined, name_of


def cam_by_hand(features: torch.Tensor, weight: torch.Tensor, class_index: Any) -> torch.Tensor:
    """(N, C, H, W), (K, C) and a class (or one per image) to (N, H, W), one place of one image after another."""
    n, channels, height, width = features.shape
    f, w = features.tolist(), weight.tolist()
    chosen = [class_index] * n if isinstance(class_index, int) else class_index.tolist()
    found = [
        [
            [sum(w[chosen[i]][c] * f[i][c][row][col] for c in range(channels)) for col in range(width)]
            for row in range(height)
        ]
        for i in range(n)
    ]
    return torch.tensor(found, dtype=features.dtype).reshape(n, height, width)


def logits_by_hand(cam: torch.Tensor, bias: Any) -> torch.Tensor:
    """(N, H, W) and a bias (or one per image) to (N,), one image after another."""
    n, height, width = cam.shape
    many = isinstance(bias, torch.Tensor) and bias.ndim == 1
    found = []
    for i in range(n):
        total = sum(sum(row) for row in cam[i].tolist())
        found.append(total / (height * width) + float(bias[i] if many else bias))
    return torch.tensor(found, dtype=cam.dtype)


def upsampled_by_hand(cam: torch.Tensor, size: tuple[int, int], *, corners: bool = False) -> torch.Tensor:
    """(N, H, W) to (N, H', W'), enlarged pixel by pixel but not scaled; `corners` as in `align_corners`."""
    height, width = cam.shape[1:]
    big = torch.zeros(len(cam), *size, dtype=cam.dtype)
    for row in range(size[0]):
        top, low, down = _between(row, size[0], height, corners)
        for col in range(size[1]):
            left, right, across = _between(col, size[1], width, corners)
            upper = (1 - across) * cam[:, top, left] + across * cam[:, top, right]
            lower = (1 - across) * cam[:, low, left] + across * cam[:, low, right]
            big[:, row, col] = (1 - down) * upper + down * lower
    return big


def _between(pixel: int, pixels: int, cells: int, corners: bool) -> tuple[int, int, float]:
    """The two cells between which a pixel lies, and how far it is on its way to the second."""
    place = pixel * (cells - 1) / max(pixels - 1, 1) if corners else (pixel + 0.5) * cells / pixels - 0.5
    place = min(max(place, 0.0), cells - 1.0)
    first = min(int(place), cells - 1)
    return first, min(first + 1, cells - 1), place - first


def scaled_by_hand(big: torch.Tensor) -> torch.Tensor:
    """(N, H, W) with each map scaled to [0, 1] by itself; a constant map becomes 0."""
    found = torch.zeros_like(big)
    for i, one in enumerate(big):
        span = float(one.max() - one.min())
        if span > 0:
            found[i] = (one - one.min()) / span
    return found


def check_cam(
    function: Callable, features: torch.Tensor, weight: torch.Tensor, class_index: Any, advice: str = ""
) -> None:
    """Compare a student's class activation maps with `cam_by_hand`; fail with a hint that names the mistake."""
    name, wanted = name_of(function), cam_by_hand(features, weight, class_index)
    got = _answer(function, (features, weight, class_index), wanted, advice)
    ones = torch.ones_like(weight)
    chosen = class_index if isinstance(class_index, int) else int(class_index[0])
    wrong = {
        hint(
            f"`{name}`: 가중치를 곱하지 않고 채널을 더했습니다.",
            f"`{name}`: the channels were added up without their weights.",
        ): cam_by_hand(features, ones, class_index),
        hint(
            f"`{name}`: 채널을 더해야 하는데 평균을 냈습니다. 로짓은 채널의 가중합입니다.",
            f"`{name}`: the channels were averaged, not added. A logit is a weighted sum over channels.",
        ): wanted / features.shape[1],
        hint(
            f"`{name}`: 음수가 사라졌습니다. 음수도 로짓에 더해지는 값입니다.",
            f"`{name}`: the negative values are gone. They are part of the logit, too.",
        ): wanted.clamp(min=0),
        hint(
            f"`{name}`: 모든 이미지에 첫 이미지의 클래스를 썼습니다. 클래스는 이미지마다 다를 수 있습니다.",
            f"`{name}`: every image got the first image's class. Each image may have a class of its own.",
        ): cam_by_hand(features, weight, chosen),
    }
    other = hint(
        f"`{name}`의 모양은 맞지만 값이 다릅니다. 어느 클래스의 가중치를 어느 축에 곱했는지 보세요.",
        f"`{name}` has the right shape but other values. Which class's weights were multiplied onto which axis?",
    )
    expect(
        got,
        wanted,
        joined(other, advice),
        {said: value for said, value in wrong.items() if not torch.allclose(value, wanted)},
    )


def check_cam_gradient(function: Callable, features: torch.Tensor, weight: torch.Tensor, class_index: int) -> None:
    """The map's sum must have the class's weights as its gradient with respect to the features, at every place."""
    name, leaf = name_of(function), features.clone().requires_grad_()
    cam = attempt(function, leaf, weight, class_index)
    assert isinstance(cam, torch.Tensor) and cam.requires_grad, hint(
        f"`{name}`의 결과에서 features까지 기울기가 흐르지 않습니다. `detach()`나 `no_grad()`가 계산을 끊었나요?",
        f"No gradient flows from `{name}` back to the features. Look for `detach()` or `no_grad()`.",
    )
    cam.sum().backward()
    wanted = weight[class_index].reshape(1, -1, 1, 1).expand_as(features)
    said = hint(
        f"`{name}`의 기울기가 다릅니다. 자리마다 그 채널의 가중치여야 합니다.",
        f"`{name}` has another gradient. At every place it should be the channel's weight.",
    )
    expect(leaf.grad, wanted, said)


def check_logits(function: Callable, cam: torch.Tensor, bias: Any, advice: str = "") -> None:
    """Compare a student's logits with `logits_by_hand`; fail with a hint that names the mistake."""
    name, wanted = name_of(function), logits_by_hand(cam, bias)
    got = _answer(function, (cam, bias), wanted, advice)
    without = logits_by_hand(cam, 0.0)
    area = cam.shape[1] * cam.shape[2]
    wrong = {
        hint(f"`{name}`: 편향을 더하지 않았습니다.", f"`{name}`: the bias is missing."): without,
        hint(f"`{name}`: CAM을 평균 내지 않고 더했습니다.", f"`{name}`: the CAM was added up, not averaged."): without
        * area
        + (wanted - without),
        hint(
            f"`{name}`: 편향을 자리마다 더한 다음 합했습니다. 편향은 로짓에 한 번만 들어갑니다.",
            f"`{name}`: the bias was added at every place and summed. It enters the logit once.",
        ): wanted * area,
        hint(
            f"`{name}`: 평균이 아니라 최댓값을 썼습니다.", f"`{name}`: that uses the maximum, not the mean."
        ): cam.amax(dim=(1, 2)) + (wanted - without),
    }
    other = hint(
        f"`{name}`의 모양은 맞지만 값이 다릅니다. 평균을 낸 축과 편향을 더한 축을 보세요.",
        f"`{name}` has the right shape but other values. Check the axes of mean and bias.",
    )
    expect(
        got,
        wanted,
        joined(other, advice),
        {said: value for said, value in wrong.items() if not torch.allclose(value, wanted)},
    )


def check_upsampled(function: Callable, cam: torch.Tensor, size: tuple[int, int], advice: str = "") -> None:
    """Compare a student's upsampled maps with those made pixel by pixel; fail with a hint that names the mistake."""
    name, plain = name_of(function), upsampled_by_hand(cam, size)
    wanted = scaled_by_hand(plain)
    wanted[cam.amax(dim=(1, 2)) == cam.amin(dim=(1, 2))] = 0  # plain is constant only up to rounding
    got = _answer(function, (cam, size), wanted, advice)
    assert not got.isnan().any(), hint(
        f"`{name}`의 결과에 NaN이 있습니다. 값이 모두 같은 맵에서 0으로 나누지 않았나요?",
        f"`{name}` returns NaN. Did it divide by 0 on a map that is constant?",
    )
    together = (plain - plain.min()) / (plain.max() - plain.min()).clamp(min=1e-12)
    wrong = {
        hint(
            f"`{name}`: 값이 아주 작은 맵을 값이 모두 같은 맵으로 보았습니다.",
            f"`{name}`: a map of very small values was taken for a constant one.",
        ): torch.zeros_like(plain),
        hint(
            f"`{name}`: 키우기만 하고 0과 1 사이로 맞추지 않았습니다.",
            f"`{name}`: the maps are enlarged but not scaled to 0 to 1.",
        ): plain,
        hint(
            f"`{name}`: 배치 전체를 한꺼번에 맞추었습니다. 맵마다 따로 맞추세요.",
            f"`{name}`: the whole batch was scaled at once. Scale each map by itself.",
        ): together,
        hint(
            f"`{name}`: `align_corners=True`로 늘렸습니다.", f"`{name}`: that is `align_corners=True`."
        ): scaled_by_hand(upsampled_by_hand(cam, size, corners=True)),
        hint(
            f"`{name}`: 최댓값으로 나누기만 했습니다. 가장 작은 값도 0이 되어야 합니다.",
            f"`{name}`: the maps were only divided by their maximum. The smallest value should become 0.",
        ): plain / plain.amax(dim=(1, 2), keepdim=True),
        hint(
            f"`{name}`: 키우기 전에 맞추었습니다. 키운 다음에 맞추어야 결과의 양 끝이 0과 1이 됩니다.",
            f"`{name}`: the maps were scaled before they were enlarged. Scale afterward, so that they end at 0 and 1.",
        ): upsampled_by_hand(scaled_by_hand(cam), size),
        hint(
            f"`{name}`: 음수를 버리고 맞추었습니다.", f"`{name}`: the negative values were dropped before scaling."
        ): scaled_by_hand(plain.clamp(min=0)),
    }
    other = hint(
        f"`{name}`의 모양은 맞지만 값이 다릅니다. 보간 방법과 맞추는 순서를 보세요.",
        f"`{name}` has the right shape but other values. Check interpolation and order of steps.",
    )
    expect(
        got,
        wanted,
        joined(other, advice),
        {said: value for said, value in wrong.items() if not torch.allclose(value, wanted)},
    )


def _answer(function: Callable, args: tuple, wanted: torch.Tensor, advice: str) -> torch.Tensor:
    """Call the student's function and check what holds of every answer: inputs kept, a tensor, its shape and dtype."""
    name = name_of(function)
    before = [arg.clone() if isinstance(arg, torch.Tensor) else arg for arg in args]
    got = attempt(function, *args, advice=advice)
    for arg, old in zip(args, before, strict=True):
        assert not isinstance(arg, torch.Tensor) or torch.equal(arg, old), hint(
            f"`{name}`이(가) 입력의 값을 바꾸었습니다. 이름이 `_`로 끝나는 함수나 `x += …`를 쓰지 않았는지 보세요.",
            f"`{name}` changed its input. Look for a function whose name ends in `_`, or for `x += …`.",
        )
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, torch.Tensor), hint(
        f"`{name}`의 결과는 텐서여야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return a tensor, not a {type(got).__name__}.",
    )
    shape, right = tuple(got.shape), tuple(wanted.shape)
    other = hint(
        f"`{name}`의 모양이 {shape}입니다. {right}이어야 합니다.",
        f"`{name}` has the shape {shape}; it should be {right}.",
    )
    assert shape == right, joined(other, advice)
    assert got.dtype == wanted.dtype, hint(
        f"`{name}`의 dtype이 {got.dtype}입니다. 입력과 같은 {wanted.dtype}이어야 합니다.",
        f"`{name}` returns {got.dtype}; it should keep the input's {wanted.dtype}.",
    )
    return got
