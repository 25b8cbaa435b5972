"""The visible checks of assignment 7: follow a batch through backbones and heads, and name the usual mistakes."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from book.snippets.checks.hints import attempt, expect, hint, name_of, same


def small_backbone(channels: int, stride: int = 2, seed: int = 0) -> nn.Module:
    """A convolution, batch normalization and ReLU: (N, 3, H, W) -> (N, channels, H', W'), the same per seed."""
    backbone = nn.Sequential(nn.Conv2d(3, channels, 3, stride, 1), nn.BatchNorm2d(channels), nn.ReLU())
    generator = torch.Generator().manual_seed(100 + seed)
    with torch.no_grad():
        for parameter in backbone[0].parameters():
            parameter.copy_(0.5 * torch.randn(parameter.shape, generator=generator))
    return backbone


def gap_by_hand(maps: torch.Tensor) -> torch.Tensor:
    """(N, C, H, W) to (N, C), one channel of one image after another."""
    means = [[sum(map(sum, channel)) / maps[0, 0].numel() for channel in image] for image in maps.tolist()]
    return torch.tensor(means, dtype=maps.dtype).reshape(maps.shape[:2])


def losses_by_hand(logits: torch.Tensor, labels: torch.Tensor) -> list[float]:
    """Cross-entropy of each sample, number by number: `(N, K)`, `(N,)` to N numbers."""
    found = []
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        found.append(math.log(sum(math.exp(value - row[label]) for value in row)))
    return found


def check_heads(cls: Callable, widths: tuple[int, int], classes: tuple[int, int]) -> tuple[Any, nn.Module, nn.Module]:
    """Build a student's net on two small backbones and look at its layers; returns net and backbones."""
    name = name_of(cls)
    domain, category = small_backbone(widths[0], 2, 1), small_backbone(widths[1], 3, 2)
    net = attempt(cls, domain, category, *classes)
    assert isinstance(net, nn.Module), hint(
        f"`{name}`이(가) `nn.Module`이 아닙니다.", f"`{name}` is not an `nn.Module`."
    )
    heads = heads_of(net, domain, category)
    assert len(heads) == 2, hint(
        f"`{name}`에 백본 말고 `nn.Linear`가 {len(heads)}개 등록되어 있습니다. 헤드는 2개입니다.",
        f"`{name}` has {len(heads)} `nn.Linear` registered besides its backbones; there are 2 heads.",
    )
    for head in heads:
        _check_width(name, head.in_features, widths)
        assert head.bias is not None, hint(f"`{name}`: 헤드에 편향이 없습니다.", f"`{name}`: a head has no bias.")
    assert sorted(head.out_features for head in heads) == sorted(classes), hint(
        f"`{name}`: 헤드의 출력이 {[head.out_features for head in heads]}개입니다. "
        f"도메인 {classes[0]}개, 범주 {classes[1]}개여야 합니다.",
        f"`{name}`: the heads give {[head.out_features for head in heads]} numbers; "
        f"there are {classes[0]} domains and {classes[1]} categories.",
    )
    own = sum(parameter.numel() for module in (domain, category, *heads) for parameter in module.parameters())
    got = sum(parameter.numel() for parameter in net.parameters())
    assert got >= own, hint(
        f"`{name}`: 백본의 파라미터가 등록되지 않았습니다. 모듈을 파이썬 리스트나 딕셔너리에 담지 않았나요?",
        f"`{name}`: the backbones' parameters are not registered. Were modules put in a Python list or dict?",
    )
    assert got == own, hint(
        f"`{name}`: 백본과 두 헤드 말고 다른 파라미터가 있습니다.",
        f"`{name}`: there are parameters besides those of the backbones and of the two heads.",
    )
    return net, domain, category


def heads_of(net: nn.Module, *backbones: nn.Module) -> list[Any]:
    """The linear layers that belong to no backbone."""
    inside = {id(layer) for backbone in backbones for layer in backbone.modules()}
    return [layer for layer in net.modules() if isinstance(layer, nn.Linear) and id(layer) not in inside]


def _check_width(name: str, got: int, widths: tuple[int, int]) -> None:
    want = sum(widths)
    one = hint(
        f"`{name}`: 헤드가 백본 하나의 채널만 받습니다. 두 백본의 특징을 모두 보아야 합니다.",
        f"`{name}`: a head takes the channels of one backbone alone. It should see the features of both.",
    )
    assert got not in widths, one
    assert got == want, hint(
        f"`{name}`: 헤드의 입력이 {got}개입니다. GAP를 거친 두 특징을 이어 붙이면 몇 개인지 세어 보세요.",
        f"`{name}`: a head takes {got} numbers. Count what two backbones leave after GAP and concatenation.",
    )


