"""The visible checks of assignment 3's loops: watch every batch and every step, name the usual mistakes."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from book.snippets.checks.hints import attempt, expect, hint, name_of, same


class Echo(nn.Module):
    """Takes logits packed as images `(N, K, 1, 1)` and gives them back `(N, K)`; notes how it was called.

    Its batch normalization changes no result but counts the batches that it sees in training mode.
    """

    def __init__(self, classes: int = 4) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(classes)
        self.notes: list[tuple[bool, bool]] = []  # (training mode, gradients on) of each call

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.notes.append((self.training, torch.is_grad_enabled()))
        self.norm(x.expand(-1, -1, 2, 2))  # a single number per channel could not be normalized
        return x.flatten(1)


class Tiny(nn.Module):
    """Flatten and one linear layer, for images of 12 numbers and 3 classes; notes how it was called."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(7)
        self.norm, self.linear = nn.BatchNorm2d(3).requires_grad_(False), nn.Linear(12, 3)
        with torch.no_grad():
            self.linear.weight.copy_(torch.randn(3, 12, generator=generator))
            self.linear.bias.copy_(torch.randn(3, generator=generator))
        self.notes: list[tuple[bool, bool]] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.notes.append((self.training, torch.is_grad_enabled()))
        self.norm(x)
        return self.linear(x.flatten(1))


class WatchedSGD(torch.optim.SGD):
    """Plain gradient descent that keeps the weights and the gradients of a `Tiny` as each step finds them."""

    def __init__(self, model: Tiny, lr: float) -> None:
        super().__init__(model.parameters(), lr=lr)
        self.weight, self.bias = model.linear.weight, model.linear.bias
        self.steps: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]] = []

    def step(self, closure: Any = None) -> Any:
        loss = None if closure is None else closure()
        grad = self.weight.grad
        seen = (self.weight.detach().clone(), self.bias.detach().clone(), None if grad is None else grad.clone())
        self.steps.append(seen)
        super().step()
        return loss


def small_batches(sizes: tuple[int, ...] = (4, 4, 2)) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Batches of images `(N, 3, 2, 2)` and labels of 3 classes, of the given sizes."""
    generator = torch.Generator().manual_seed(3)
    return [(torch.randn(n, 3, 2, 2, generator=generator), torch.randint(3, (n,), generator=generator)) for n in sizes]


def answers_as_batches(marks: list[str]) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """A batch per text: `+` is an image for which `Echo` is right, `-` one for which it is wrong; all images differ."""
    batches, count = [], 0
    for text in marks:
        labels = torch.tensor([(count + i) % 4 for i in range(len(text))])
        guesses = [
            int(label) if mark == "+" else (int(label) + 1) % 4 for mark, label in zip(text, labels, strict=True)
        ]
        logits = torch.full((len(text), 4), -1.0)
        for i, guess in enumerate(guesses):
            logits[i, guess] = 2.0 + count + i
        batches.append((logits[:, :, None, None], labels))
        count += len(text)
    return batches


def losses_by_hand(logits: torch.Tensor, labels: torch.Tensor) -> list[float]:
    """Cross-entropy of each sample, number by number: `(N, K)`, `(N,)` to N numbers."""
    found = []
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        found.append(math.log(sum(math.exp(value - row[label]) for value in row)))
    return found


def gradient_by_hand(weight: torch.Tensor, bias: torch.Tensor, images: Any, labels: Any) -> torch.Tensor:
    """Gradient `(K, D)` of a batch's mean cross-entropy by the weight of a linear layer on flattened images."""
    flat = images.flatten(1)
    wrong = (flat @ weight.T + bias).exp()
    wrong = wrong / wrong.sum(1, keepdim=True)
    wrong[range(len(labels)), labels] -= 1
    return wrong.T @ flat / len(labels)


