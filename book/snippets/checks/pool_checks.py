"""The visible checks of assignment 1: compare with what torch does, and name the usual mistakes."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from book.snippets.checks.hints import attempt, expect, hint, joined, same, torch_functions


def windows_that_fit(n: int, kernel: int, stride: int, padding: int = 0) -> int:
    """How many windows torch itself fits into a row of n cells: counted, not calculated."""
    row = torch.zeros(1, 1, n)
    return F.conv1d(row, torch.zeros(1, 1, kernel), stride=stride, padding=padding).shape[-1]


def check_size(function: Callable, n: int, kernel: int, stride: int, padding: Any = None) -> None:
    """Compare a student's output size with torch's; fail with a hint that names the mistake.

    `padding` is a whole number, if it is given.
    """
    name, given = "output_size", (n, kernel, stride) if padding is None else (n, kernel, stride, padding)
    p = padding or 0
    wanted, got = windows_that_fit(n, kernel, stride, p), attempt(function, *given)
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert type(got) is int, hint(
        f"`{name}`의 결과는 정수(int)여야 하는데 {type(got).__name__}입니다. 나눗셈 기호를 보세요.",
        f"`{name}` should return an int, not a {type(got).__name__}. Look at the division operator.",
    )
    short = n + 2 * p - kernel  # how far the first window can travel
    said = {
        hint(
            f"`{name}`: 하나 모자랍니다. 움직인 횟수와 멈춘 자리의 개수는 다릅니다.",
            f"`{name}`: one too few. The number of moves is not the number of places.",
        ): wanted - 1,
        hint(
            f"`{name}`: 부분 윈도우까지 셌습니다. 통째로 들어가지 않는 윈도우는 버립니다.",
            f"`{name}`: a partial window was counted. Windows that do not fit as a whole are dropped.",
        ): -(-short // stride) + 1,
        hint(
            f"`{name}`: 패딩은 양쪽 끝에 붙습니다. 한쪽만 셌습니다.",
            f"`{name}`: padding is added at both ends. Only one was counted.",
        ): windows_that_fit(n + p, kernel, stride),
        hint(
            f"`{name}`: 윈도우를 다 센 다음 패딩을 더했습니다. 패딩도 윈도우가 지나가는 칸입니다.",
            f"`{name}`: the padding was added after the windows were counted. The window moves over it, too.",
        ): (n - kernel) // stride + 1 + 2 * p,
        hint(f"`{name}`: 패딩을 세지 않았습니다.", f"`{name}`: the padding was not counted."): (n - kernel) // stride
        + 1,
        hint(f"`{name}`: 윈도우의 크기를 빠뜨렸습니다.", f"`{name}`: the size of the window was left out."): (n + 2 * p)
        // stride,
    }
    other = hint(
        f"`{name}{given}`이 {got}입니다. 윈도우가 놓이는 자리를 그려서 세어 보세요.",
        f"`{name}{given}` gives {got}. Draw the places of the window and count them.",
    )
    expect(got, wanted, other, {message: wrong for message, wrong in said.items() if wrong != wanted})


def check_pool(
    function: Callable, x: torch.Tensor, kernel: int, stride: int, average: bool = False, advice: str = ""
) -> None:
    """Compare a student's pooling with torch's; fail with a hint that names the mistake."""
    name = "avg_pool2d" if average else "max_pool2d"
    right, other_kind = (F.avg_pool2d, F.max_pool2d) if average else (F.max_pool2d, F.avg_pool2d)
    wanted = right(x, kernel, stride)
    more_rows, more_cols = (-(n - kernel) % stride for n in x.shape[2:])
    shaped = {
        hint(
            f"`{name}`: 0을 덧붙여 부분 윈도우까지 채웠습니다. 통째로 들어가지 않는 윈도우는 버립니다.",
            f"`{name}`: zeros were added to fill the partial windows. Windows that do not fit are dropped.",
        ): right(F.pad(x, (0, more_cols, 0, more_rows)), kernel, stride),
        hint(
            f"`{name}`: `stride`가 아니라 `kernel`만큼 옮겼습니다.",
            f"`{name}`: the window moved by `kernel`, not by `stride`.",
        ): right(x, kernel, kernel),
        hint(
            f"`{name}`: 윈도우를 한 칸씩 옮겼습니다. `stride`를 쓰세요.",
            f"`{name}`: the window moved by one cell. Use `stride`.",
        ): right(x, kernel, 1),
        hint(f"`{name}`: `kernel`과 `stride`가 바뀌었습니다.", f"`{name}`: `kernel` and `stride` are swapped."): right(
            x, stride, kernel
        ),
        hint(
            f"`{name}`: 부분 윈도우까지 남겼습니다. 통째로 들어가지 않는 윈도우는 버립니다.",
            f"`{name}`: a partial window was kept. Windows that do not fit as a whole are dropped.",
        ): right(x, kernel, stride, ceil_mode=True),
        hint(f"`{name}`: 마지막 윈도우가 빠졌습니다.", f"`{name}`: the last window is missing."): wanted[
            :, :, :-1, :-1
        ],
        hint(f"`{name}`: 높이와 너비가 바뀌었습니다.", f"`{name}`: height and width are swapped."): wanted.transpose(
            2, 3
        ),
    }
    got = _answer(function, name, (x, kernel, stride), wanted, advice, shaped)
    area = kernel * kernel
    said = {
        hint(f"`{name}`: 최댓값이 아니라 평균입니다.", f"`{name}`: that is the mean, not the maximum.")
        if not average
        else hint(
            f"`{name}`: 평균이 아니라 최댓값입니다.", f"`{name}`: that is the maximum, not the mean."
        ): other_kind(x, kernel, stride),
        hint(f"`{name}`: 평균이 아니라 합입니다.", f"`{name}`: that is the sum, not the mean."): F.avg_pool2d(
            x, kernel, stride
        )
        * area,
        hint(
            f"`{name}`: 한쪽 방향의 칸 수로만 나누었습니다. 윈도우의 칸 수로 나누세요.",
            f"`{name}`: divided by the cells along one direction only. Divide by the cells of the window.",
        ): F.avg_pool2d(x, kernel, stride) * kernel,
        hint(
            f"`{name}`: 윈도우의 크기와 상관없이 4로 나누었습니다.",
            f"`{name}`: divided by 4 whatever the size of the window.",
        ): F.avg_pool2d(x, kernel, stride) * area / 4,
        hint(
            f"`{name}`: 절댓값이 가장 큰 값을 찾았습니다.", f"`{name}`: that is the maximum of the absolute values."
        ): F.max_pool2d(x.abs(), kernel, stride),
        hint(
            f"`{name}`: 0에서 시작해 최댓값을 찾았거나 0을 덧붙였습니다. 값이 모두 음수인 윈도우를 생각해 보세요.",
            f"`{name}`: the search started at 0, or zeros were added. Think of a window of negative values.",
        ): F.max_pool2d(x, kernel, stride).clamp(min=0),
    }
    otherwise = hint(
        f"`{name}`의 모양은 맞지만 값이 다릅니다. 윈도우가 어디서 시작해 어디서 끝나는지 보세요.",
        f"`{name}` has the right shape but wrong values. Where does each window start and end?",
    )
    others = {message: wrong for message, wrong in said.items() if not same(wrong, wanted)}
    expect(got, wanted, joined(otherwise, advice), others)
    check_own(function, name, x, kernel, stride)


def check_own(function: Callable, name: str, x: torch.Tensor, *rest: Any) -> None:
    """The answer must not come from torch's own pooling."""
    called = [used for used in torch_functions(function, x.clone(), *rest) if "pool" in used]
    assert not called, hint(
        f"`{name}`이(가) torch의 풀링 `{called[0] if called else ''}`을(를) 호출합니다. 이 과제에서는 직접 만드세요.",
        f"`{name}` calls torch's pooling `{called[0] if called else ''}`. Make it yourself in this assignment.",
    )