def check_forward(cls: Callable, size: tuple[int, ...], widths: tuple[int, int] = (4, 4), advice: str = "") -> None:
    """Follow a batch of `size` (N, H, W) through a student's net in evaluation mode."""
    name, classes = name_of(cls), (3, 5)
    net, domain, category = check_heads(cls, widths, classes)
    seen: dict[int, Any] = {}
    heads = heads_of(net, domain, category)
    for head in heads:
        head.register_forward_pre_hook(lambda layer, args: seen.update({id(layer): args[0].detach().clone()}))
    x = torch.randn(size[0], 3, *size[1:], generator=torch.Generator().manual_seed(4))
    for module in (net, domain, category):  # the net may hold copies, which is another test's business
        module.eval()
    with torch.no_grad():
        maps = [backbone(x) for backbone in (domain, category)]
    before, failed, outputs = x.clone(), "", None
    try:
        outputs = attempt(net, x, advice=advice)
    except AssertionError as error:
        failed = str(error)
    first, second = (gap_by_hand(each) for each in maps)
    for head in heads:
        if id(head) in seen:
            _check_shared(name, seen[id(head)], first, second, maps)
    assert not failed, failed
    assert torch.equal(x, before), hint(f"`{name}`이(가) 입력을 바꾸었습니다.", f"`{name}` changed its input.")
    check_outputs(name, outputs, (size[0], *classes))
    shared = torch.cat([first, second], dim=1)
    wanted = {head.out_features: shared @ head.weight.detach().T + head.bias.detach() for head in heads}
    for got, count in zip(outputs or (), classes, strict=True):
        expect(got.detach(), wanted[count], hint(
            f"`{name}`: 헤드의 출력을 그대로 돌려주지 않았습니다. 로짓에는 softmax도 ReLU도 하지 않습니다.",
            f"`{name}`: a head's output is not returned as it is. Logits take neither softmax nor ReLU.",
        ))  # fmt: skip


def check_sizes(cls: Callable, size: tuple[int, ...], advice: str = "") -> None:
    """Run a student's net on a batch of `size` (N, H, W); only the shapes of the two outputs matter."""
    domain, category = small_backbone(4, 2, 1), small_backbone(6, 3, 2)
    net = attempt(cls, domain, category, 3, 3)
    x = torch.randn(size[0], 3, *size[1:], generator=torch.Generator().manual_seed(4))
    for module in (net, domain, category):
        module.eval()
    with torch.no_grad():
        check_outputs(name_of(cls), attempt(net, x, advice=advice), (size[0], 3, 3))


def _check_shared(name: str, got: Any, first: Any, second: Any, maps: list[Any]) -> None:
    """What enters a head: both pooled features, side by side, the domain's first."""
    batch = hint(
        f"`{name}`: 두 특징을 배치 축으로 이어 붙였습니다. 이미지 수는 그대로이고 특징이 길어져야 합니다.",
        f"`{name}`: the features were concatenated on the batch axis. Images stay as many; features get longer.",
    )
    assert not (first.shape[1] == second.shape[1] and got.shape == (2 * len(first), first.shape[1])), batch
    wanted = torch.cat([first, second], dim=1)
    assert got.shape == wanted.shape, hint(
        f"`{name}`: 헤드에 들어가는 모양이 {tuple(got.shape)}입니다. GAP, 평탄화, 이어 붙이기를 차례로 보세요.",
        f"`{name}`: a head gets the shape {tuple(got.shape)}. Look at GAP, flattening and concatenation in turn.",
    )
    peaks = [each.flatten(2).sort(dim=2).values[:, :, -1] for each in maps if each.numel()]
    mistakes = {
        hint(
            f"`{name}`: 범주의 특징이 앞에 있습니다. 도메인이 먼저입니다.",
            f"`{name}`: the category features come first; the domain's should.",
        ): torch.cat([second, first], dim=1),
        hint(f"`{name}`: 한쪽 백본을 두 번 썼습니다.", f"`{name}`: one backbone was used twice."): torch.cat(
            [first, first], dim=1
        ),
    }
    if len(peaks) == 2:
        mistakes[hint(f"`{name}`: 평균이 아니라 최댓값입니다.", f"`{name}`: that is the maximum, not the mean.")] = (
            torch.cat(peaks, dim=1)
        )
    other = hint(
        f"`{name}`: 헤드에 들어가는 값이 두 백본의 GAP가 아닙니다.",
        f"`{name}`: what enters a head is not the GAP of both backbones.",
    )
    expect(got, wanted, other, mistakes)


