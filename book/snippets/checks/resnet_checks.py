"""The visible checks of assignment 4's network; it passes with plain blocks, too, where the student's own are wrong."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn as nn
import torch.nn.functional as F

from book.snippets.checks.hints import attempt, expect, hint, name_of
from book.snippets.checks.residual_checks import build, trace


class PlainBlock(nn.Module):
    """Stands in for a block whose own tests still fail: a 1×1 convolution with the wanted channels and stride."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(x).relu()


def with_either_block(check: Callable, maker: Callable, block: type, *args: Any) -> None:
    """A network passes with the student's own blocks or, where those are wrong, with plain ones in their place.

    `maker` finds `PlainBlock` under the name of `block`, if it looks that name up.
    """
    try:
        check(maker, block, *args)
    except Exception as own:
        names = getattr(getattr(maker, "__init__", None), "__globals__", {})
        if block.__name__ not in names:
            raise
        names[block.__name__] = PlainBlock
        try:
            check(maker, PlainBlock, *args)
        except Exception:
            raise own from None
        finally:
            names[block.__name__] = block


def check_frame(maker: Callable, block: type, classes: int) -> None:
    """What a student's network has around its blocks: the stem's layers and the head."""
    with_either_block(_check_frame, maker, block, classes)


def check_stages(maker: Callable, block: type, classes: int, blocks: tuple[int, ...] | None = None) -> None:
    """The blocks of a student's network and their channels, whatever its forward pass does."""
    with_either_block(_check_stages, maker, block, classes, blocks)


def check_net(
    maker: Callable, block: type, classes: int, blocks: tuple[int, ...] | None, size: tuple[int, int]
) -> None:
    """The student's network at work: its stem, the channels and sizes after each block, its logits."""
    with_either_block(_check_net, maker, block, classes, blocks, size)


def check_learning(maker: Callable, block: type, classes: int = 4) -> None:
    """On eight images the loss must fall by a fifth at least."""
    with_either_block(_check_learning, maker, block, classes)


def _check_frame(maker: Callable, block: type, classes: int) -> None:
    name, model = name_of(maker), build(maker, classes)
    inner = {id(m) for one in model.modules() if isinstance(one, block) for m in one.modules()}
    outside = [m for m in model.modules() if id(m) not in inner]
    heads = [m for m in outside if isinstance(m, nn.Linear)]
    assert len(heads) == 1 and heads[0].in_features == 64, hint(
        f"`{name}`: 64개의 값을 받는 `nn.Linear` 하나로 끝나야 합니다. GAP 다음에는 값이 몇 개인가요?",
        f"`{name}`: it should end in one `nn.Linear` for 64 values. How many does GAP leave?",
    )
    assert heads[0].out_features == classes, hint(
        f"`{name}`: 로짓이 {classes}개여야 하는데 {heads[0].out_features}개입니다.",
        f"`{name}`: there should be {classes} logits, not {heads[0].out_features}.",
    )
    stem = [m for m in outside if isinstance(m, nn.Conv2d)]
    assert [tuple(m.weight.shape) for m in stem] == [(16, 3, 3, 3)], hint(
        f"`{name}`: 블록 밖에는 3×3 합성곱 3→16 하나만 있어야 합니다. 등록된 블록도 세어 보세요.",
        f"`{name}`: outside of the blocks there should be one 3×3 convolution 3→16. Count the registered blocks, too.",
    )
    assert stem[0].bias is None, hint(f"`{name}`: 스템에 편향이 있습니다.", f"`{name}`: the stem has a bias.")
    norms = [m.num_features for m in outside if isinstance(m, nn.BatchNorm2d)]
    assert norms, hint(f"`{name}`: 스템에 배치 정규화가 없습니다.", f"`{name}`: the stem has no batch normalization.")
    assert norms == [16], hint(
        f"`{name}`: 블록 밖 배치 정규화의 채널 수가 {norms}입니다. 스템에 하나만 둡니다.",
        f"`{name}`: batch normalizations outside of the blocks have {norms} channels; only the stem has one.",
    )


def _check_stages(maker: Callable, block: type, classes: int, blocks: tuple[int, ...] | None) -> None:
    name, more = name_of(maker), () if blocks is None else (blocks,)
    model = build(maker, classes, *more)
    widths = [
        next((m.out_channels for m in reversed(list(one.modules())) if isinstance(m, nn.Conv2d)), 0)
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
        f"`{name}`: 블록의 채널 수가 {widths}입니다. 스테이지의 채널 수와 비교해 보세요.",
        f"`{name}`: the blocks have {widths} channels. Compare them with the stages.",
    )


def _check_net(
    maker: Callable, block: type, classes: int, blocks: tuple[int, ...] | None, size: tuple[int, int]
) -> None:
    name, more = name_of(maker), () if blocks is None else (blocks,)
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
        f"`{name}`: 블록마다 채널 수가 {[s[0] for s in shapes]}입니다. 스테이지의 채널 수와 비교해 보세요.",
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


def _check_learning(maker: Callable, block: type, classes: int, steps: int = 12, seed: int = 0) -> None:
    name = name_of(maker)
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
        f"`{name}`: 이미지 8장을 {steps}스텝 학습했는데 손실이 {losses[0]:.2f}에서 {losses[-1]:.2f}밖에 안 되었습니다.",
        f"`{name}` does not learn 8 images: in {steps} steps the loss went from {losses[0]:.2f} to {losses[-1]:.2f}.",
    )
