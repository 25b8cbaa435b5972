"""The visible checks of assignment 4's block: find its layers by how they are used, and name the usual mistakes."""

import contextlib
from collections.abc import Callable
from typing import Any

import torch
import torch.nn as nn
import torch.nn.functional as F

from book.snippets.checks.hints import attempt, expect, hint, name_of, same


def build(maker: Callable, *args: Any, seed: int = 0) -> nn.Module:
    """The student's module with fresh weights and statistics, so that no mistake hides behind ones and zeros."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = attempt(maker, *args)
        name = name_of(maker)
        assert isinstance(model, nn.Module), hint(
            f"`{name}`은 `nn.Module`이어야 합니다.", f"`{name}` should be an `nn.Module`."
        )
        with torch.no_grad():
            for module in model.modules():
                if isinstance(module, nn.BatchNorm2d):
                    assert module.running_var is not None and module.running_mean is not None
                    for tensor in (module.weight, module.running_var):
                        tensor.copy_(0.5 + torch.rand(tensor.shape))
                    for tensor in (module.bias, module.running_mean):
                        tensor.copy_(0.3 * torch.randn(tensor.shape))
    return model


def trace(model: nn.Module, x: torch.Tensor, advice: str = "") -> tuple[torch.Tensor, list[tuple]]:
    """The output for x in evaluation mode; (layer, input, output) of each convolution and normalization in order."""
    seen: list[tuple] = []

    def note(module: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        if isinstance(module, (nn.Conv2d, nn.BatchNorm2d)):
            seen.append((module, inputs[0], output))

    handle = nn.modules.module.register_module_forward_hook(note)  # sees layers that were never registered, too
    try:
        with torch.no_grad():
            output = attempt(model.eval(), x, advice=advice)
    finally:
        handle.remove()
    return output, seen


def layers_of(block: nn.Module, x: torch.Tensor, advice: str = "") -> tuple[torch.Tensor, dict[str, Any]]:
    """The output, and the layers of a block: conv1, bn1, conv2, bn2, side, side_bn (None where there is none)."""
    name = type(block).__name__
    output, seen = trace(block, x, advice)
    assert output is not None, hint(
        f"`{name}`: `forward`에 `return`이 없습니다.", f"`{name}`: `forward` has no `return`."
    )
    convs = [event for event in seen if isinstance(event[0], nn.Conv2d)]
    threes = [event for event in convs if event[0].kernel_size == (3, 3)]
    ones = [event for event in convs if event[0].kernel_size == (1, 1)]
    assert len(threes) == 2 and threes[0][0] is not threes[1][0], hint(
        f"`{name}`: 3×3 합성곱은 서로 다른 2개여야 합니다. 쓰인 것은 {len({id(e[0]) for e in threes})}개입니다.",
        f"`{name}`: there should be 2 different 3×3 convolutions; {len({id(e[0]) for e in threes})} are used.",
    )
    known = {id(module) for module in block.modules()}
    assert all(id(event[0]) in known for event in seen), hint(
        f"`{name}`: 블록에 등록되지 않은 층이 있습니다. 층을 보통의 리스트나 사전에 담지 않았나요?",
        f"`{name}`: a layer is not registered in the block. Is it kept in a plain list or dictionary?",
    )

    def norm_after(event: tuple | None) -> nn.Module | None:
        return next((e[0] for e in seen if event and isinstance(e[0], nn.BatchNorm2d) and e[1] is event[2]), None)

    side = ones[0] if ones else None
    found = {"conv1": threes[0][0], "bn1": norm_after(threes[0]), "conv2": threes[1][0], "bn2": norm_after(threes[1])}
    found |= {"side": side and side[0], "side_bn": norm_after(side)}
    for key in ("bn1", "bn2"):
        assert found[key] is not None, hint(
            f"`{name}`: 3×3 합성곱 바로 다음에 배치 정규화가 없는 곳이 있습니다.",
            f"`{name}`: a 3×3 convolution is not followed by batch normalization.",
        )
    assert found["bn1"] is not found["bn2"], hint(
        f"`{name}`: 배치 정규화 하나를 두 번 씁니다. 합성곱마다 따로 두세요.",
        f"`{name}`: one batch normalization is used twice. Give each convolution its own.",
    )
    return output, found


def check_layers(maker: Callable, inside: int, outside: int, stride: int) -> None:
    """Look at the layers of a student's block alone; `forward` may be unwritten."""
    name, block = name_of(maker), build(maker, inside, outside, stride)
    convs = [module for module in block.modules() if isinstance(module, nn.Conv2d)]
    norms = [module for module in block.modules() if isinstance(module, nn.BatchNorm2d)]
    threes, ones = ([conv for conv in convs if conv.kernel_size == (side, side)] for side in (3, 1))
    assert len(threes) == 2 and len(threes) + len(ones) == len(convs), hint(
        f"`{name}`: 등록된 합성곱의 커널이 {[conv.kernel_size for conv in convs]}입니다. 3×3은 2개여야 합니다.",
        f"`{name}`: the registered convolutions have kernels of {[c.kernel_size for c in convs]}; 2 should be 3×3.",
    )
    changes = stride != 1 or inside != outside
    assert len(ones) <= changes, hint(
        f"`{name}`: 모양이 그대로면 숏컷에는 층이 없어야 합니다.",
        f"`{name}`: where the shape stays, the shortcut should have no layer.",
    )
    assert len(ones) >= changes, hint(
        f"`{name}`: 모양이 바뀌는데 등록된 1×1 합성곱이 없습니다. 층을 보통의 리스트에 담지 않았나요?",
        f"`{name}`: the shape changes, but no 1×1 convolution is registered. Is a layer kept in a plain list?",
    )
    wanted = [(inside, outside), (outside, outside)]
    assert sorted((conv.in_channels, conv.out_channels) for conv in threes) == sorted(wanted), hint(
        f"`{name}`: 3×3 합성곱의 채널이 {[(conv.in_channels, conv.out_channels) for conv in threes]}입니다.",
        f"`{name}`: the 3×3 convolutions have (in, out) channels {[(c.in_channels, c.out_channels) for c in threes]}.",
    )
    assert all(conv.bias is None for conv in convs), hint(
        f"`{name}`: 합성곱에 편향이 있습니다. 배치 정규화가 바로 지우므로 두지 않기로 했습니다.",
        f"`{name}`: a convolution has a bias. Batch normalization removes it at once, so we leave it out.",
    )
    assert [norm.num_features for norm in norms] == [outside] * len(convs), hint(
        f"`{name}`: 배치 정규화의 채널 수가 {[norm.num_features for norm in norms]}입니다. 합성곱마다 하나씩 둡니다.",
        f"`{name}`: the batch normalizations have {[norm.num_features for norm in norms]} channels; each convolution "
        "is followed by one.",
    )


