"""The visible checks of assignment 4: find a student's layers by how they are used, and name the usual mistakes."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn as nn
import torch.nn.functional as F

from book.snippets.hints import attempt, expect, hint, same


def build(maker: Callable, *args: Any, seed: int = 0) -> nn.Module:
    """The student's module with fresh weights and statistics, so that no mistake hides behind ones and zeros."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = attempt(maker, *args)
        name = maker.__name__
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
    """The output for x in eval mode, and (layer, input, output) of each convolution and normalisation in its order."""
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
            f"`{name}`: a 3×3 convolution is not followed by batch normalisation.",
        )
    assert found["bn1"] is not found["bn2"], hint(
        f"`{name}`: 배치 정규화 하나를 두 번 씁니다. 합성곱마다 따로 두세요.",
        f"`{name}`: one batch normalisation is used twice. Give each convolution its own.",
    )
    return output, found


def check_block(maker: Callable, inside: int, outside: int, stride: int | None, shape: tuple[int, ...]) -> None:
    """Compare a student's block with what its own layers should give; fail with a hint that names the mistake."""
    name = maker.__name__
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
        f"`{name}`: the 1×1 convolution of the shortcut is not followed by batch normalisation.",
    )
    convs = [parts[key] for key in ("conv1", "conv2", "side") if parts[key] is not None]
    assert all(conv.bias is None for conv in convs), hint(
        f"`{name}`: 합성곱에 편향이 있습니다. 배치 정규화가 바로 지우므로 두지 않기로 했습니다.",
        f"`{name}`: a convolution has a bias. Batch normalisation removes it at once, so we leave it out.",
    )
    assert [conv.stride[0] for conv in convs] == [step, 1, step][: len(convs)], hint(
        f"`{name}`: 합성곱의 스트라이드가 {[conv.stride[0] for conv in convs]}입니다. 크기는 어디에서 줄어야 하나요?",
        f"`{name}`: the strides of the convolutions are {[conv.stride[0] for conv in convs]}. Where should it shrink?",
    )
    right, wrong = _sums(name, parts, x)
    other = hint(
        f"`{name}`의 층은 맞지만 출력이 다릅니다. 더하기와 ReLU의 순서를 그림과 맞추어 보세요.",
        f"`{name}` has the right layers but another output. Compare the order of addition and ReLU with the drawing.",
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
    """In train mode gradients must reach every parameter and every running statistic must move."""
    name, model = maker.__name__, build(maker, *args).train()
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
        f"`{name}`: 학습 모드인데 이동 평균이 움직이지 않은 배치 정규화가 있습니다. `eval()`을 부르지 않았나요?",
        f"`{name}`: in train mode the running mean of a batch normalisation stays. Is `eval()` called somewhere?",
    )


def check_zero_init(function: Callable, maker: Callable, *sizes: tuple[int, ...]) -> None:
    """After the call the last normalisation of each block has scale 0; everything else is as it was."""
    name = "zero_init_residual"
    attempt(function, nn.Sequential())
    blocks = [build(maker, *size) for size in sizes]
    other = nn.BatchNorm2d(3)  # outside of every block: not to be touched
    model = nn.Sequential(other, *blocks)
    last = [
        layers_of(block, torch.zeros(1, size[0], 5, 5))[1]["bn2"].weight
        for block, size in zip(blocks, sizes, strict=True)
    ]
    before = {key: p.detach().clone() for key, p in model.named_parameters()}
    same_ones = dict(model.named_parameters())
    result = attempt(function, model)
    assert result is None, hint(
        f"`{name}`은 모델을 그 자리에서 바꾸고 아무것도 돌려주지 않습니다(`None`).",
        f"`{name}` changes the model in place and returns nothing (`None`).",
    )
    after = dict(model.named_parameters())
    assert set(after) == set(before) and all(after[key] is same_ones[key] for key in after), hint(
        f"`{name}`: 파라미터를 새것으로 바꾸었습니다. 옵티마이저는 옛것을 붙들고 있습니다. 값만 바꾸세요.",
        f"`{name}`: a parameter was replaced by a new one. An optimiser still holds the old one.",
    )
    zeroed = {key for key, p in after.items() if not p.detach().any() and before[key].any()}
    wanted = {key for key, p in after.items() if any(p is scale for scale in last)}
    extra = sorted(zeroed - wanted)
    assert zeroed, hint(f"`{name}`: 아무 블록도 바뀌지 않았습니다.", f"`{name}`: no block has changed.")
    assert not extra, hint(
        f"`{name}`: 0이 되지 말아야 할 파라미터 `{'' if not extra else extra[0]}`이(가) 0이 되었습니다.",
        f"`{name}`: the parameter `{'' if not extra else extra[0]}` became 0, which should not.",
    )
    assert zeroed == wanted, hint(
        f"`{name}`: 바뀌지 않은 블록이 있습니다. 모든 블록을 찾았나요?", f"`{name}`: some block has not changed."
    )
    assert all(torch.equal(p.detach(), before[key]) for key, p in after.items() if key not in wanted), hint(
        f"`{name}`: 다른 파라미터의 값도 바뀌었습니다.", f"`{name}`: the values of other parameters changed, too."
    )
    assert all(p.requires_grad for p in after.values()), hint(
        f"`{name}`: 파라미터를 동결했습니다. 0에서 시작할 뿐, 계속 학습해야 합니다.",
        f"`{name}`: a parameter was frozen. It starts at 0 but should go on learning.",
    )