def check_outputs(name: str, outputs: Any, sizes: tuple[int, int, int]) -> None:
    """A tuple of two tensors, the domain's logits first; `sizes` is (N, domains, categories)."""
    n, domains, categories = sizes
    assert outputs is not None, hint(
        f"`{name}`의 `forward`에 `return`이 없습니다.", f"`{name}`: `forward` has no `return`."
    )
    pair = isinstance(outputs, tuple) and len(outputs) == 2 and all(isinstance(out, torch.Tensor) for out in outputs)
    assert pair, hint(
        f"`{name}`의 `forward`는 텐서 두 개짜리 튜플을 돌려주어야 합니다.",
        f"`{name}`: `forward` should return a tuple of two tensors.",
    )
    shapes = [tuple(out.shape) for out in outputs]
    assert domains == categories or shapes != [(n, categories), (n, domains)], hint(
        f"`{name}`: 두 출력의 순서가 바뀌었습니다. 도메인의 로짓이 먼저입니다.",
        f"`{name}`: the two outputs are swapped; the domain's logits come first.",
    )
    assert shapes == [(n, domains), (n, categories)], hint(
        f"`{name}`의 출력 모양이 {shapes}입니다. {[(n, domains), (n, categories)]}이어야 합니다.",
        f"`{name}` gives the shapes {shapes}; they should be {[(n, domains), (n, categories)]}.",
    )


def check_backbones_kept(cls: Callable) -> None:
    """Building the net leaves the backbones as they came: mode, flags, statistics; both belong to the net."""
    name = name_of(cls)
    for training in (True, False):
        domain, category = small_backbone(4, 2, 1).train(training), small_backbone(6, 3, 2).train(training)
        domain[0].requires_grad_(False)  # type: ignore[index]
        weights = [parameter.detach().clone() for parameter in domain.parameters()]
        net = attempt(cls, domain, category, 2, 3)
        for backbone in (domain, category):
            assert int(backbone[1].num_batches_tracked) == 0, hint(  # type: ignore[index]
                f"`{name}`: 만들기만 했는데 백본의 이동 통계량이 바뀌었습니다.",
                f"`{name}`: building it already changed the running statistics of a backbone.",
            )
            assert backbone.training == training, hint(
                f"`{name}`: 만들기만 했는데 백본의 모드가 바뀌었습니다.",
                f"`{name}`: building it changed a backbone's mode.",
            )
        flags = [parameter.requires_grad for parameter in domain.parameters()]
        assert flags == [False, False, True, True], hint(
            f"`{name}`: 백본의 `requires_grad`를 바꾸었습니다. 동결은 호출하는 쪽이 정합니다.",
            f"`{name}` changed `requires_grad` in a backbone. Freezing is the caller's business.",
        )
        assert all(map(torch.equal, weights, domain.parameters())), hint(
            f"`{name}`: 백본의 가중치를 바꾸었습니다.", f"`{name}` changed the weights of a backbone."
        )
        mine = {id(parameter) for parameter in net.parameters()}
        given = {id(parameter) for backbone in (domain, category) for parameter in backbone.parameters()}
        assert given <= mine, hint(
            f"`{name}`: 받은 백본을 그대로 쓰지 않았습니다. 복사하거나 리스트에 담지 않았나요?",
            f"`{name}` does not use the very backbones that came in. Were they copied, or put in a list?",
        )


def check_both_learn(cls: Callable) -> None:
    """Each head alone must send gradients into both backbones."""
    name, roles = name_of(cls), ("domain", "category")
    for which, task in enumerate(roles):
        given = small_backbone(4, 2, 1), small_backbone(6, 3, 2)
        net = attempt(cls, *given, 3, 3)
        outputs = attempt(net, torch.randn(4, 3, 9, 6, generator=torch.Generator().manual_seed(5)))
        check_outputs(name, outputs, (4, 3, 3))
        assert outputs[which].requires_grad, hint(
            f"`{name}`: {task} 로짓에서 기울기가 흐르지 않습니다.",
            f"`{name}`: no gradient flows from the {task} logits.",
        )
        (outputs[which] ** 2).sum().backward()
        for role, channels in zip(roles, (4, 6), strict=True):
            everything = [layer for module in (net, *given) for layer in module.modules()]  # copies and strays, too
            convs = [m for m in everything if isinstance(m, nn.Conv2d) and m.out_channels == channels]
            assert any(conv.weight.grad is not None for conv in convs), hint(
                f"`{name}`: {task} 헤드의 기울기가 {role} 백본까지 가지 않습니다. "
                "`detach()`, `no_grad()`가 끊었거나 헤드가 그 특징을 보지 않습니다.",
                f"`{name}`: the gradient of the {task} head does not reach the {role} backbone. "
                "`detach()` or `no_grad()` cut it, or the head does not see those features.",
            )