def check_flow(function: Callable, x: torch.Tensor, kernel: int, stride: int, average: bool = False) -> None:
    """The gradient of a student's pooling must reach x, as torch's does."""
    name = "avg_pool2d" if average else "max_pool2d"
    leaf = x.clone().requires_grad_()
    y = attempt(function, leaf, kernel, stride)
    assert isinstance(y, torch.Tensor) and y.requires_grad, hint(
        f"`{name}`의 결과에서 x까지 기울기가 흐르지 않습니다. `detach()`, `item()`, `tolist()`가 계산을 끊었나요?",
        f"No gradient flows from `{name}` back to x. Look for `detach()`, `item()` or `tolist()` on the way.",
    )
    y.sum().backward()
    twin = x.clone().requires_grad_()
    (F.avg_pool2d if average else F.max_pool2d)(twin, kernel, stride).sum().backward()
    expect(leaf.grad, twin.grad, hint(f"`{name}`의 기울기가 다릅니다.", f"`{name}` gives a wrong gradient."))


def torch_gradient(x: torch.Tensor, grad_out: torch.Tensor, kernel: int, stride: int) -> torch.Tensor:
    """What torch's backward pass makes of grad_out (N, C, H', W'): a gradient like x (N, C, H, W)."""
    leaf = x.clone().requires_grad_()
    F.max_pool2d(leaf, kernel, stride).backward(grad_out)
    assert leaf.grad is not None
    return leaf.grad


