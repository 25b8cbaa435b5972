"""The visible checks of assignment 2: compare with means worked out number by number, and name the usual mistakes."""

from collections.abc import Callable, Iterable
from statistics import fmean

import torch

from book.snippets.checks.hints import about, attempt, expect, hint, joined, name_of, torch_functions


def by_hand(x: torch.Tensor, combine: Callable[[list[float]], float] = fmean) -> torch.Tensor:
    """(N, C, H, W) -> (N, C): `combine` applied to the list of each channel's numbers, one channel after another.

    A `max` that a star import has made torch's or NumPy's is taken for Python's.
    """
    if getattr(combine, "__name__", "") in ("max", "amax"):
        combine = max
    found = [[float(combine(channel.flatten().tolist())) for channel in image] for image in x.detach()]
    return torch.tensor(found, dtype=x.dtype).reshape(x.shape[:2])


def check_pooling(
    way: Callable, x: torch.Tensor, combine: Callable[[list[float]], float] = fmean, advice: str = ""
) -> None:
    """Compare `way(x)` with `by_hand(x, combine)`; fail with a hint that names the mistake."""
    name, size, given = (
        name_of(way),
        tuple(x.shape[:2]),
        x.clone(),
    )  # a copy: a mistake here must not spoil later checks
    y = attempt(way, given, advice=advice)
    assert torch.equal(x, given), hint(
        f"`{name}`이(가) 입력 x의 값을 바꾸었습니다. 이름이 `_`로 끝나는 함수나 `x += …`를 쓰지 않았는지 보세요.",
        f"`{name}` changed its input x. Look for a function whose name ends in `_`, or for `x += …`.",
    )
    assert y is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(y, torch.Tensor), hint(
        f"`{name}`의 결과는 텐서 하나여야 하는데 {type(y).__name__}입니다. 값과 위치를 함께 돌려주는 함수도 있습니다.",
        f"`{name}` should return one tensor, not a {type(y).__name__}. Some functions return values and positions.",
    )
    shape = tuple(y.shape)
    assert shape != (*size, 1, 1), hint(
        f"`{name}`의 값은 구했지만 모양이 {shape}입니다. 길이가 1인 마지막 두 축을 없애서 {size}로 만드세요.",
        f"`{name}` has the shape {shape}: drop the last two axes, of length 1, to get {size}.",
    )
    assert shape != tuple(n for n in size if n != 1) or shape == size, hint(
        f"`{name}`의 모양이 {shape}입니다. 길이가 1인 배치 축이나 채널 축까지 없앴습니다. {size}여야 합니다.",
        f"`{name}` has the shape {shape}: a batch or channel axis of length 1 was dropped too. It should be {size}.",
    )
    kept = hint(
        f"`{name}`의 모양이 {shape}입니다. {size}여야 합니다. 남길 축은 배치와 채널입니다.",
        f"`{name}` has the shape {shape} instead of {size}. Batch and channel are the axes to keep.",
    )
    assert shape == size, joined(kept, advice)
    assert y.dtype == x.dtype, hint(
        f"`{name}`의 dtype이 {y.dtype}입니다. 입력과 같은 {x.dtype}이어야 합니다.",
        f"`{name}` returns {y.dtype}; it should keep the input's {x.dtype}.",
    )
    sum_hint = hint(f"`{name}`: 평균이 아니라 합입니다.", f"`{name}`: that is the sum, not the mean.")
    mean_hint = hint(f"`{name}`: 최댓값이 아니라 평균입니다.", f"`{name}`: that is the mean, not the maximum.")
    max_hint = hint(f"`{name}`: 평균이 아니라 최댓값입니다.", f"`{name}`: that is the maximum, not the mean.")
    wrong: dict[str, Callable] = {max_hint: max} if combine is fmean else {mean_hint: fmean}
    wrong[sum_hint] = sum
    other = hint(
        f"`{name}`의 모양은 맞지만 값이 다릅니다. 어느 축을 줄였는지 확인하세요.",
        f"`{name}` has the right shape but wrong values. Check which axes are reduced.",
    )
    expect(
        y, by_hand(x, combine), joined(other, advice), {said: by_hand(x, function) for said, function in wrong.items()}
    )


def check_gradient(way: Callable, x: torch.Tensor, wanted: torch.Tensor, advice: str) -> None:
    """The gradient of `way(x).sum()` with respect to x must be `wanted`; `advice` says what it should look like."""
    name, leaf = name_of(way), x.clone().requires_grad_()
    y = attempt(way, leaf)
    assert isinstance(y, torch.Tensor) and y.requires_grad, hint(
        f"`{name}`의 결과에서 x까지 기울기가 흐르지 않습니다. `detach()`, `numpy()`, `item()`이 계산을 끊었나요?",
        f"No gradient flows from `{name}` back to x. Look for `detach()`, `numpy()` or `item()` on the way.",
    )
    y.sum().backward()
    other = hint(f"`{name}`의 기울기가 다릅니다.", f"`{name}` gives a wrong gradient.")
    expect(leaf.grad, wanted, joined(other, advice))


def check_route(way: Callable, x: torch.Tensor, wanted: str) -> None:
    """`way(x)` must call the torch function called `wanted`."""
    name, called = name_of(way), torch_functions(way, x.clone())
    assert wanted in called, hint(
        f"`{name}`은(는) `{wanted}` 계열 함수로 답을 구해야 합니다. 지금 호출한 함수: {_listed(called)}.",
        f"`{name}` should get its answer from `{wanted}`. It called: {_listed(called)}.",
    )


COUNTS = {
    name: about("`head_parameters`", said)
    for name, said in (
        ("flatten", hint("flatten 헤드의 수가 다릅니다.", "the count for the flatten head is wrong.")),
        ("gap", hint("GAP 헤드의 수가 다릅니다.", "the count for the GAP head is wrong.")),
        ("no bias", hint("편향이 빠졌습니다.", "the biases are missing.")),
        ("swapped", hint("두 값의 순서가 바뀌었습니다.", "the two values are swapped.")),
        ("spatial", hint("GAP 다음에는 높이와 너비가 없습니다.", "after GAP there is no height or width.")),
        ("bias per input", hint("편향은 출력마다 하나입니다.", "there is one bias per output.")),
    )
}


def check_counts(counts: object) -> None:
    """`counts` must be a tuple of two ints."""
    assert isinstance(counts, tuple) and len(counts) == 2, hint(
        "`head_parameters`는 숫자 두 개짜리 튜플을 돌려주어야 합니다.",
        "`head_parameters` should return a tuple of two numbers.",
    )
    assert all(type(count) is int for count in counts), hint(
        "`head_parameters`: 두 값은 `int`여야 합니다.", "`head_parameters`: both values should be `int`."
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "-"
