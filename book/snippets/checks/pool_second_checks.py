"""The visible checks of assignment 1, second half: compare with torch or plain numbers, and name the usual mistakes."""

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from book.snippets.checks.hints import about, attempt, expect, hint, name_of, same, torch_functions


def check_indices(function: Callable, x: torch.Tensor, kernel: int, stride: int, padding: int) -> None:
    """Compare a student's maxima and their places with torch's; fail with a hint that names the mistake."""
    name = name_of(function)
    values, indices = F.max_pool2d(x, kernel, stride, padding, return_indices=True)
    got = _own_answer(function, x, kernel, stride, padding)
    assert isinstance(got, tuple) and len(got) == 2, _line_of(
        name, hint("튜플 `(values, indices)`를 돌려주어야 합니다.", "it should return the tuple `(values, indices)`.")
    )
    _check_shape(name, got[0], values)
    _check_shape(name, got[1], indices)
    expect(got[0], values, _line_of(name, hint("`values`가 다릅니다.", "`values` differ.")))
    width, row, col = x.shape[3], indices // x.shape[3], indices % x.shape[3]
    starts = [torch.arange(n) * stride - padding for n in indices.shape[2:]]
    top, left = starts[0][:, None], starts[1]
    said = {
        _line_of(
            name,
            hint(
                "번호를 윈도우 안에서 매겼습니다. 맵 전체에서 매기세요.",
                "the numbers are counted inside the window; count in the whole map.",
            ),
        ): (row - top) * kernel + col - left,
        _line_of(
            name,
            hint("번호를 패딩까지 넣은 맵에서 매겼습니다.", "the numbers are counted in the map with its padding."),
        ): (row + padding) * (width + 2 * padding) + col + padding,
        _line_of(name, hint("번호를 열을 따라 매겼습니다.", "the numbers go down the columns.")): col * x.shape[2]
        + row,
        _line_of(
            name,
            hint("행에 너비가 아니라 높이를 곱했습니다.", "the row is multiplied by the height, not by the width."),
        ): row * x.shape[2] + col,
    }
    other = _line_of(
        name,
        hint(
            "`values`는 맞지만 `indices`가 다릅니다. 최댓값이 여럿이면 번호가 가장 작은 칸입니다.",
            "`values` are right, `indices` differ. Of several maxima the cell with the smallest number counts.",
        ),
    )
    expect(got[1], indices, other, {message: wrong for message, wrong in said.items() if not same(wrong, indices)})


def check_never_padding(function: Callable, x: torch.Tensor) -> None:
    """Low values: the maxima are those of the map's cells, and no padding."""
    name, wanted = name_of(function), F.max_pool2d(x, 3, 2, 1)
    got = _own_answer(function, x, 3, 2, 1)
    values = got[0] if isinstance(got, (tuple, list)) and got else got
    _check_shape(name, values, wanted)
    close = torch.allclose(values.detach() / x.abs().max(), wanted / x.abs().max(), atol=1e-4)
    assert close, _line_of(
        name,
        hint(
            f"값이 {x.max().item():.0e} 아래이면 패딩이 최댓값이 됩니다.",
            f"with values below {x.max().item():.0e} the padding becomes the maximum.",
        ),
    )


def soft_by_hand(x: torch.Tensor, kernel: int, stride: int, beta: float) -> torch.Tensor:
    """The formula window by window, with plain numbers: for moderate values."""

    def one(cells: list[float]) -> float:
        weights = [math.exp(beta * cell) for cell in cells]
        return sum(weight * cell for weight, cell in zip(weights, cells, strict=True)) / sum(weights)

    rows = [
        [
            [
                [
                    one(channel[i : i + kernel, j : j + kernel].flatten().tolist())
                    for j in range(0, x.shape[3] - kernel + 1, stride)
                ]
                for i in range(0, x.shape[2] - kernel + 1, stride)
            ]
            for channel in image
        ]
        for image in x.detach()
    ]
    return torch.tensor(rows, dtype=x.dtype)


