"""The checks of assignment 6's second half pass what is right and name the usual mistakes."""

from typing import Any

import pytest
import torch
from torch import nn

from book.snippets.checks import frozen_checks as checks
from book.snippets.checks.once import passes


class Right(nn.Module):
    """What the exercise asks for."""

    def __init__(self, backbone: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.backbone, self.head = backbone.requires_grad_(False).eval(), head

    def forward(self, x: torch.Tensor) -> Any:
        return self.head(self.backbone(x))

    def train(self, mode: bool = True) -> "Right":
        super().train(mode)
        self.backbone.eval()
        return self


class WakesUp(Right):
    def train(self, mode: bool = True) -> "Right":
        nn.Module.train(self, mode)
        return self


class AwakeAtFirst(Right):
    def __init__(self, backbone: nn.Module, head: nn.Module) -> None:
        super().__init__(backbone, head)
        backbone.train()


class Trainable(Right):
    def __init__(self, backbone: nn.Module, head: nn.Module) -> None:
        super().__init__(backbone, head)
        backbone.requires_grad_(True)


class Asleep(Right):
    def train(self, mode: bool = True) -> "Right":
        return super().train(False)


class Silent(Right):
    def train(self, mode: bool = True) -> None:  # type: ignore[override]
        super().train(mode)


class Copied(Right):
    def __init__(self, backbone: nn.Module, head: nn.Module) -> None:
        super().__init__(checks.copy.deepcopy(backbone), head)


def test_a_right_module_passes_all_checks() -> None:
    checks.check_wrapped(Right)
    checks.check_wrapped(Right, norm=False)
    checks.check_still(Right)
    checks.check_backbone_never_moves(Right)
    checks.check_head_follows(Right)


@pytest.mark.parametrize(
    ("wrong", "check", "said"),
    [
        (WakesUp, checks.check_still, r"`train\(\)` 다음(.|\n)*after `train\(\)`"),
        (AwakeAtFirst, checks.check_still, "만든 직후(.|\n)*as built"),
        (Trainable, checks.check_backbone_never_moves, "동결되지 않(.|\n)*are not frozen"),
        (Asleep, checks.check_head_follows, "헤드의 모드(.|\n)*not in that mode"),
        (Silent, checks.check_head_follows, "자기 자신(.|\n)*the module itself"),
        (Copied, checks.check_wrapped, "복사하지는(.|\n)*Were they copied"),
    ],
)
def test_each_mistake_is_named_by_its_own_check_alone(wrong: Any, check: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check(wrong)
    others = {
        checks.check_still,
        checks.check_backbone_never_moves,
        checks.check_head_follows,
    } - {check}
    assert wrong is Copied or all(passes(other, wrong) for other in others)


def layerwise(model: nn.Module, head_lr: float, decay: float) -> Any:
    pairs = enumerate(reversed(checks._checked_blocks(model)))
    return [
        {"params": [p for p in block.parameters() if p.requires_grad], "lr": head_lr * decay**depth}
        for depth, block in pairs
    ]


def some_blocks() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 5), nn.Dropout(), nn.Linear(5, 2))


def test_rates_by_depth_pass_and_others_are_named() -> None:
    model = some_blocks()
    model[2].requires_grad_(False)
    checks.check_layerwise(layerwise, model, 0.1, 0.5)
    for wrong, said in [
        (lambda model, lr, decay: layerwise(model, lr, 1.0), "학습률이(.|\n)*the learning rate"),
        (lambda *given: layerwise(*given)[1:], "0번 들어(.|\n)*0 times"),
        (lambda *given: 2 * layerwise(*given), "2번 들어(.|\n)*2 times"),
        (lambda *given: {}, "딕셔너리의 리스트(.|\n)*list of dictionaries"),
    ]:
        with pytest.raises(AssertionError, match=said):
            checks.check_layerwise(wrong, model, 0.1, 0.5)
    checks.check_layerwise(lambda m, lr, d: layerwise(m, lr, 1.0), model, 0.1, 0.5, values=False)


def unfreeze(model: nn.Module, count: int) -> nn.Module:
    for depth, block in enumerate(reversed(checks._checked_blocks(model))):
        block.requires_grad_(depth < count)
    return model


def test_unfrozen_blocks_pass_and_mistakes_are_named() -> None:
    for count in (0, 1, 2, 3, 9, 1):
        checks.check_unfrozen(unfreeze, some_blocks(), count, all_else=True)

    def sliced(model: nn.Module, count: int) -> nn.Module:
        model.requires_grad_(False)
        for block in checks._checked_blocks(model)[-count:]:
            block.requires_grad_(True)
        return model

    with pytest.raises(AssertionError, match=r"리스트 전체(.|\n)*the whole list"):
        checks.check_unfrozen(sliced, some_blocks(), 0)
    with pytest.raises(AssertionError, match=r"2번째의 requires_grad(.|\n)*block 2 of the 3"):
        checks.check_unfrozen(lambda m, count: unfreeze(m, 1), some_blocks(), 2)
    with pytest.raises(AssertionError, match=r"모드가 바뀌(.|\n)*a mode changed"):
        checks.check_unfrozen(
            lambda m, count: unfreeze(m, count).eval(), some_blocks(), 1, all_else=True
        )