def check_loss(
    function: Callable, outputs: tuple, targets: tuple, weights: Any, plain: bool = False, advice: str = ""
) -> None:
    """Compare a student's loss with the one worked out by hand."""
    name = name_of(function)
    got = attempt(function, outputs, targets, weights, advice=advice)
    first, second = (losses_by_hand(out, target) for out, target in zip(outputs, targets, strict=True))
    n, one, two = len(first), sum(first) / len(first), sum(second) / len(second)
    a, b = float(weights[0]), float(weights[1])
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, torch.Tensor), hint(
        f"`{name}`의 결과는 텐서여야 하는데 {type(got).__name__}입니다. 기울기가 끊깁니다.",
        f"`{name}` should return a tensor, not a {type(got).__name__}, which cuts the gradient.",
    )
    assert got.shape == (), hint(
        f"`{name}`의 모양이 {tuple(got.shape)}입니다. 축이 없는 스칼라여야 합니다.",
        f"`{name}` has the shape {tuple(got.shape)}; it should be a scalar without axes.",
    )
    assert got.dtype == outputs[0].dtype, hint(
        f"`{name}`의 dtype이 {got.dtype}입니다. 로짓과 같아야 합니다.",
        f"`{name}` returns {got.dtype}; it should keep the logits' dtype.",
    )
    halves = [losses_by_hand(out.softmax(1), target) for out, target in zip(outputs, targets, strict=True)]
    mistakes = {
        hint(f"`{name}`: 두 가중치가 서로 바뀌었습니다.", f"`{name}`: the two weights are swapped."): b * one + a * two,
        hint(f"`{name}`: 가중치를 곱하지 않았습니다.", f"`{name}`: the weights are not applied."): one + two,
        hint(
            f"`{name}`: 가중치의 합으로 나누었습니다. 나누지 않습니다.",
            f"`{name}`: divided by the sum of the weights; do not divide.",
        ): (a * one + b * two) / (a + b or 1),
        hint(
            f"`{name}`: 두 손실을 더하지 않고 평균 냈습니다.", f"`{name}`: the two losses were averaged, not added."
        ): (a * one + b * two) / 2,
        hint(
            f"`{name}`: 샘플의 손실을 평균 내지 않고 더했습니다.",
            f"`{name}`: the samples' losses were summed, not averaged.",
        ): n * (a * one + b * two),
        hint(f"`{name}`: 도메인의 손실만 셌습니다.", f"`{name}`: only the domain's loss counts."): a * one,
        hint(f"`{name}`: 범주의 손실만 셌습니다.", f"`{name}`: only the category's loss counts."): b * two,
        hint(
            f"`{name}`: 교차 엔트로피에 softmax를 거친 값을 넣었습니다. 로짓을 그대로 넣으세요.",
            f"`{name}`: softmax was applied before the cross-entropy. Give it the logits.",
        ): a * sum(halves[0]) / n + b * sum(halves[1]) / n,
    }
    wanted = torch.tensor(a * one + b * two)
    wrong = {said: torch.tensor(value) for said, value in mistakes.items()}
    other = hint(
        f"`{name}`: 두 교차 엔트로피의 가중합이 아닙니다.",
        f"`{name}`: that is not the weighted sum of two cross-entropies.",
    )
    expect(got.detach(), wanted, other, {said: value for said, value in wrong.items() if not same(value, wanted)})