def check_epoch_value(function: Callable, loader: Any = None, batches: list | None = None) -> None:
    """With learning rate 0 nothing moves, so that one epoch's mean loss can be worked out by hand."""
    name, model, batches = name_of(function), Tiny(), batches or small_batches()
    sums, everything = [], list[float]()
    for images, labels in batches:
        losses = losses_by_hand(Tiny()(images), labels)
        sums.append(sum(losses))
        everything += losses
    sizes = [len(labels) for _, labels in batches]
    means = [total / size for total, size in zip(sums, sizes, strict=True)]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    listed = hint(
        "`loader`는 배치를 담은 리스트일 수도 있습니다. 리스트에는 `dataset`이 없습니다.",
        "The `loader` may be a list of batches; a list has no `dataset`.",
    )
    got = _number(function, attempt(function, model, loader or batches, optimizer, advice=listed))
    probabilities = torch.cat([Tiny()(images).softmax(1) for images, _ in batches]).detach()
    twice = losses_by_hand(probabilities, torch.cat([labels for _, labels in batches]))
    other = hint(
        f"`{name}`: 샘플마다 낸 교차 엔트로피의 평균이 아닙니다.",
        f"`{name}`: that is not the mean cross-entropy per sample.",
    )
    _expect_near(got, sum(everything) / len(everything), other, {
        hint(f"`{name}`: 배치마다 낸 평균을 다시 평균 냈습니다. 마지막 배치는 더 작습니다.",
             f"`{name}`: the means of the batches were averaged. The last batch is smaller."): sum(means) / len(means),
        hint(f"`{name}`: 배치의 손실을 더하기만 하고 나누지 않았습니다.",
             f"`{name}`: the batches' losses were added up and not divided."): sum(means),
        hint(f"`{name}`: 평균이 아니라 모든 샘플의 합입니다.",
             f"`{name}`: that is the sum over all samples, not the mean."): sum(everything),
        hint(f"`{name}`: 마지막 배치의 손실만 돌려주었습니다.",
             f"`{name}`: that is the loss of the last batch alone."): means[-1],
        hint(f"`{name}`: 첫 배치에서 `return`했습니다.", f"`{name}` returned after the first batch."): means[0],
        hint(f"`{name}`: 샘플 수가 아니라 다른 수로 나누었습니다.",
             f"`{name}`: divided by something other than the number of samples."): sum(means) / len(everything),
        hint(f"`{name}`: 교차 엔트로피에 softmax를 거친 값을 넣었습니다. 로짓을 그대로 넣으세요.",
             f"`{name}`: softmax was applied before the cross-entropy. Give it the logits."): sum(twice) / len(twice),
    })  # fmt: skip


def check_epoch_steps(function: Callable) -> None:
    """Watch every optimizer step of one epoch: one per batch, each with that batch's own gradient."""
    name, model, batches = name_of(function), Tiny(), small_batches()
    optimizer = WatchedSGD(model, 0.1)
    attempt(function, model, batches, optimizer)
    steps = optimizer.steps
    assert steps, hint(
        f"`{name}`: 갱신이 한 번도 없었습니다. `step()`을 호출했나요?",
        f"`{name}`: there was no optimizer step. Was `step()` called?",
    )
    assert all(grad is not None for _, _, grad in steps), hint(
        f"`{name}`: 기울기가 없는 채로 `step()`을 호출했습니다. `backward()`가 빠졌거나 순서가 바뀌었나요?",
        f"`{name}`: `step()` was called without gradients. Is `backward()` missing or too late?",
    )
    assert len(steps) == len(batches), hint(
        f"`{name}`: 배치는 {len(batches)}개인데 `step()`을 {len(steps)}번 호출했습니다.",
        f"`{name}`: `step()` was called {len(steps)} times for {len(batches)} batches.",
    )
    total = torch.zeros_like(steps[0][0])
    for (weight, bias, grad), (images, labels) in zip(steps, batches, strict=True):
        wanted = gradient_by_hand(weight, bias, images, labels)
        total = total + wanted
        other = hint(
            f"`{name}`: 기울기가 그 배치의 것이 아닙니다. 한 배치에서 할 일의 순서를 보세요.",
            f"`{name}`: the gradient is not that of the batch. Look at the order of things within a batch.",
        )
        piled = hint(
            f"`{name}`: 앞 배치의 기울기가 쌓였습니다. `zero_grad()`를 배치마다 호출했나요?",
            f"`{name}`: gradients of earlier batches piled up. Is `zero_grad()` called for every batch?",
        )
        emptied = hint(
            f"`{name}`: `step()` 앞에서 기울기를 지웠습니다.", f"`{name}`: the gradients were cleared before `step()`."
        )
        expect(grad, wanted, other, {
            piled: total,
            emptied: torch.zeros_like(wanted),
            hint(f"`{name}`: 평균이 아니라 합한 손실로 역전파했습니다.",
                 f"`{name}`: backward went through a sum of losses, not the mean."): wanted * len(labels),
        })  # fmt: skip


def check_epoch_mode(function: Callable) -> None:
    """Whatever mode the model comes in, the epoch runs in training mode with gradients on."""
    name = name_of(function)
    for mode in (False, True):
        model, batches = Tiny().train(mode), small_batches()
        attempt(function, model, batches, torch.optim.SGD(model.parameters(), lr=0.1))
        assert all(training for training, _ in model.notes), hint(
            f"`{name}`: 모델이 평가 모드인 채로 학습했습니다. 평가를 막 끝낸 모델이 들어올 수 있습니다.",
            f"`{name}` trained while the model was in evaluation mode. The model may have been evaluated just before.",
        )
        assert len(model.notes) == len(batches), hint(
            f"`{name}`: 배치는 {len(batches)}개인데 모델을 {len(model.notes)}번 호출했습니다.",
            f"`{name}` called the model {len(model.notes)} times for {len(batches)} batches.",
        )


