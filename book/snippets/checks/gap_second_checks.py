"""The visible checks of assignment 2, second half: compare with plain lists of numbers, and name the usual mistakes."""

from collections.abc import Callable
from statistics import fmean
from typing import Any

import torch
import torch.nn.functional as F

from book.snippets.checks.gap_checks import by_hand
from book.snippets.checks.hints import about, attempt, expect, hint, name_of, same


def masked_by_hand(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """(N, C, H, W), (N, H, W) -> (N, C): the mean of the numbers at the True places, 0 where there are none."""
    rows = []
    for image, places in zip(x.tolist(), mask.flatten(1).tolist(), strict=True):
        flat = [[number for row in channel for number in row] for channel in image]
        kept = [[number for number, true in zip(channel, places, strict=True) if true] for channel in flat]
        rows.append([fmean(numbers) if numbers else 0.0 for numbers in kept])
    return torch.tensor(rows, dtype=x.dtype)


def check_masked(way: Callable, x: torch.Tensor, mask: torch.Tensor) -> None:
    """Compare `way(x, mask)` with `masked_by_hand`; fail with a hint that names the mistake."""
    name, got, wanted = name_of(way), _called(way, x, mask), masked_by_hand(x, mask)
    _check_form(name, got, wanted)
    everywhere = torch.ones_like(mask)
    total = wanted * mask.flatten(1).sum(1, keepdim=True)
    expect(
        got,
        wanted,
        _said(
            name,
            hint(
                "값이 다릅니다. 어느 자리를 더해 몇으로 나누었나요?",
                "wrong values. Which places were added up, and what was the sum divided by?",
            ),
        ),
        {
            _said(name, hint("마스크를 쓰지 않았습니다.", "the mask is not used.")): masked_by_hand(x, everywhere),
            _said(name, hint("패딩까지 세어 나누었습니다.", "divided by a count that includes the padding.")): total
            / mask[0].numel(),
            _said(
                name,
                hint(
                    "배치 전체의 `True` 개수로 나누었습니다. 개수는 이미지마다 다릅니다.",
                    "divided by the `True` places of the whole batch. Each image has its own count.",
                ),
            ): total / int(mask.sum()),
            _said(name, hint("평균이 아니라 합입니다.", "that is the sum, not the mean.")): total,
            _said(name, hint("`True`와 `False`가 바뀌었습니다.", "`True` and `False` are swapped.")): masked_by_hand(
                x, ~mask
            ),
        },
    )


def check_blank(way: Callable, x: torch.Tensor) -> None:
    """Images without a True place: 0 in the result and in the gradient of x, nan nowhere."""
    name, leaf = name_of(way), x.clone().requires_grad_()
    got = attempt(way, 1 * leaf, torch.zeros_like(x[:, 0], dtype=torch.bool))
    _check_form(name, got, torch.zeros_like(x[:, :, 0, 0]))
    assert not bool(got.isnan().any()), _said(
        name,
        hint("`True`가 없는 이미지에서 결과가 `nan`입니다.", "the result is `nan` for an image without any `True`."),
    )
    assert not bool(got.any()), _said(
        name, hint("`True`가 없는 이미지의 결과는 0이어야 합니다.", "an image without any `True` should give 0.")
    )
    if got.requires_grad:  # zeros that do not depend on x are as good
        got.sum().backward()
    wrong = leaf.grad is not None and bool((leaf.grad != 0).any())
    assert not wrong, _said(
        name,
        hint(
            "결과는 0인데 기울기가 0이 아니거나 `nan`입니다. 0으로 나누는 일 자체를 피하세요.",
            "the result is 0, but its gradient is not, or is `nan`. Avoid the division by 0 itself.",
        ),
    )


def check_padding_ignored(way: Callable, x: torch.Tensor, mask: torch.Tensor, junk: float) -> None:
    """The same answer, whether x or `junk` stands in the padding."""
    name, spoilt = name_of(way), x.clone()
    for n in range(len(x)):
        spoilt[n, :, ~mask[n]] = junk
    clean, got = attempt(way, x.clone(), mask), attempt(way, spoilt, mask)
    _check_form(name, got, x[:, :, 0, 0])
    expect(
        got,
        clean,
        _said(
            name,
            hint(
                f"패딩의 값이 {junk}이면 결과가 달라집니다. `nan`에 0을 곱해도 0이 되지 않습니다.",
                f"the result changes with {junk} in the padding. `nan` times 0 is not 0.",
            ),
        ),
    )


def check_masked_gradient(way: Callable, x: torch.Tensor, mask: torch.Tensor) -> None:
    """The gradient reaches x, and the True places alone; those of an image receive equally much."""
    name, leaf = name_of(way), x.clone().requires_grad_()
    got = attempt(way, leaf, mask)
    assert isinstance(got, torch.Tensor) and got.requires_grad, _cut(name, "x")
    got.sum().backward()
    assert leaf.grad is not None, _cut(name, "x")
    for given, places in zip(leaf.grad, mask, strict=True):
        assert not bool(given[:, ~places].any()), _said(
            name, hint("패딩이 기울기를 받습니다.", "the padding receives a gradient.")
        )
        expect(
            given[:, places],
            given[:1, places][:, :1].expand(len(given), int(places.sum())),
            _said(
                name,
                hint(
                    "한 이미지의 `True` 자리는 모두 같은 기울기를 받아야 합니다.",
                    "all `True` places of an image should receive the same gradient.",
                ),
            ),
        )


def gem_by_hand(x: torch.Tensor, p: list[float], eps: float) -> torch.Tensor:
    """GeM by the formula as it stands, number by number in double precision: for small p alone."""

    def channel(numbers: list[float], power: float) -> float:
        mean: float = fmean(max(number, eps) ** power for number in numbers)
        return mean ** (1 / power)

    flat = x.detach().flatten(2).tolist()
    return torch.tensor([[channel(numbers, power) for numbers, power in zip(image, p, strict=True)] for image in flat])


def check_gem(make: Callable, p: list[float], x: torch.Tensor) -> None:
    """Compare the output of a student's module with the formula; fail with a hint that names the mistake."""
    name, wanted = name_of(make), gem_by_hand(x, p, 1e-6)
    got = _called(_made(make, p), x, name=name)
    _check_form(name, got, wanted)
    powers = torch.tensor(p)
    expect(
        got,
        wanted,
        _said(
            name,
            hint("값이 다릅니다. 채널마다 그 채널의 `p`를 썼나요?", "wrong values. Does each channel use its own `p`?"),
        ),
        {
            _said(name, hint("p제곱근을 빠뜨렸습니다.", "the root is missing.")): wanted**powers,
            _said(
                name, hint("평균이 아니라 합의 거듭제곱근입니다.", "the root of the sum was taken, not of the mean.")
            ): wanted * (x.shape[2] * x.shape[3]) ** (1 / powers),
            _said(name, hint("모든 채널에 같은 `p`를 썼습니다.", "one `p` was used for all channels.")): gem_by_hand(
                x, p[:1] * len(p), 1e-6
            ),
        },
    )


def check_gem_learns(make: Callable, p: list[float], x: torch.Tensor) -> None:
    """`p` is the one parameter, one value per channel, and its gradient is the slope of the formula."""
    name, module = name_of(make), _made(make, p)
    named = dict(module.named_parameters())
    assert list(named) == ["p"], _said(
        name,
        hint(
            f"파라미터는 `p` 하나여야 하는데 {list(named)}입니다.",
            f"`p` should be the only parameter, but there are {list(named)}.",
        ),
    )
    assert named["p"].shape == (len(p),), _said(
        name,
        hint(
            f"`p`의 모양이 {tuple(named['p'].shape)}입니다.",
            f"`p` has the shape {tuple(named['p'].shape)}, not ({len(p)},).",
        ),
    )
    leaf = x.clone().requires_grad_()
    got = attempt(module, leaf)
    assert isinstance(got, torch.Tensor) and got.requires_grad, _cut(name, "p")
    got.sum().backward()
    for argument, grad in (("p", named["p"].grad), ("x", leaf.grad)):
        assert grad is not None, _cut(name, argument)
    step = 1e-3
    steeper, flatter = (gem_by_hand(x, [one + change for one in p], 1e-6) for change in (step, -step))
    slope = ((steeper.double() - flatter.double()) / (2 * step)).sum(0)
    learned = named["p"].grad
    close = learned is not None and torch.allclose(learned.double(), slope, rtol=0.02, atol=0.01)
    assert close, _said(name, hint("`p`의 기울기가 다릅니다.", "the gradient of `p` is wrong."))


def check_gem_large(make: Callable, p: float, x: torch.Tensor) -> None:
    """Large powers and values: finite, between mean and maximum, with finite gradients. x has one channel."""
    name, module, leaf = name_of(make), _made(make, [p]), x.clone().requires_grad_()
    got = attempt(module, leaf)
    _check_form(name, got, x[:, :, 0, 0])
    assert bool(got.isfinite().all()), _said(
        name, hint("값이나 `p`가 크면 `inf`나 `nan`이 나옵니다.", "large values or a large `p` give `inf` or `nan`.")
    )
    mean, most = x.mean((2, 3)), x.max()
    inside = bool(((got >= 0.999 * mean) & (got <= 1.001 * most)).all())
    assert inside, _said(
        name,
        hint(
            "결과가 평균과 최댓값 사이에 있지 않습니다. 이미지마다 값의 크기가 달라도 그래야 합니다.",
            "the result does not lie between mean and maximum. It should, whatever the magnitude of each image.",
        ),
    )
    if got.requires_grad:
        got.sum().backward()
    finite = leaf.grad is None or bool(leaf.grad.isfinite().all())
    assert finite, _said(
        name,
        hint(
            "결과는 맞지만 기울기에 `inf`나 `nan`이 있습니다.",
            "the result is right, but its gradient holds `inf` or `nan`.",
        ),
    )


def check_gem_eps(make: Callable) -> None:
    """Values below `eps` are raised to it, 0 and negative ones alike, and gradients stay finite."""
    name = name_of(make)
    for x in (torch.zeros(1, 1, 2, 3), -torch.ones(1, 1, 2, 3), torch.tensor([-2.0, 0.0, 1.0, 3.0]).view(1, 1, 2, 2)):
        for eps in (0.25, 1e-6):
            leaf, module = x.clone().requires_grad_(), _made(make, [3.0], *([eps] if eps == 0.25 else []))
            got = attempt(module, leaf)
            _check_form(name, got, x[:, :, 0, 0])
            wanted = gem_by_hand(x, [3.0], eps)
            close = torch.allclose(got.detach(), wanted, rtol=1e-3, atol=1e-9)
            assert close, _said(
                name,
                hint(
                    f"`eps`가 {eps}일 때 0이나 음수를 `eps`로 올리지 않았습니다.",
                    f"with an `eps` of {eps}, 0 or negative values are not raised to `eps`.",
                ),
            )
            if got.requires_grad:
                got.sum().backward()
            finite = leaf.grad is None or bool(leaf.grad.isfinite().all())
            assert finite, _said(
                name,
                hint(
                    "0이나 음수가 있으면 기울기에 `nan`이 생깁니다.",
                    "0 or negative values bring `nan` into the gradient.",
                ),
            )


def scores_by_hand(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, window: tuple[int, int], step: tuple[int, int]
) -> torch.Tensor:
    """Cut out each window, take its mean by hand, use the linear layer: (N, K, H', W')."""
    (h, w), (down, right) = window, step
    rows = [
        torch.stack(
            [
                F.linear(by_hand(x[:, :, i : i + h, j : j + w]), weight.detach(), bias)
                for j in range(0, x.shape[3] - w + 1, right)
            ],
            -1,
        )
        for i in range(0, x.shape[2] - h + 1, down)
    ]
    return torch.stack(rows, 2)


def check_scores(
    way: Callable, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, window: tuple[int, int]
) -> None:
    """Compare a student's scores of all windows with `scores_by_hand`; fail with a hint that names the mistake."""
    name, got = name_of(way), _called(way, x, weight, bias, window)
    wanted = scores_by_hand(x, weight, bias, window, (1, 1))
    apart = scores_by_hand(x, weight, bias, window, window)
    turned = scores_by_hand(x, weight, bias, window[::-1], (1, 1)) if max(window) <= min(x.shape[2:]) else wanted
    if isinstance(got, torch.Tensor) and got.shape != wanted.shape:
        short = wanted.shape[2:] == (1, 1) and got.shape == wanted.shape[:2]
        assert not short, _said(
            name,
            hint(
                "길이가 1인 축이 없어졌습니다. 결과는 언제나 축이 네 개입니다.",
                "axes of length 1 are gone. The result always has four axes.",
            ),
        )
        assert got.shape != apart.shape, _said(
            name,
            hint(
                "윈도우가 겹치지 않게 움직였습니다. 한 칸씩 움직여야 합니다.",
                "the windows do not overlap. They should move by one place.",
            ),
        )
        assert got.shape != turned.shape, _said(
            name, hint("윈도우의 높이와 너비가 바뀌었습니다.", "the window's height and width are swapped.")
        )
        places = got.shape[2:] == x.shape[2:]
        assert not places, _said(
            name,
            hint(
                "윈도우를 쓰지 않고 자리마다 점수를 냈습니다.",
                "the window is not used; those are the scores of each place.",
            ),
        )
    _check_form(name, got, wanted)
    without, area = scores_by_hand(x, weight, None, window, (1, 1)), window[0] * window[1]
    said = {
        _said(name, hint("편향이 빠졌습니다.", "the bias is missing.")): without,
        _said(
            name,
            hint(
                "윈도우 안의 점수를 평균 내지 않고 더했습니다.", "the scores in the window were added up, not averaged."
            ),
        ): wanted * area,
        _said(
            name,
            hint("평균이 아니라 합에 선형층을 썼습니다.", "the linear layer was used on the sum, not on the mean."),
        ): without * area + (wanted - without),
    }
    other = _said(
        name,
        hint(
            "값이 다릅니다. 윈도우 하나를 잘라 GAP와 선형층을 거친 값과 비교해 보세요.",
            "wrong values. Compare with one window that is cut out and goes through GAP and the linear layer.",
        ),
    )
    expect(got, wanted, other, {message: wrong for message, wrong in said.items() if not same(wrong, wanted)})


def check_scores_gradient(way: Callable, x: torch.Tensor, weight: torch.Tensor) -> None:
    """Gradients reach x and weight: equally much for each image and each class."""
    name, leaf, matrix = name_of(way), x.clone().requires_grad_(), weight.clone().requires_grad_()
    got = attempt(way, leaf, matrix, None, (1, 1))
    assert isinstance(got, torch.Tensor) and got.requires_grad, _cut(name, "x")
    got.sum().backward()
    assert leaf.grad is not None, _cut(name, "x")
    assert matrix.grad is not None, _cut(name, "weight")
    expect(
        leaf.grad,
        weight.sum(0)[:, None, None].expand_as(x),
        _said(name, hint("`x`의 기울기가 다릅니다.", "the gradient of `x` is wrong.")),
    )


def _made(make: Callable, *args: Any) -> torch.nn.Module:
    """A student's module; a hint where it cannot be made or is none."""
    module = attempt(make, *args)
    assert isinstance(module, torch.nn.Module), _said(
        name_of(make), hint("`nn.Module`이 아닙니다.", "not an `nn.Module`.")
    )
    return module


def _called(way: Callable, *args: Any, name: str = "") -> Any:
    """The answer, with a hint where an input was changed."""
    given = [arg.clone() if isinstance(arg, torch.Tensor) else arg for arg in args]
    got = attempt(way, *given)
    for arg, old in zip(given, args, strict=True):
        same_still = not isinstance(arg, torch.Tensor) or torch.equal(arg, old)
        assert same_still, _said(
            name or name_of(way),
            hint(
                "입력의 값을 바꾸었습니다. 입력에 대입하거나 이름이 `_`로 끝나는 함수를 썼나요?",
                "an input was changed. Look for an assignment into it, or for a function whose name ends in `_`.",
            ),
        )
    return got


def _check_form(name: str, got: Any, wanted: torch.Tensor) -> None:
    """A tensor of the right shape and dtype."""
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, torch.Tensor), _said(
        name,
        hint(
            f"결과는 텐서 하나여야 하는데 {type(got).__name__}입니다.",
            f"the result should be one tensor, not a {type(got).__name__}.",
        ),
    )
    assert got.shape == wanted.shape, _said(
        name,
        hint(
            f"모양이 {tuple(got.shape)}입니다. {tuple(wanted.shape)}이어야 합니다.",
            f"the shape is {tuple(got.shape)} instead of {tuple(wanted.shape)}.",
        ),
    )
    assert got.dtype == wanted.dtype, _said(
        name,
        hint(
            f"dtype이 {got.dtype}입니다. {wanted.dtype}이어야 합니다.",
            f"the dtype is {got.dtype} instead of {wanted.dtype}.",
        ),
    )


def _said(name: str, said: str) -> str:
    return about(f"`{name}`", said)


def _cut(name: str, argument: str) -> str:
    return _said(
        name,
        hint(
            f"{argument}까지 기울기가 흐르지 않습니다. `detach()`, `item()`, `tolist()`가 계산을 끊었나요?",
            f"no gradient flows back to {argument}. Look for `detach()`, `item()` or `tolist()` on the way.",
        ),
    )
