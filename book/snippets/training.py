"""One training loop for every small network of the course, and the clock that it runs against."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import nn

Augment = Callable[[torch.Tensor, torch.Generator], torch.Tensor]


@dataclass
class History:
    """What `train` saw, one entry per epoch."""

    seconds: list[float] = field(default_factory=list)  # training time so far, without evaluation
    loss: list[float] = field(default_factory=list)  # mean training cross-entropy of the epoch
    step_loss: list[float] = field(default_factory=list)  # cross-entropy of each step's batch, one entry per step
    test_accuracy: list[float] = field(default_factory=list)  # in [0, 1], only where a test set was given


def falling(losses: Sequence[float]) -> float:
    """How far the training loss still falls at the end of `losses`, one per step, as a share of its first value.

    Mean of the second-to-last tenth of the steps minus mean of the last, over the mean of the first. Near 0 the loss
    has flattened; negative, it rises. Raises `ValueError` for fewer than 10 losses.
    """
    tenth = len(losses) // 10
    if tenth == 0:
        raise ValueError(f"{len(losses)} losses cannot be split into tenths; pass the loss of every step")

    def mean(part: Sequence[float]) -> float:
        return sum(part) / len(part)

    return (mean(losses[-2 * tenth : -tenth]) - mean(losses[-tenth:])) / mean(losses[:tenth])


def normalise(images: torch.Tensor) -> torch.Tensor:
    """uint8 images `(N, 3, H, W)` to float32 in [-1, 1], as the source normalises CIFAR-10."""
    return images.float().div(127.5).sub(1)


def accuracy_of(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, batch: int = 256) -> float:
    """Share of right answers in evaluation mode, in [0, 1]; the model's mode is restored."""
    training = model.training
    model.eval()
    with torch.no_grad():
        right = sum(
            (model(x).argmax(1) == y).sum().item()
            for x, y in zip(images.split(batch), labels.split(batch), strict=True)
        )
    model.train(training)
    return right / len(labels)


def flip_and_shift(images: torch.Tensor, generator: torch.Generator, shift: int = 2) -> torch.Tensor:
    """Mirror half of the images and move each by up to `shift` pixels, over zeros: `(N, 3, H, W)` to the same."""
    n, _, height, width = images.shape
    mirrored = torch.rand(n, generator=generator) < 0.5
    images = torch.where(mirrored.view(n, 1, 1, 1), images.flip(3), images)
    padded = F.pad(images, (shift,) * 4)
    dy, dx = torch.randint(0, 2 * shift + 1, (2, n), generator=generator)
    rows = dy.view(n, 1, 1, 1) + torch.arange(height).view(1, 1, height, 1)
    columns = dx.view(n, 1, 1, 1) + torch.arange(width).view(1, 1, 1, width)
    sample, channel = torch.arange(n).view(n, 1, 1, 1), torch.arange(images.shape[1]).view(1, -1, 1, 1)
    return padded[sample, channel, rows, columns]


def train(
    model: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    weight_decay: float = 0.0,
    augment: Augment | None = None,
    test: tuple[torch.Tensor, torch.Tensor] | None = None,
    seed: int = 0,
) -> History:
    """Train on cross-entropy with Adam (AdamW where weights decay), in place; return the history.

    The learning rate rises to `lr` over the first quarter of the steps and falls to almost 0 (one cycle).

    `images` `(N, 3, H, W)` float, `labels` `(N,)`. The order of the images comes from `seed` alone. The clock counts
    this process's CPU seconds and stops during evaluation, so that another program on the machine does not change the
    result much; run it on one thread. On a GPU it counts wall-clock seconds.
    """
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay)
    steps = epochs * -(-len(images) // batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps, pct_start=0.25)
    clock = time.perf_counter if images.is_cuda else time.process_time
    history, elapsed = History(), 0.0
    for _ in range(epochs):
        model.train()
        start, total = clock(), 0.0
        for index in torch.randperm(len(images), generator=generator).split(batch_size):
            x, y = images[index.to(images.device)], labels[index.to(labels.device)]
            loss = F.cross_entropy(model(augment(x, generator) if augment else x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            history.step_loss.append(loss.item())
            total += history.step_loss[-1] * len(index)
        elapsed += clock() - start
        history.seconds.append(elapsed)
        history.loss.append(total / len(images))
        if test is not None:
            history.test_accuracy.append(accuracy_of(model, *test))
    return history
