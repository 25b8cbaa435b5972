"""The experiments of ch04: depth with and without shortcuts, gradients at the start, depth against width, ResNet-20."""

import functools

import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.recipes import Pair, cifar_tensors
from book.snippets.resnet import CifarBlock, CifarResNet, option_a
from book.snippets.seeds import course_seed
from book.snippets.training import History, accuracy_of, flip_and_shift, train

SHAPES = {"8 × 30": (8, 30), "14 × 20": (14, 20), "20 × 16": (20, 16), "32 × 12": (32, 12)}  # layers × channels


@functools.cache
def small_cifar() -> tuple[Pair, Pair]:
    """The course's subset of CIFAR-10 as (train, test), averaged down to 16 px: `(N, 3, 16, 16)` in [-1, 1]."""
    train_pair, test_pair = cifar_tensors()
    return (F.avg_pool2d(train_pair[0], 2), train_pair[1]), (F.avg_pool2d(test_pair[0], 2), test_pair[1])


def _train_net(
    net: CifarResNet, data: Pair, seed: int, epochs: int, count: int | None, test: Pair | None = None
) -> History:
    """Train `net` in place with the chapter's recipe, on `count` images that the seed chooses (default: all)."""
    images, labels = data
    chosen = torch.randperm(len(labels), generator=torch.Generator().manual_seed(course_seed(seed)))[:count]
    return train(
        net,
        images[chosen],
        labels[chosen],
        epochs=epochs,
        batch_size=64,
        lr=0.01,
        one_cycle=True,
        weight_decay=5e-4,
        test=test,
        seed=course_seed(seed),
    )


def train_depth(
    depth: int, shortcuts: bool, seed: int = 0, *, width: int = 16, epochs: int = 4, count: int | None = None
) -> tuple[CifarResNet, History]:
    """Train a ResNet or its plain twin on 16 px images; `count` takes that many of them, drawn from the seed."""
    data, _ = small_cifar()
    torch.manual_seed(course_seed(seed))
    net = CifarResNet(depth, width=width, shortcuts=shortcuts)
    return net, _train_net(net, data, seed, epochs, count)


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


def study_depth(seed: int, depth: int, shortcuts: bool) -> dict[str, float | list[float]]:
    """One network of the degradation study: training loss per epoch, test accuracy, the sizes of its residuals."""
    net, history = train_depth(depth, shortcuts, seed)
    _, (images, labels) = small_cifar()
    sizes = residual_sizes(net, images[:256]) if shortcuts else []
    return {"loss": history.loss, "test": accuracy_of(net, images, labels), "residual": sizes}


def study_shape(seed: int, shape: str) -> dict[str, float]:
    """Depth against width at equal parameters: final training loss and test accuracy of one residual network."""
    depth, width = SHAPES[shape]
    net, history = train_depth(depth, True, seed, width=width)
    return {"loss": history.loss[-1], "test": accuracy_of(net, *small_cifar()[1])}


def run_resnet20(epochs: int = 3, seed: int = 0, count: int | None = None) -> tuple[CifarResNet, History]:
    """Train ResNet-20 on the course's subset at 32 px; `count` takes the first so many images of a shuffled set."""
    data, test = cifar_tensors()
    torch.manual_seed(course_seed(seed))
    net = CifarResNet(20)
    return net, _train_net(net, data, seed, epochs, count, test)


def study_resnet20(seed: int) -> dict[str, list[float]]:
    """ResNet-20 on the subset: training loss and test accuracy after each of 3 epochs."""
    _, history = run_resnet20(seed=seed)
    return {"loss": history.loss, "accuracy": history.test_accuracy}


def train_as_he(
    net: nn.Module, data: Pair, *, iterations: int = 64_000, device: str = "cpu", seed: int = 0
) -> list[float]:
    """The recipe of He et al. for CIFAR: SGD, momentum 0.9, weight decay 1e-4, batches of 128; the loss of each step.

    The learning rate starts at 0.1 and is divided by 10 after 1/2 and after 3/4 of the iterations (32,000 and 48,000);
    images are mirrored and moved by up to 4 pixels. Source: He et al. 2015, arXiv:1512.03385, section 4.2
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


def without_norm(net: CifarResNet) -> CifarResNet:
    """Take batch normalisation out, in place, and draw the convolutions anew as PyTorch does by default."""
    for module in list(net.modules()):
        if isinstance(module, nn.Conv2d):
            module.reset_parameters()
        for name in ("bn1", "bn2"):
            if hasattr(module, name):
                setattr(module, name, nn.Identity())
    return net


def first_gradient(depth: int, shortcuts: bool, norm: bool, seed: int = 0) -> float:
    """Norm of the loss's gradient in the first convolution of a network that has not been trained, on noise images."""
    generator = torch.Generator().manual_seed(course_seed(seed))
    torch.manual_seed(course_seed(seed))
    net = CifarResNet(depth, shortcuts=shortcuts)
    net = net if norm else without_norm(net)
    x = torch.randn(16, 3, 16, 16, generator=generator)
    F.cross_entropy(net(x), torch.randint(10, (16,), generator=generator)).backward()
    assert net.conv1.weight.grad is not None
    return net.conv1.weight.grad.norm().item()