def check_stages(maker: Callable, block: type, classes: int, blocks: tuple[int, ...] | None = None) -> None:
    """The layers of the student's network, whatever its forward pass does: blocks, their channels, head."""
    name, more = maker.__name__, () if blocks is None else (blocks,)
    model = build(maker, classes, *more)
    widths = [
        next((m.num_features for m in one.modules() if isinstance(m, nn.BatchNorm2d)), 0)
        for one in model.modules()
        if isinstance(one, block)
    ]
    stages = zip((16, 32, 64), blocks or (1, 1, 1), strict=True)
    wanted = [channels for channels, count in stages for _ in range(count)]
    assert len(widths) == len(wanted), hint(
        f"`{name}`: 등록된 블록이 {len(wanted)}개여야 하는데 {len(widths)}개입니다.",
        f"`{name}`: there should be {len(wanted)} registered blocks, not {len(widths)}.",
    )
    assert sorted(widths) == wanted, hint(
        f"`{name}`: 블록의 채널 수가 {widths}입니다. 스테이지의 채널 수와 견주어 보세요.",
        f"`{name}`: the blocks have {widths} channels. Compare them with the stages.",
    )
    heads = [m for m in model.modules() if isinstance(m, nn.Linear)]
    assert len(heads) == 1 and heads[0].in_features == 64, hint(
        f"`{name}`: 64개의 값을 받는 `nn.Linear` 하나로 끝나야 합니다. GAP 다음에는 값이 몇 개인가요?",
        f"`{name}`: it should end in one `nn.Linear` for 64 values. How many does GAP leave?",
    )
    assert heads[0].out_features == classes, hint(
        f"`{name}`: 로짓이 {classes}개여야 하는데 {heads[0].out_features}개입니다.",
        f"`{name}`: there should be {classes} logits, not {heads[0].out_features}.",
    )
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    inside = [m for b in model.modules() if isinstance(b, block) for m in b.modules() if isinstance(m, nn.BatchNorm2d)]
    assert len(norms) > len(inside), hint(
        f"`{name}`: 스템에 배치 정규화가 없습니다.", f"`{name}`: the stem has no batch normalisation."
    )