def check_loss_gradient(function: Callable, outputs: tuple, targets: tuple) -> None:
    """With both weights 1, each task's logits get the gradient of their own mean loss; with a weight of 0, zeros."""
    name = name_of(function)
    leaves = _leaves_after(function, outputs, targets, (1.0, 1.0))
    for leaf, labels, role in zip(leaves, targets, ("domain", "category"), strict=True):
        wanted = leaf.detach().exp() / leaf.detach().exp().sum(1, keepdim=True)
        wanted[range(len(labels)), labels] -= 1
        said = hint(
            f"`{name}`: {role} 로짓의 기울기가 다릅니다. 평균과 부호를 보세요.",
            f"`{name}`: the {role} logits get another gradient. Look at mean and sign.",
        )
        assert leaf.grad is not None, hint(
            f"`{name}`: {role} 로짓까지 기울기가 흐르지 않습니다.", f"`{name}`: no gradient reaches the {role} logits."
        )
        expect(leaf.grad, wanted / len(labels), said)
    assert all(leaf.grad is not None for leaf in _leaves_after(function, outputs, targets, (0.0, 2.0))), hint(
        f"`{name}`: 가중치가 0인 작업의 로짓까지 기울기가 흐르지 않습니다. 그 작업을 건너뛰지 말고 0을 곱하세요.",
        f"`{name}`: no gradient reaches the logits of a task whose weight is 0. Do not skip it; multiply by 0.",
    )


def _leaves_after(function: Callable, outputs: tuple, targets: tuple, weights: tuple) -> tuple[torch.Tensor, ...]:
    """The logits after a backward pass through a student's loss."""
    name, leaves = name_of(function), tuple(out.clone().requires_grad_() for out in outputs)
    loss = attempt(function, leaves, targets, weights)
    assert isinstance(loss, torch.Tensor) and loss.requires_grad, hint(
        f"`{name}`에서 로짓까지 기울기가 흐르지 않습니다. `item()`이나 `detach()`가 끊었나요?",
        f"No gradient flows from `{name}` back to the logits. Look for `item()` or `detach()`.",
    )
    loss.sum().backward()
    return leaves


Vectors = list[list[float] | None]  # the gradient on each parameter; None where a loss does not reach it


def losses_with(first: Vectors, second: Vectors, frozen: int = 0) -> tuple[tuple[Any, Any], nn.ParameterList]:
    """Two losses with these very gradients on shared parameters, and these; the first `frozen` do not train."""
    sizes = [len(one or two or ()) for one, two in zip(first, second, strict=True)]
    shared = nn.ParameterList(nn.Parameter(torch.full((size,), 0.5), number >= frozen)
                              for number, size in enumerate(sizes))  # fmt: skip
    losses = [
        torch.stack(  # 0.5 squared has the slope 1
            [(weight**2 * torch.tensor(vector)).sum() for weight, vector in zip(shared, side, strict=True) if vector]
        ).sum()
        for side in (first, second)
    ]
    return (losses[0], losses[1]), shared


def check_cosine(function: Callable, first: Vectors, second: Vectors, frozen: int = 0) -> None:
    """Compare a student's cosine with the one of these gradients, worked out by hand."""
    name = name_of(function)
    got = attempt(function, *losses_with(first, second, frozen))
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, float), hint(
        f"`{name}`의 결과는 파이썬 `float`여야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return a Python `float`, not a {type(got).__name__}.",
    )
    pairs = list(zip(first, second, strict=True))
    filled = [(one or [0.0] * len(two or ()), two or [0.0] * len(one or ())) for one, two in pairs]
    wanted = _checked_cosine(filled[frozen:])
    every = [_checked_cosine([pair]) for pair in filled[frozen:]]
    reached = [(one, two) for one, two in pairs[frozen:] if one and two]
    mistakes = {
        hint(
            f"`{name}`: 부호가 다릅니다. 충돌은 음수입니다.", f"`{name}`: the sign is wrong. A conflict is negative."
        ): -wanted,
        hint(
            f"`{name}`: 한쪽이 닿지 않는 파라미터를 뺐습니다. 기울기 0으로 세어야 합니다.",
            f"`{name}`: parameters that one loss does not reach were left out. They count as zeros.",
        ): _checked_cosine(reached),
        hint(
            f"`{name}`: 파라미터마다 코사인을 구해 평균 냈습니다. 모두 이어 긴 벡터 하나로 보세요.",
            f"`{name}`: the cosines of single parameters were averaged. Read all of them as one long vector.",
        ): sum(every) / len(every),
        hint(f"`{name}`: 첫 파라미터만 보았습니다.", f"`{name}`: only the first parameter counts."): every[0],
        hint(f"`{name}`: 마지막 파라미터만 보았습니다.", f"`{name}`: only the last parameter counts."): every[-1],
        hint(
            f"`{name}`: 동결된 파라미터까지 셌습니다.", f"`{name}`: frozen parameters were counted, too."
        ): _checked_cosine(filled),
    }  # fmt: skip
    mistakes.setdefault(
        hint(
            f"`{name}`: `0.0`은 모두 0인 기울기가 있을 때의 답입니다. 여기에는 없습니다.",
            f"`{name}`: `0.0` is the answer where a gradient is zero everywhere. Here neither is.",
        ),
        0.0,
    )
    said = hint(
        f"`{name}`: {got:.4f}입니다. 두 기울기를 긴 벡터로 이은 코사인은 {wanted:.4f}입니다.",
        f"`{name}` gives {got:.4f}; the cosine of the two long vectors is {wanted:.4f}.",
    )
    near = {text: torch.tensor(value) for text, value in mistakes.items() if abs(value - wanted) > 1e-3}
    expect(torch.tensor(got), torch.tensor(wanted), said, near)


