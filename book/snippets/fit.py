"""The training loop of chapters 3 and 4: a given number of steps, then stop."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.training import Augment


def batches(
    count: int, size: int, steps: int, generator: torch.Generator
) -> Iterator[torch.Tensor]:
    """`steps` batches of `size` indices below `count`.

    Every image comes once before any comes again.
    """
    queue = torch.empty(0, dtype=torch.long)
    for _ in range(steps):
        while len(queue) < size:
            queue = torch.cat(
                [queue, torch.randperm(count, generator=generator)]
            )
        yield queue[:size]
        queue = queue[size:]


def fit(
    net: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    *,
    steps: int,
    batch_size: int = 64,
    lr: float = 0.01,
    one_cycle: bool = True,
    weight_decay: float = 5e-4,
    augment: Augment | None = None,
    seed: int = 0,
) -> list[float]:
    """Train `net` in place on `images` `(N, 3, H, W)`, `labels` `(N,)`.

    Returns the cross-entropy of each step. AdamW; with `one_cycle` its
    rate rises to `lr` over the first quarter of the steps and then falls
    to 0, else it stays at `lr`. Batches and augmentation are drawn from
    `seed` alone.
    """
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(
        net.parameters(), lr=lr, weight_decay=weight_decay, foreach=True
    )
    schedule = None
    if one_cycle:  # a new OneCycleLR sets the rate to lr / 25 at once
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, lr, total_steps=steps, pct_start=0.25
        )
    losses = []
    net.train()
    for index in batches(len(labels), batch_size, steps, generator):
        x = (
            images[index]
            if augment is None
            else augment(images[index], generator)
        )
        loss = F.cross_entropy(net(x), labels[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if schedule:
            schedule.step()
        losses.append(loss.item())
    return losses