def check_grad(
    function: Callable,
    x: torch.Tensor,
    grad_out: torch.Tensor,
    kernel: int,
    stride: int,
    mistakes: dict[str, torch.Tensor] | None = None,
) -> None:
    """Compare a student's gradient of max pooling with torch's; `mistakes` maps hints to wrong gradients."""
    name, wanted = "max_pool2d_grad", torch_gradient(x, grad_out, kernel, stride)
    leaf = x.clone().requires_grad_()
    spread = torch.autograd.grad(F.avg_pool2d(leaf, kernel, stride), leaf, grad_out)[0]
    got = _answer(function, name, (x, grad_out, kernel, stride), wanted, "", {})
    said = {
        hint(
            f"`{name}`: `grad_out`을 쓰지 않고 1을 적었습니다.", f"`{name}`: 1 was written instead of using `grad_out`."
        ): torch_gradient(x, torch.ones_like(grad_out), kernel, stride),
        hint(
            f"`{name}`: 기울기가 아니라 x의 값을 적었습니다.",
            f"`{name}`: the values of x were written, not the gradient.",
        ): x * (wanted != 0),
        hint(
            f"`{name}`: 윈도우의 모든 칸에 나누어 주었습니다. 평균 풀링의 기울기입니다.",
            f"`{name}`: the gradient was spread over the whole window. That is average pooling.",
        ): spread,
        hint(
            f"`{name}`: 윈도우의 모든 칸이 받았습니다. 최댓값의 칸만 받아야 합니다.",
            f"`{name}`: every cell of the window got the gradient. Only the cell of the maximum should.",
        ): spread * kernel * kernel,
    }
    said = {**(mistakes or {}), **said}  # what the test is about comes first
    otherwise = hint(
        f"`{name}`의 모양은 맞지만 값이 다릅니다. `grad_out`의 값 하나가 x의 어느 칸으로 가는지 짚어 보세요.",
        f"`{name}` has the right shape but wrong values. Trace to which cell of x each value of `grad_out` goes.",
    )
    others = {message: wrong for message, wrong in said.items() if not same(wrong, wanted)}
    expect(got, wanted, otherwise, others)
    check_own(function, name, x, grad_out, kernel, stride)


def _answer(
    function: Callable, name: str, args: tuple, wanted: torch.Tensor, advice: str, shaped: dict[str, torch.Tensor]
) -> torch.Tensor:
    """Call the student's function and check what holds of every answer: inputs kept, a tensor, its shape and dtype.

    `shaped` maps hints to wrong answers whose shape may differ, too.
    """
    before = [arg.clone() if isinstance(arg, torch.Tensor) else arg for arg in args]
    got = attempt(function, *args, advice=advice)
    for arg, old in zip(args, before, strict=True):
        assert not isinstance(arg, torch.Tensor) or torch.equal(arg, old), hint(
            f"`{name}`이(가) 입력의 값을 바꾸었습니다. 입력에 대입하거나 이름이 `_`로 끝나는 함수를 썼나요?",
            f"`{name}` changed its input. Look for an assignment into it, or for a function whose name ends in `_`.",
        )
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, torch.Tensor), hint(
        f"`{name}`의 결과는 텐서 하나여야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return one tensor, not a {type(got).__name__}.",
    )
    shape, right = tuple(got.shape), tuple(wanted.shape)
    for message, wrong in shaped.items():
        assert same(wrong, wanted) or not same(got, wrong), message
    dropped = hint("길이가 1인 축까지 없앴습니다.", "An axis of length 1 was dropped, too.")
    mixed = hint("채널은 남길 축입니다. 섞지 마세요.", "The channels are to be kept apart.")
    back = hint("`grad_out`의 모양이 아니라 `x`의 모양이어야 합니다.", "Not that of `grad_out` but that of `x`.")
    more = advice
    if name == "max_pool2d_grad":
        more = back if shape == tuple(args[1].shape) else advice
    elif len(shape) < len(right):
        more = dropped
    elif shape[:2] != right[:2]:
        more = mixed
    other = hint(
        f"`{name}`의 모양이 {shape}입니다. {right}이어야 합니다.",
        f"`{name}` has the shape {shape}; it should be {right}.",
    )
    assert shape == right, joined(other, more)
    assert got.dtype == wanted.dtype, hint(
        f"`{name}`의 dtype이 {got.dtype}입니다. 입력과 같은 {wanted.dtype}이어야 합니다.",
        f"`{name}` returns {got.dtype}; it should keep the input's {wanted.dtype}.",
    )
    return got