def check_soft(function: Callable, x: torch.Tensor, kernel: int, stride: int, beta: float) -> None:
    """Compare a student's soft pooling with the formula; fail with a hint that names the mistake."""
    name, wanted = name_of(function), soft_by_hand(x, kernel, stride, beta)
    got = _own_answer(function, x, kernel, stride, beta)
    _check_shape(name, got, wanted)
    grown = (beta * x).exp()
    said = {
        _line_of(
            name,
            hint(
                "모든 값에 같은 가중치를 주었습니다. 평균 풀링입니다.",
                "all values weigh the same. That is average pooling.",
            ),
        ): F.avg_pool2d(x, kernel, stride),
        _line_of(
            name, hint("최댓값만 남겼습니다. 최대 풀링입니다.", "only the largest value is left. That is max pooling.")
        ): F.max_pool2d(x, kernel, stride),
        _line_of(name, hint("`beta`를 쓰지 않았습니다.", "`beta` is not used.")): soft_by_hand(x, kernel, stride, 1.0),
        _line_of(
            name,
            hint(
                "가중치의 합이 1이 아닙니다. 가중치의 합으로 나누세요.",
                "the weights do not add up to 1. Divide by their sum.",
            ),
        ): kernel**2 * F.avg_pool2d(x * grown, kernel, stride),
        _line_of(
            name,
            hint(
                "가중치를 윈도우가 아니라 맵 전체에서 구했습니다.",
                "the weights add up to 1 over the whole map, not over each window.",
            ),
        ): kernel**2 * F.avg_pool2d(x * grown / grown.sum((2, 3), keepdim=True), kernel, stride),
    }
    other = _line_of(
        name,
        hint(
            "값이 다릅니다. 윈도우 하나의 가중치를 적고 합이 1인지 보세요.",
            "wrong values. Write down the weights of one window; do they add up to 1?",
        ),
    )
    expect(got, wanted, other, {message: wrong for message, wrong in said.items() if not same(wrong, wanted)})


def check_soft_large(function: Callable, x: torch.Tensor, kernel: int, stride: int) -> None:
    """Large values: finite, moved along with the values, and near the maximum for large beta."""
    name = name_of(function)
    for shift in (1000.0, -1000.0):
        got = attempt(function, x + shift, kernel, stride, 1.0)
        _check_shape(name, got, F.avg_pool2d(x, kernel, stride))
        assert bool(got.isfinite().all()), _line_of(
            name,
            hint(f"값이 {shift:g} 근처이면 `inf`나 `nan`이 나옵니다.", f"values near {shift:g} give `inf` or `nan`."),
        )
        moved = soft_by_hand(x, kernel, stride, 1.0) + shift
        assert torch.allclose(got.detach(), moved, rtol=1e-3), _line_of(
            name,
            hint(
                "모든 값에 1000을 더하면 결과도 1000만큼 커져야 합니다.",
                "when all values grow by 1000, so should the result.",
            ),
        )
    for scale, beta in ((1e30, 1.0), (1e4, 100.0)):
        got, most = attempt(function, scale * x, kernel, stride, beta), F.max_pool2d(scale * x, kernel, stride)
        near = bool(got.isfinite().all()) and torch.allclose(got.detach() / scale, most / scale, atol=0.01)
        assert near, _line_of(
            name,
            hint(
                f"값이 {scale:g} 안팎이고 `beta`가 {beta:g}이면 최댓값에 아주 가까워야 합니다.",
                f"with values around {scale:g} and `beta` = {beta:g} it should be very close to the maximum.",
            ),
        )


