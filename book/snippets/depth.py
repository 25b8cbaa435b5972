"""The experiments of ch04: depth with and without shortcuts."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.cifar import Pair, small_cifar
from book.snippets.fit import fit
from book.snippets.resnet import CifarBlock, CifarResNet, option_a
from book.snippets.seeds import course_seed
from book.snippets.training import accuracy_of, falling, flip_and_shift

IMAGES, HELD_OUT = 1000, 1000  # to train on; to see what a choice by validation would be
RATES = {  # of the lowest training loss in the study ch04_rates
    (8, False): 0.01, (32, False): 0.01, (8, True): 0.01, (32, True): 0.01
}  # fmt: skip


def split_of(seed: int) -> tuple[Pair, Pair]:
    """Training images and held-out images, 16 px, drawn from the course's training images by the seed."""
    (images, labels), _ = small_cifar()
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(course_seed(seed)))
    parts = order[:IMAGES], order[IMAGES : IMAGES + HELD_OUT]
    chosen, held_out = ((images[part], labels[part]) for part in parts)
    return chosen, held_out


def train_depth(
    depth: int, shortcuts: bool, seed: int = 0, *, steps: int = 300, lr: float = 0.01, width: int = 8
) -> tuple[CifarResNet, list[float]]:
    """Train a ResNet or its plain twin on 1,000 images of 16 px, in batches of 50; return it and its losses."""
    torch.manual_seed(course_seed(seed))
    net = CifarResNet(depth, width=width, shortcuts=shortcuts)
    return net, fit(net, *split_of(seed)[0], steps=steps, batch_size=50, lr=lr, seed=course_seed(seed))


def residual_sizes(net: CifarResNet, images: torch.Tensor) -> list[float]:
    """For each block the norm of F(x) divided by that of what it is added to, on `images` in eval mode."""
    sizes = []
    with torch.no_grad():
        x = F.relu(net.eval().bn1(net.conv1(images)))
        for block in (m for m in net.modules() if isinstance(m, CifarBlock)):
            side = option_a(x, block.channels, block.stride)
            sizes.append((block.residual(x).norm() / side.norm()).item())
            x = block(x)
    return sizes


def study_rate(seed: int, depth: int, shortcuts: bool, lr: float, length: float = 1) -> dict[str, float]:
    """One learning rate for one network: its training loss, which the rate is chosen by, and accuracies."""
    net, losses = train_depth(depth, shortcuts, seed, steps=math.ceil(300 * length), lr=lr)
    chosen, held_out = split_of(seed)
    return {
        "held_out": accuracy_of(net, *held_out),
        "train": accuracy_of(net, *chosen),
        "loss": loss_at_end(losses),
        "steps": len(losses),
        "falling": falling(losses),
    }


def loss_at_end(losses: list[float]) -> float:
    """Mean loss of the last tenth of the steps."""
    tenth = max(1, len(losses) // 10)
    return sum(losses[-tenth:]) / tenth


def study_depth(seed: int, depth: int, shortcuts: bool, length: float = 1) -> dict[str, float | list[float]]:
    """One network of the degradation study at its own rate: its loss in 20 parts of the steps, its residuals."""
    steps = math.ceil(300 * length)
    net, losses = train_depth(depth, shortcuts, seed, steps=steps, lr=RATES[depth, shortcuts])
    test = small_cifar()[1]
    parts = torch.tensor(losses[: steps - steps % 20]).view(20, -1).mean(dim=1)
    return {
        "loss": parts.tolist(),
        "test": accuracy_of(net, *test),
        "train": accuracy_of(net, *split_of(seed)[0]),
        "held_out": accuracy_of(net, *split_of(seed)[1]),
        "residual": residual_sizes(net, test[0][:256]) if shortcuts else [],
        "steps": steps,
        "falling": falling(losses),
    }


def train_as_he(
    net: nn.Module, data: Pair, *, iterations: int = 64_000, device: str = "cpu", seed: int = 0
) -> list[float]:
    """The recipe of He et al. for CIFAR: SGD, momentum 0.9, weight decay 1e-4, batches of 128; the loss of each step.

    The learning rate starts at 0.1 and is divided by 10 after 1/2 and after 3/4 of the iterations (32,000 and 48,000);
    images are mirrored and moved by up to 4 pixels. Source: He et al. 2015, arXiv:1512.03385, section 4.2. Unlike the
    paper, batches are drawn with replacement and the images are scaled to [-1, 1], not freed of their per-pixel mean.
    """
    images, labels = data
    generator = torch.Generator().manual_seed(course_seed(seed))
    optimizer = torch.optim.SGD(net.to(device).train().parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [iterations // 2, iterations * 3 // 4])
    losses = []
    for _ in range(iterations):
        index = torch.randint(len(images), (128,), generator=generator)
        x = flip_and_shift(images[index], generator, shift=4).to(device)
        loss = F.cross_entropy(net(x), labels[index].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses
