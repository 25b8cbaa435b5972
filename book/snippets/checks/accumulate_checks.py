"""The visible checks of assignment 3's gradient accumulation: each step against that of one large batch."""

from collections.abc import Callable
from typing import Any

import torch

from book.snippets.checks.epoch_checks import Tiny, WatchedSGD, check_epoch_value, gradient_by_hand, small_batches
from book.snippets.checks.hints import attempt, expect, hint, joined, name_of


def check_accumulated_value(function: Callable, sizes: tuple[int, ...], accumulate: int) -> None:
    """With learning rate 0: the mean loss per sample, in training mode, one call of the model per batch."""
    name, batches = name_of(function), small_batches(sizes)
    model = Tiny().eval()
    attempt(function, model, batches, torch.optim.SGD(model.parameters(), lr=0.0), accumulate)
    assert len(model.notes) == len(batches), hint(
        f"`{name}`: 배치는 {len(batches)}개인데 모델을 {len(model.notes)}번 호출했습니다.",
        f"`{name}` called the model {len(model.notes)} times for {len(batches)} batches.",
    )
    assert all(training for training, _ in model.notes), hint(
        f"`{name}`: 모델이 평가 모드인 채로 학습했습니다.", f"`{name}` trained while the model was in evaluation mode."
    )

    def epoch(model: Any, loader: Any, optimizer: Any) -> Any:
        return function(model, loader, optimizer, accumulate)

    epoch.__name__ = name
    check_epoch_value(epoch, batches=batches)


def check_group_steps(function: Callable, sizes: tuple[int, ...], accumulate: int) -> None:
    """Watch every step of an epoch over batches of `sizes`: one per group, with the gradient of one large batch."""
    name, model, batches = name_of(function), Tiny(), small_batches(sizes)
    optimizer = WatchedSGD(model, 0.1)
    attempt(function, model, batches, optimizer, accumulate)
    groups = [batches[start : start + accumulate] for start in range(0, len(batches), accumulate)]
    asked = hint(
        f"`{name}`: 크기가 {list(sizes)}인 배치를 {accumulate}개씩 묶었습니다.",
        f"`{name}`: batches of sizes {list(sizes)} in groups of {accumulate}.",
    )
    steps = optimizer.steps
    _check_count(asked, len(steps), len(groups), len(batches))
    assert all(grad is not None for _, _, grad in steps), joined(
        asked, hint("기울기가 없는 채로 `step()`을 호출했습니다.", "`step()` was called without gradients.")
    )
    earlier = torch.zeros_like(steps[0][0])
    for (weight, bias, grad), group in zip(steps, groups, strict=True):
        parts = [gradient_by_hand(weight, bias, *batch) for batch in group]
        means = sum(parts, torch.zeros_like(weight))
        images, labels = (torch.cat(part) for part in zip(*group, strict=True))
        wanted = gradient_by_hand(weight, bias, images, labels)
        other = joined(
            asked,
            hint(
                "그룹을 큰 배치 하나로 넣었을 때의 기울기가 아닙니다.",
                "The gradient is not that of the group as one large batch.",
            ),
        )
        wrong = {
            hint(
                "배치마다 낸 평균의 기울기를 더하기만 했습니다.",
                "The gradients of the batches' means were only added up.",
            ): means,
            hint(
                "배치마다 낸 평균을 다시 평균 냈습니다. 작은 배치의 샘플이 더 크게 세어집니다.",
                "The means of the batches were averaged; samples of a small batch then weigh more.",
            ): means / len(group),
            hint(
                f"배치가 {len(group)}개인 그룹에서도 {accumulate}로 나누었습니다.",
                f"A group of {len(group)} was divided by {accumulate}, too.",
            ): means / accumulate,
            hint(
                "그룹의 마지막 배치만 세었습니다. 기울기를 배치마다 비우지 않았나요?",
                "Only the last batch of the group counts. Are gradients cleared for every batch?",
            ): _like(grad, parts[-1], parts[-1] * len(group[-1][1]) / len(labels)),
            hint(
                "평균이 아니라 합한 손실로 역전파했습니다.", "Backward went through a sum of losses, not the mean."
            ): wanted * len(labels),
            hint("앞 그룹의 기울기가 쌓였습니다.", "Gradients of earlier groups piled up."): _like(
                grad, earlier + wanted, earlier / len(labels) + wanted
            ),
        }
        expect(
            grad,
            wanted,
            other,
            {joined(asked, said): value for said, value in wrong.items() if not _near(value, wanted)},
        )
        earlier = earlier + wanted


def _check_count(asked: str, got: int, groups: int, batches: int) -> None:
    assert got, joined(asked, hint("갱신이 한 번도 없었습니다.", "There was no optimizer step."))
    assert got == groups or got != batches, joined(
        asked, hint("그룹마다가 아니라 배치마다 갱신했습니다.", "There was one step per batch, not one per group.")
    )
    assert got >= groups, joined(
        asked,
        hint(
            f"그룹은 {groups}개인데 `step()`을 {got}번 호출했습니다. 마지막 그룹이 빠졌나요?",
            f"`step()` was called {got} times for {groups} groups. Is the last group left out?",
        ),
    )
    assert got <= groups, joined(
        asked,
        hint(
            f"그룹은 {groups}개인데 `step()`을 {got}번 호출했습니다. 배치가 없는 그룹에서도 갱신했나요?",
            f"`step()` was called {got} times for {groups} groups. Was there one for an empty group?",
        ),
    )


def _like(grad: Any, *wrong: torch.Tensor) -> torch.Tensor:
    """The one of several wrong values that `grad` is; the first where it is none."""
    return next((value for value in wrong if _near(value, grad)), wrong[0])


def _near(one: torch.Tensor, other: torch.Tensor) -> bool:
    return torch.allclose(one, other, rtol=1e-4, atol=1e-5)