def check_accuracy(function: Callable, marks: list[str]) -> None:
    """`Echo` on answers that are right or wrong as `marks` say; see `answers_as_batches`."""
    name, batches = name_of(function), answers_as_batches(marks)
    right, count = sum(text.count("+") for text in marks), sum(map(len, marks))
    listed = hint(
        "`loader`는 배치를 담은 리스트일 수도 있습니다. 리스트에는 `dataset`이 없습니다.",
        "The `loader` may be a list of batches; a list has no `dataset`.",
    )
    got = _number(function, attempt(function, Echo().eval(), batches, advice=listed))
    shares = [text.count("+") / len(text) for text in marks]
    other = hint(
        f"`{name}`: {got:.4g}은(는) 맞힌 샘플의 비율이 아닙니다.",
        f"`{name}`: {got:.4g} is not the share of right samples.",
    )
    _expect_near(got, right / count, other, {
        hint(f"`{name}`: 배치마다 낸 정확도를 평균 냈습니다. 마지막 배치는 더 작습니다.",
             f"`{name}`: the accuracies of the batches were averaged. The last batch is smaller."):
        sum(shares) / len(shares),
        hint(f"`{name}`: 백분율입니다. 0과 1 사이의 값이어야 합니다.",
             f"`{name}`: that is a percentage. It should lie between 0 and 1."): 100 * right / count,
        hint(f"`{name}`: 맞힌 개수입니다. 비율이어야 합니다.", f"`{name}`: that is a number of samples, not a share."):
        float(right),
        hint(f"`{name}`: 틀린 비율입니다.", f"`{name}`: that is the share of wrong samples."): 1 - right / count,
        hint(f"`{name}`: 마지막 배치만 세었습니다.", f"`{name}`: only the last batch was counted."): shares[-1],
        hint(f"`{name}`: 첫 배치에서 `return`했습니다.", f"`{name}` returned after the first batch."): shares[0],
        hint(f"`{name}`: 맞힌 개수를 배치의 수로 나누었습니다.",
             f"`{name}`: the right samples were divided by the number of batches."): right / len(marks),
    })  # fmt: skip


def check_accuracy_mode(function: Callable) -> None:
    """Evaluation mode, no gradients, and the mode of before afterward, for a model in either mode."""
    name = name_of(function)
    for mode in (True, False):
        model = Echo().train(mode)
        attempt(function, model, answers_as_batches(["++-", "-+", "+"]))
        assert not any(training for training, _ in model.notes), hint(
            f"`{name}`: 모델이 학습 모드인 채로 정확도를 쟀습니다.",
            f"`{name}` measured while the model was in training mode.",
        )
        assert not any(grad for _, grad in model.notes), hint(
            f"`{name}`: 기울기 계산이 켜져 있었습니다. 재기만 할 때는 필요 없습니다.",
            f"`{name}`: gradients were on. Measuring does not need them.",
        )
        assert int(model.norm.num_batches_tracked or 0) == 0, hint(
            f"`{name}`: 배치 정규화의 이동 통계량이 바뀌었습니다.", f"`{name}`: the running statistics have changed."
        )
        assert model.training == mode, hint(
            f"`{name}`: 모델의 모드를 되돌려 놓지 않았습니다. 들어올 때의 모드가 어느 쪽이든 그대로여야 합니다.",
            f"`{name}` did not restore the model's mode. The mode should be the one that the model came in.",
        )
    assert torch.is_grad_enabled(), hint(
        f"`{name}`: 기울기 계산을 끈 채로 끝났습니다.", f"`{name}` left gradients switched off."
    )


def _number(function: Callable, got: Any) -> float:
    name = name_of(function)
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, float), hint(
        f"`{name}`의 결과는 `float`여야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return a `float`, not a {type(got).__name__}.",
    )
    return float(got)


def _expect_near(got: float, want: float, otherwise: str, mistakes: dict[str, float]) -> None:
    """As `expect`, for numbers that may differ by rounding."""
    others = {
        said: torch.tensor(wrong)
        for said, wrong in mistakes.items()
        if not same(torch.tensor(wrong), torch.tensor(want))
    }
    expect(torch.tensor(got), torch.tensor(want), otherwise, others)