def _checked_cosine(pairs: list[tuple[list[float], list[float]]]) -> float:
    """Of two vectors that come in parts; 0 where one of them vanishes."""
    one, two = ([value for pair in pairs for value in pair[side]] for side in (0, 1))
    lengths = math.hypot(*one) * math.hypot(*two)
    return sum(a * b for a, b in zip(one, two, strict=True)) / lengths if lengths else 0.0


def check_cosine_leaves_no_trace(function: Callable) -> None:
    """Gradients that are there stay, those that are not stay `None`, and the losses can still go backward."""
    name = name_of(function)
    shared = nn.ParameterList([torch.full((2,), 0.5), torch.full((1,), 0.5)])
    shared[0].grad = torch.tensor([7.0, -7.0])
    heads = [torch.tensor([3.0, 4.0], requires_grad=True), torch.tensor([4.0, 3.0], requires_grad=True)]
    weights = [parameter.detach().clone() for parameter in shared]
    features = shared[0] ** 2 * shared[1] ** 2  # one computation, as that of a backbone with two heads
    losses = (features * heads[0]).sum(), (features * heads[1]).sum()
    again = hint(
        f"`{name}`: 계산 그래프가 지워졌습니다. 두 손실이 함께 쓰는 그래프를 남겨 두세요.",
        f"`{name}`: the graph is gone. Keep what both losses share.",
    )
    attempt(function, losses, shared, advice=again)
    left = [None if parameter.grad is None else parameter.grad.tolist() for parameter in shared]
    assert left == [[7.0, -7.0], None], hint(
        f"`{name}`: `.grad`가 바뀌었습니다. 호출하기 전의 값은 그대로, `None`은 `None`으로 남아야 합니다.",
        f"`{name}` changed a `.grad`. Values stay as they were before the call, and `None` stays `None`.",
    )
    assert all(head.grad is None for head in heads), hint(
        f"`{name}`: `shared` 밖의 파라미터(헤드)에 `.grad`가 남았습니다.",
        f"`{name}` left a `.grad` on parameters outside `shared`, those of the heads.",
    )
    assert all(map(torch.equal, weights, shared)), hint(
        f"`{name}`: 파라미터를 바꾸었습니다.", f"`{name}` changed a parameter."
    )
    try:
        (losses[0] + losses[1]).backward()
    except RuntimeError:
        raise AssertionError(
            hint(
                f"`{name}`을(를) 호출한 뒤에는 같은 손실로 `backward()`를 할 수 없습니다. 계산 그래프를 남겨 두세요.",
                f"After `{name}`, `backward()` on the same losses fails. Keep the graph.",
            )
        ) from None


def check_width(function: Callable, build: Callable, budget: int, wanted: int) -> None:
    """Compare a student's width with the right one."""
    name = name_of(function)
    got = attempt(function, build, budget)
    assert type(got) is int, hint(
        f"`{name}`의 결과는 `int`여야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return an `int`, not a {type(got).__name__}.",
    )
    mistakes = {
        hint(
            f"`{name}`: `budget`을 처음 넘는 폭입니다. 하나 작은 폭이 답입니다.",
            f"`{name}`: that is the first width that exceeds `budget`. The answer is one less.",
        ): wanted + 1,
        hint(
            f"`{name}`: 하나 더 넓어도 `budget` 안에 듭니다.", f"`{name}`: one more would still fit into `budget`."
        ): wanted - 1,
    }
    said = hint(
        f"`{name}`: {got}입니다. 파라미터 수가 {budget}개를 넘지 않는 가장 큰 폭은 {wanted}입니다.",
        f"`{name}` gives {got}; the largest width with at most {budget} parameters is {wanted}.",
    )
    expect(got, wanted, said, mistakes)