def check_sizes(maker: Callable, inside: int, outside: int, stride: int, shape: tuple[int, ...]) -> None:
    """The shape of what a student's block gives, whatever the values."""
    name, block = name_of(maker), build(maker, inside, outside, stride)
    with torch.no_grad():
        output = attempt(block.eval(), torch.randn(shape, generator=torch.Generator().manual_seed(1)))
    wanted = (shape[0], outside, *(-(-size // stride) for size in shape[2:]))
    got = tuple(output.shape) if isinstance(output, torch.Tensor) else type(output).__name__
    assert got == wanted, hint(
        f"`{name}`: 입력 {shape}에서 출력이 {got}입니다. {wanted}이어야 합니다.",
        f"`{name}`: for an input of {shape} the output is {got}; it should be {wanted}.",
    )


def check_block(maker: Callable, inside: int, outside: int, stride: Any, shape: tuple[int, ...]) -> None:
    """Compare a student's block with what its own layers should give; fail with a hint that names the mistake."""
    name = name_of(maker)
    advice = hint(
        "더하는 두 텐서의 모양이 같은지, 어느 합성곱에 `stride`와 `padding`이 있는지 보세요.",
        "Do the two tensors that are added have the same shape? Which convolutions have `stride` and `padding`?",
    )
    block = build(maker, inside, outside, *([] if stride is None else [stride]))
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    before = x.clone()
    output, parts = layers_of(block, x, advice)
    assert torch.equal(x, before), hint(
        f"`{name}`이(가) 입력의 값을 바꾸었습니다. `inplace=True`나 `+=`가 입력에 닿지 않았는지 보세요.",
        f"`{name}` changed its input. Did `inplace=True` or `+=` reach it?",
    )
    step = stride or 1
    changes = step != 1 or inside != outside
    assert changes or parts["side"] is None, hint(
        f"`{name}`: 모양이 그대로면 숏컷에는 층이 없어야 합니다.",
        f"`{name}`: where the shape stays, the shortcut should have no layer.",
    )
    assert not changes or parts["side"] is not None, hint(
        f"`{name}`: 모양이 바뀌는데 숏컷에 1×1 합성곱이 없습니다.",
        f"`{name}`: the shape changes, but there is no 1×1 convolution on the shortcut.",
    )
    assert not changes or parts["side_bn"] is not None, hint(
        f"`{name}`: 숏컷의 1×1 합성곱 다음에 배치 정규화가 없습니다.",
        f"`{name}`: the 1×1 convolution of the shortcut is not followed by batch normalization.",
    )
    convs = [parts[key] for key in ("conv1", "conv2", "side") if parts[key] is not None]
    assert [conv.stride[0] for conv in convs] == [step, 1, step][: len(convs)], hint(
        f"`{name}`: 합성곱의 스트라이드가 {[conv.stride[0] for conv in convs]}입니다. 크기는 어디에서 줄어야 하나요?",
        f"`{name}`: the strides of the convolutions are {[conv.stride[0] for conv in convs]}. Where should it shrink?",
    )
    right, wrong = _sums(name, parts, x)
    other = hint(
        f"`{name}`의 층은 맞지만 출력이 다릅니다. 더하기와 ReLU의 순서를 그림과 맞추어 보세요.",
        f"`{name}` has the right layers but a wrong output. Compare the order of addition and ReLU with the drawing.",
    )
    expect(output, right, other, {said: value for said, value in wrong.items() if not same(value, right)})


def _sums(name: str, parts: dict[str, Any], x: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """What the block's layers should give, and what they give with each usual mistake, in the mode that they are in."""
    with torch.no_grad():
        inner = parts["bn1"](parts["conv1"](x))
        body = parts["bn2"](parts["conv2"](F.relu(inner)))
        linear = parts["bn2"](parts["conv2"](inner))
        side = x if parts["side"] is None else parts["side_bn"](parts["side"](x))
    wrong = {
        hint(
            f"`{name}`: 더하기 전에 ReLU를 했습니다. 더한 다음에 하세요.",
            f"`{name}`: ReLU came before the addition. It belongs after it.",
        ): F.relu(body) + side,
        hint(
            f"`{name}`: 더하기 전에도 ReLU를 했습니다. 잔차가 음수가 될 수 없게 됩니다.",
            f"`{name}`: there is a ReLU before the addition, too. The residual can then not be negative.",
        ): F.relu(F.relu(body) + side),
        hint(f"`{name}`: 더한 다음의 ReLU가 없습니다.", f"`{name}`: the ReLU after the addition is missing."): body
        + side,
        hint(f"`{name}`: 숏컷을 더하지 않았습니다.", f"`{name}`: the shortcut was not added."): F.relu(body),
        hint(
            f"`{name}`: 두 합성곱 사이에 ReLU가 없습니다.", f"`{name}`: there is no ReLU between the convolutions."
        ): F.relu(linear + side),
        hint(f"`{name}`: 숏컷에 ReLU를 했습니다.", f"`{name}`: there is a ReLU on the shortcut."): F.relu(
            body + F.relu(side)
        ),
        hint(f"`{name}`: 숏컷을 더하지 않고 뺐습니다.", f"`{name}`: the shortcut was subtracted."): F.relu(body - side),
    }
    return F.relu(body + side), wrong


def check_training(maker: Callable, *args: Any, shape: tuple[int, ...]) -> None:
    """In training mode gradients must reach every parameter and every running statistic must move."""
    name, model = name_of(maker), build(maker, *args).train()
    before = {key: value.clone() for key, value in model.named_buffers() if key.endswith("running_mean")}
    output = attempt(model, torch.randn(shape, generator=torch.Generator().manual_seed(1)))
    assert isinstance(output, torch.Tensor) and output.requires_grad, hint(
        f"`{name}`: 출력에서 기울기가 흐르지 않습니다. `detach()`나 `no_grad()`가 있나요?",
        f"`{name}`: no gradient flows from the output. Is there a `detach()` or `no_grad()`?",
    )
    output.square().sum().backward()
    idle = [key for key, p in model.named_parameters() if p.grad is None]
    assert not idle, hint(
        f"`{name}`: 기울기가 닿지 않는 파라미터가 있습니다: `{idle[:1]}`. 쓰지 않는 층이거나 중간에 끊겼습니다.",
        f"`{name}`: some parameters get no gradient: `{idle[:1]}`. A layer is not used, or the flow is cut.",
    )
    now = dict(model.named_buffers())
    assert all(not torch.equal(value, now[key]) for key, value in before.items()), hint(
        f"`{name}`: 학습 모드인데 이동 평균이 갱신되지 않은 배치 정규화가 있습니다. `eval()`을 호출하지 않았나요?",
        f"`{name}`: in training mode the running mean of a batch normalization stays. Is `eval()` called somewhere?",
    )


def last_norm(block: nn.Module, channels: int) -> nn.Module | None:
    """The batch normalization fed by a 3×3 convolution that is used last, even if the forward pass then crashes."""
    fed: list[tuple] = []

    def note(module: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        if isinstance(module, (nn.Conv2d, nn.BatchNorm2d)):
            fed.append((module, inputs[0], output))

    handles = [module.register_forward_hook(note) for module in block.modules()]
    try:
        with torch.no_grad(), contextlib.suppress(Exception):
            block.eval()(torch.zeros(1, channels, 5, 5))
    finally:
        for handle in handles:
            handle.remove()
    outputs = [out for module, _, out in fed if isinstance(module, nn.Conv2d) and module.kernel_size == (3, 3)]
    norms = [module for module, x, _ in fed if isinstance(module, nn.BatchNorm2d) and any(x is o for o in outputs)]
    return norms[-1] if norms else None


def _blocks_in_a_model(maker: Callable, sizes: tuple) -> tuple[nn.Module, dict[str, torch.Tensor], set[str]]:
    """Blocks behind a normalization that belongs to none, a copy of all parameters, the names that should become 0."""
    blocks = [build(maker, *size) for size in sizes]
    last = [last_norm(block, size[0]) for block, size in zip(blocks, sizes, strict=True)]
    assert all(norm is not None for norm in last), hint(
        f"`{name_of(maker)}`: 3×3 합성곱 다음에 쓰인 배치 정규화가 없습니다. 블록을 먼저 고치세요.",
        f"`{name_of(maker)}`: no batch normalization follows a 3×3 convolution. Fix the block first.",
    )
    model = nn.Sequential(nn.BatchNorm2d(3), *blocks)
    scales = [norm.weight for norm in last if norm is not None]
    wanted = {key for key, p in model.named_parameters() if any(p is scale for scale in scales)}
    return model, {key: p.detach().clone() for key, p in model.named_parameters()}, wanted


def check_zero_init(function: Callable, maker: Callable, *sizes: tuple[int, ...]) -> None:
    """After the call the last normalization of each block has scale 0; every other value is as it was."""
    name = "zero_init_residual"
    attempt(function, nn.Sequential())
    model, before, wanted = _blocks_in_a_model(maker, sizes)
    attempt(function, model)
    after = dict(model.named_parameters())
    zeroed = {key for key, p in after.items() if key in before and not p.detach().any() and before[key].any()}
    extra = sorted(zeroed - wanted)
    assert zeroed, hint(f"`{name}`: 아무 블록도 바뀌지 않았습니다.", f"`{name}`: no block changed.")
    assert not extra, hint(
        f"`{name}`: 0이 되지 말아야 할 파라미터 `{'' if not extra else extra[0]}`이(가) 0이 되었습니다.",
        f"`{name}`: the parameter `{'' if not extra else extra[0]}` became 0, but should not.",
    )
    assert zeroed == wanted, hint(
        f"`{name}`: 바뀌지 않은 블록이 있습니다. 모든 블록을 찾았나요?", f"`{name}`: some block did not change."
    )
    assert all(torch.equal(p.detach(), before[key]) for key, p in after.items() if key not in wanted), hint(
        f"`{name}`: 다른 파라미터의 값도 바뀌었습니다.", f"`{name}`: the values of other parameters changed, too."
    )


def check_in_place(function: Callable, maker: Callable, *sizes: tuple[int, ...]) -> None:
    """The call returns nothing, keeps the parameter objects, and freezes none."""
    name = "zero_init_residual"
    attempt(function, nn.Sequential())
    model, _, _ = _blocks_in_a_model(maker, sizes)
    ones = dict(model.named_parameters())
    result = attempt(function, model)
    assert result is None, hint(
        f"`{name}`은 모델을 그 자리에서 바꾸고 아무것도 돌려주지 않습니다(`None`).",
        f"`{name}` changes the model in place and returns nothing (`None`).",
    )
    after = dict(model.named_parameters())
    assert set(after) == set(ones) and all(after[key] is ones[key] for key in after), hint(
        f"`{name}`: 파라미터를 새것으로 바꾸었습니다. 옵티마이저에는 옛것이 남아 있습니다. 값만 바꾸세요.",
        f"`{name}`: a parameter was replaced by a new one. An optimizer still holds the old one.",
    )
    assert all(p.requires_grad for p in after.values()), hint(
        f"`{name}`: 파라미터를 동결했습니다. 0에서 시작할 뿐, 계속 학습해야 합니다.",
        f"`{name}`: a parameter was frozen. It starts at 0 but should go on learning.",
    )
