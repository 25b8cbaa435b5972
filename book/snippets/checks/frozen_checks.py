"""The visible checks of assignment 6's second half: a freeze that survives `train()`, and blocks by their depth."""

import copy
from collections.abc import Callable
from typing import Any

import torch
import torch.nn as nn

from book.snippets.checks.hints import about, attempt, hint, joined, name_of, same


def some_backbone(norm: bool = True, dropout: float = 0.0) -> nn.Module:
    """Images (N, 3, H, W) to features (N, 6), in training mode and trainable."""
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 6, 3, padding=1)] + ([nn.BatchNorm2d(6)] if norm else [])
    return nn.Sequential(*layers, nn.ReLU(), nn.Dropout(dropout), nn.AdaptiveAvgPool2d(1), nn.Flatten())


def some_head(norm: bool = False) -> nn.Module:
    """Features (N, 6) to logits (N, 4)."""
    torch.manual_seed(1)
    return nn.Sequential(*([nn.BatchNorm1d(6)] if norm else []), nn.Linear(6, 4))


def built(cls: Callable, backbone: nn.Module, head: nn.Module) -> nn.Module:
    """The student's module. One that cannot even run is named here."""
    net = attempt(cls, backbone, head)
    attempt(_forward(cls, net), torch.rand(2, 3, 4, 4))
    return net


def _forward(cls: Callable, net: nn.Module) -> Callable:
    def run(x: torch.Tensor) -> torch.Tensor:
        return copy.deepcopy(net)(x)

    run.__name__ = name_of(cls)
    return run


def check_wrapped(cls: Callable, norm: bool = True) -> None:
    """In evaluation mode the output is the head's of the backbone's, and both are registered."""
    name, backbone, head = name_of(cls), some_backbone(norm), some_head()
    x = torch.rand(3, 3, 6, 6)
    net = built(cls, backbone, head)
    net.eval()
    want = copy.deepcopy(head).eval()(copy.deepcopy(backbone).eval()(x))
    assert same(attempt(_forward(cls, net), x), want), hint(
        f"`{name}`: 출력이 head(backbone(x))와 다릅니다.", f"`{name}`: the output is not head(backbone(x))."
    )
    theirs = {id(tensor) for tensor in [*backbone.state_dict().values(), *head.state_dict().values()]}
    kept = {tensor.data_ptr() for tensor in net.state_dict().values()}
    lacking = [t for part in (backbone, head) for t in part.state_dict().values() if t.data_ptr() not in kept]
    assert not lacking and len(net.state_dict()) == len(theirs), hint(
        f"`{name}`: `state_dict`에 백본과 헤드가 그대로, 한 번씩 들어 있어야 합니다. "
        "속성으로 등록했나요? 복사하지는 않았나요?",
        f"`{name}`: `state_dict` should hold backbone and head as they are, each once. "
        "Are they attributes? Were they copied?",
    )


def check_still(cls: Callable, values: bool = True) -> None:
    """As built, after `train()`, `eval()` and `train()`: statistics stay, features are those of evaluation mode.

    `values` off: the statistics alone.
    """
    name, backbone, x = name_of(cls), some_backbone(dropout=0.5), torch.rand(8, 3, 6, 6) + 1
    want = some_head()(copy.deepcopy(backbone).eval()(x))
    net = attempt(cls, backbone, some_head())
    before = [buffer.clone() for buffer in net.buffers()]
    moments = [
        (hint("만든 직후에", "as built,"), None),
        (hint("`train()` 다음에", "after `train()`,"), True),
        (hint("`eval()` 다음에", "after `eval()`,"), False),
        (hint("다시 `train()` 다음에", "after `train()` again,"), True),
    ]
    drift = hint("백본의 이동 통계량이 바뀝니다.", "the running statistics of the backbone drift.")
    awake = hint(
        "특징이 평가 모드의 값과 다릅니다. 드롭아웃이나 배치 정규화가 깨어 있습니다.",
        "the features are not those of evaluation mode. Dropout or batch normalization is awake.",
    )
    for moment, mode in moments:
        if mode is not None:
            net.train(mode)
        got = attempt(net, x)
        assert all(map(torch.equal, before, net.buffers())), about(f"`{name}`", joined(moment, drift))
        assert not values or same(got, want), about(f"`{name}`", joined(moment, awake))


def check_backbone_never_moves(cls: Callable) -> None:
    """No parameter of the backbone requires a gradient; the head's flags are as they came."""
    name, backbone, head = name_of(cls), some_backbone(norm=False), nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 4))
    head[0].requires_grad_(False)
    net = built(cls, backbone, head)
    assert not any(p.requires_grad for p in backbone.parameters()), hint(
        f"`{name}`: 백본의 파라미터가 동결되지 않았습니다. 모드는 파라미터를 동결하지 않습니다.",
        f"`{name}`: parameters of the backbone are not frozen. A mode freezes no parameter.",
    )
    assert [p.requires_grad for p in head.parameters()] == [False, False, True, True], hint(
        f"`{name}`: 헤드의 requires_grad가 바뀌었습니다.", f"`{name}`: requires_grad of the head changed."
    )
    net.train()
    loss = attempt(net, torch.rand(4, 3, 6, 6)).square().sum()
    if loss.requires_grad:
        loss.backward()
    assert head[1].weight.grad is not None, hint(
        f"`{name}`: 헤드까지 기울기가 흐르지 않습니다.", f"`{name}`: no gradient reaches the head."
    )