def check_net(
    maker: Callable, block: type, classes: int, blocks: tuple[int, ...] | None, size: tuple[int, int]
) -> None:
    """The student's network: its stem, the channels and sizes after each block, its head."""
    name, more = maker.__name__, () if blocks is None else (blocks,)
    model = build(maker, classes, *more)
    last: list[torch.Tensor] = []
    for module in model.modules():
        if isinstance(module, block):
            module.register_forward_hook(lambda m, i, o: last.append(o))
    x = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(1))
    logits, seen = trace(model, x)
    shapes = [tuple(output.shape[1:]) for output in last]
    stem = next((event for event in seen if isinstance(event[0], nn.Conv2d)), None)
    assert stem and tuple(stem[2].shape[1:]) == (16, *size), hint(
        f"`{name}`: 첫 합성곱의 출력은 채널이 16개이고 크기가 입력과 같아야 합니다.",
        f"`{name}`: the first convolution should give 16 channels in the size of the input.",
    )
    wanted, (height, width) = [], size
    for channels, stride, count in zip((16, 32, 64), (1, 2, 2), blocks or (1, 1, 1), strict=True):
        height, width = -(-height // stride), -(-width // stride)
        wanted += [(channels, height, width)] * count
    assert len(shapes) == len(wanted), hint(
        f"`{name}`: 블록이 {len(wanted)}개여야 하는데 {len(shapes)}개를 지나갔습니다.",
        f"`{name}`: there should be {len(wanted)} blocks; {len(shapes)} were passed.",
    )
    assert [s[0] for s in shapes] == [w[0] for w in wanted], hint(
        f"`{name}`: 블록마다 채널 수가 {[s[0] for s in shapes]}입니다. 스테이지의 채널 수와 견주어 보세요.",
        f"`{name}`: the blocks give {[s[0] for s in shapes]} channels. Compare them with the stages.",
    )
    assert shapes == wanted, hint(
        f"`{name}`: 블록마다 높이가 {[s[1] for s in shapes]}입니다. 스테이지의 첫 블록에서만 줄어야 합니다.",
        f"`{name}`: the blocks give heights of {[s[1] for s in shapes]}. Only the first of a stage should shrink.",
    )
    assert isinstance(logits, torch.Tensor) and tuple(logits.shape) == (2, classes), hint(
        f"`{name}`의 출력은 (2, {classes})이어야 합니다.", f"`{name}` should give the shape (2, {classes})."
    )
    head = next((m for m in reversed(list(model.modules())) if isinstance(m, nn.Linear)), None)
    assert head is not None and head.in_features == 64, hint(
        f"`{name}`: 마지막은 64개의 값을 받는 `nn.Linear`여야 합니다. GAP 다음에는 값이 몇 개인가요?",
        f"`{name}`: at the end there should be an `nn.Linear` for 64 values. How many does GAP leave?",
    )
    with torch.no_grad():
        right, largest = head(last[-1].mean(dim=(2, 3))), head(last[-1].amax(dim=(2, 3)))
    other = hint(
        f"`{name}`: 블록은 맞지만 로짓이 다릅니다. 마지막 블록과 헤드 사이를 보세요.",
        f"`{name}`: the blocks are right, the logits are not. Look between the last block and the head.",
    )
    expect(logits, right, other, {
        hint(f"`{name}`: 평균이 아니라 최댓값입니다.", f"`{name}`: that pools by maximum, not by mean."): largest,
        hint(f"`{name}`: 로짓에 소프트맥스를 했습니다.", f"`{name}`: a softmax was applied."): right.softmax(1),
    })  # fmt: skip


def check_learning(maker: Callable, classes: int = 4, steps: int = 12, seed: int = 0) -> list[float]:
    """Train on eight images; the loss must fall by a fifth at least. Returns the losses."""
    name = maker.__name__
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = attempt(maker, classes)
        x, y = torch.randn(8, 3, 12, 12), torch.arange(8) % classes
    assert isinstance(model, nn.Module) and any(p.requires_grad for p in model.parameters()), hint(
        f"`{name}`에 학습할 파라미터가 없습니다.", f"`{name}` has no parameters to train."
    )
    optimizer, losses = torch.optim.Adam(model.train().parameters(), lr=0.01), []
    for _ in range(steps):
        loss = F.cross_entropy(attempt(model, x), y)
        optimizer.zero_grad()
        assert loss.requires_grad, hint(f"`{name}`: 기울기가 흐르지 않습니다.", f"`{name}`: no gradient flows.")
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0], hint(
        f"`{name}`: 이미지 8장도 외우지 못합니다. 손실이 {losses[0]:.2f}에서 {losses[-1]:.2f}이(가) 되었을 뿐입니다.",
        f"`{name}` cannot even memorise 8 images: its loss went from {losses[0]:.2f} to {losses[-1]:.2f} only.",
    )
    return losses