def check_soft_gradient(function: Callable, x: torch.Tensor, kernel: int, stride: int) -> None:
    """The gradient is the slope that small changes of x show: x is in double precision, beta 1."""
    name, leaf, step = name_of(function), x.clone().requires_grad_(), 1e-5
    got = attempt(function, leaf, kernel, stride, 1.0)
    flows = isinstance(got, torch.Tensor) and got.requires_grad
    assert flows, _line_of(name, hint("x까지 기울기가 흐르지 않습니다.", "no gradient flows back to x."))
    got.sum().backward()
    slope = torch.zeros_like(x).flatten()
    for place in range(x.numel()):
        change = step * F.one_hot(torch.tensor(place), x.numel()).reshape(x.shape)
        up, down = (soft_by_hand(x + sign * change, kernel, stride, 1.0).sum() for sign in (1, -1))
        slope[place] = (up - down) / (2 * step)
    close = leaf.grad is not None and torch.allclose(leaf.grad, slope.reshape(x.shape), atol=1e-4)
    assert close, _line_of(
        name,
        hint(
            "기울기가 다릅니다. 기울기는 가중치를 거쳐서도 흐릅니다.",
            "a wrong gradient. It flows through the weights, too.",
        ),
    )


def check_adaptive(function: Callable, x: torch.Tensor, size: tuple[int, int]) -> None:
    """Compare a student's adaptive average pooling with torch's; fail with a hint that names the mistake."""
    name, wanted = name_of(function), F.adaptive_avg_pool2d(x, size)
    got = _own_answer(function, x, size)
    if isinstance(got, torch.Tensor) and got.shape != wanted.shape:
        turned = got.shape == (*x.shape[:2], size[1], size[0])
        assert not turned, _line_of(
            name, hint("결과의 높이와 너비가 바뀌었습니다.", "the height and width of the result are swapped.")
        )
    _check_shape(name, got, wanted)
    said = {
        _line_of(
            name, hint("평균이 아니라 최댓값입니다.", "that is the maximum, not the mean.")
        ): F.adaptive_max_pool2d(x, size)
    }
    other = _line_of(
        name,
        hint(
            f"{tuple(x.shape[2:])}를 {size}로 바꾼 값이 다릅니다. 윈도우마다 시작은 내림, 끝은 올림입니다.",
            f"wrong values for {tuple(x.shape[2:])} to {size}. Windows start rounded down and end rounded up.",
        ),
    )
    expect(got, wanted, other, {message: wrong for message, wrong in said.items() if not same(wrong, wanted)})


def _own_answer(function: Callable, x: torch.Tensor, *rest: Any) -> Any:
    """The answer to a copy of x, which must stay as it is, made without torch's pooling."""
    name, given = name_of(function), x.clone()
    got = attempt(function, given, *rest)
    assert torch.equal(given, x), _line_of(name, hint("입력의 값을 바꾸었습니다.", "the input was changed."))
    words = ("pool", "interpolate", "upsample")
    called = [used for used in torch_functions(function, x.clone(), *rest) if any(word in used for word in words)]
    assert not called, _line_of(
        name,
        hint(
            f"torch의 `{called[0] if called else ''}`을(를) 호출합니다. 직접 만드세요.",
            f"it calls torch's `{called[0] if called else ''}`. Make it yourself.",
        ),
    )
    return got


def _check_shape(name: str, got: Any, wanted: torch.Tensor) -> None:
    """A tensor of the right shape and dtype."""
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, torch.Tensor), _line_of(
        name, hint(f"텐서여야 할 것이 {type(got).__name__}입니다.", f"a {type(got).__name__} instead of a tensor.")
    )
    shape, right = tuple(got.shape), tuple(wanted.shape)
    assert shape == right, _line_of(
        name, hint(f"모양이 {shape}입니다. {right}이어야 합니다.", f"the shape is {shape} instead of {right}.")
    )
    assert got.dtype == wanted.dtype, _line_of(
        name,
        hint(
            f"dtype이 {got.dtype}입니다. {wanted.dtype}이어야 합니다.",
            f"the dtype is {got.dtype} instead of {wanted.dtype}.",
        ),
    )


def _line_of(name: str, said: str) -> str:
    return about(f"`{name}`", said)