def check_head_follows(cls: Callable) -> None:
    """`train()` and `eval()` return the module itself and reach the head."""
    name, net = name_of(cls), built(cls, some_backbone(norm=False), some_head(norm=True))
    head = [module for module in net.modules() if isinstance(module, (nn.BatchNorm1d, nn.Linear))]
    for call, mode in [("train", True), ("eval", False), ("train", True)]:
        returned = getattr(net, call)()
        assert returned is net, hint(
            f"`{name}`: `{call}()`은(는) 자기 자신을 돌려주어야 합니다. `net.{call}()(x)`처럼 쓰기 때문입니다.",
            f"`{name}`: `{call}()` should return the module itself, as people write `net.{call}()(x)`.",
        )
        assert all(module.training is mode for module in head), hint(
            f"`{name}`: `{call}()` 다음에 헤드의 모드가 따라오지 않습니다.",
            f"`{name}`: after `{call}()` the head is not in that mode.",
        )


# --- blocks ----------------------------------------------------------------------------------------------------------


def _checked_blocks(model: nn.Module) -> list[nn.Module]:
    """The children with parameters: what the exercise calls blocks."""
    return [child for child in model.children() if any(True for _ in child.parameters())]


def check_layerwise(function: Callable, model: nn.Module, head_lr: float, decay: float, values: bool = True) -> None:
    """Each trainable parameter once, with the rate of its block; `values` off: whatever the rate."""
    name, flags = name_of(function), [p.requires_grad for p in model.parameters()]
    blocks, names = _checked_blocks(model), {id(p): key for key, p in model.named_parameters()}
    wanted = {
        id(p): head_lr * decay ** (len(blocks) - 1 - depth)
        for depth, block in enumerate(blocks)
        for p in block.parameters()
        if p.requires_grad
    }
    got = attempt(function, model, head_lr, decay)
    assert isinstance(got, list) and all(isinstance(g, dict) and {"params", "lr"} <= set(g) for g in got), hint(
        f"`{name}`: 키가 params와 lr인 딕셔너리의 리스트여야 합니다.",
        f"`{name}` should return a list of dictionaries with the keys params and lr.",
    )
    found: dict[int, list[Any]] = {}
    for group in got:
        for p in [group["params"]] if isinstance(group["params"], torch.Tensor) else group["params"]:
            found.setdefault(id(p), []).append(group["lr"])
    for key, label in names.items():
        times = len(found.get(key, []))
        assert times == (key in wanted), hint(
            f"`{name}`: `{label}`이(가) {times}번 들어 있습니다. 학습할 파라미터는 한 번씩, 동결된 것은 없어야 합니다.",
            f"`{name}`: `{label}` is there {times} times. Trainable parameters come once, frozen ones not at all.",
        )
        rate = found.get(key, [None])[0]
        off = values and key in wanted and abs(float(rate) / wanted[key] - 1) > 1e-4
        assert not off, hint(
            f"`{name}`: `{label}`의 학습률이 {rate}입니다. 마지막 블록이 head_lr이고, "
            "앞으로 한 블록 갈 때마다 decay를 곱합니다.",
            f"`{name}`: `{label}` gets the learning rate {rate}. The last block has head_lr, and each block before it "
            "decay times the rate of the next.",
        )
    assert flags == [p.requires_grad for p in model.parameters()], hint(
        f"`{name}`: requires_grad가 바뀌었습니다.", f"`{name}`: requires_grad changed."
    )


def check_unfrozen(function: Callable, model: nn.Module, count: int, all_else: bool = False) -> None:
    """The parameters of the last `count` blocks are trainable, all others frozen.

    `all_else`: the same model comes back, and modes stay.
    """
    name, blocks = name_of(function), _checked_blocks(model)
    modes = [module.training for module in model.modules()]
    got = attempt(function, model, count)
    assert got is not None or not all_else, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert got is model or not all_else, hint(
        f"`{name}`: 받은 모델이 아닙니다.", f"`{name}`: that is not the model that came in."
    )
    now = [[p.requires_grad for p in block.parameters()] for block in blocks]
    want = [depth >= len(blocks) - count for depth in range(len(blocks))]
    every = len(blocks) > count == 0 and all(all(flags) for flags in now)
    assert not every, hint(
        f"`{name}`: count가 0인데 모두 풀렸습니다. `blocks[-0:]`은 리스트 전체입니다.",
        f"`{name}`: count is 0, yet everything is trainable. `blocks[-0:]` is the whole list.",
    )
    for depth, (flags, wanted) in enumerate(zip(now, want, strict=True)):
        assert all(flag is wanted for flag in flags), hint(
            f"`{name}`: count가 {count}일 때 파라미터가 있는 블록 {len(blocks)}개 가운데 "
            f"{depth + 1}번째의 requires_grad가 {flags}입니다.",
            f"`{name}`: with count {count}, block {depth + 1} of the {len(blocks)} that have parameters has "
            f"requires_grad {flags}.",
        )
    assert not all_else or modes == [module.training for module in model.modules()], hint(
        f"`{name}`: 모드가 바뀌었습니다. 모드는 그대로 두세요.", f"`{name}`: a mode changed. Leave modes as they are."
    )
