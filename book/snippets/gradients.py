"""Gradients of networks that have not been trained: how large they arrive, and whether neighbors agree."""

import torch
import torch.nn.functional as F

from book.snippets.resnet import CifarResNet
from book.snippets.seeds import course_seed


def noise_batch(
    seed: int, count: int = 16
) -> tuple[torch.Tensor, torch.Tensor]:
    """Images of noise `(count, 3, 16, 16)`, random labels `(count,)`."""
    generator = torch.Generator().manual_seed(course_seed(seed))
    return (
        torch.randn(count, 3, 16, 16, generator=generator),
        torch.randint(10, (count,), generator=generator),
    )


def first_gradient(net: CifarResNet, seed: int) -> float:
    """Norm of the gradient in the first convolution, on noise."""
    images, labels = noise_batch(seed)
    F.cross_entropy(net(images), labels).backward()
    assert net.conv1.weight.grad is not None
    return net.conv1.weight.grad.norm().item()


def agreement(net: CifarResNet, seed: int, distance: float = 0.1) -> float:
    """Mean cosine of the loss's gradients at an image and at its neighbor.

    The neighbor is `distance` standard deviations away. 1 means that a
    small step leaves the direction as it is, 0 that nothing can be told
    from one point about the next.
    After Balduzzi et al. 2017, arXiv:1702.08591
    """
    images, labels = noise_batch(seed)
    nudge = distance * torch.randn(
        images.shape,
        generator=torch.Generator().manual_seed(course_seed(seed) + 1),
    )

    def gradient(x: torch.Tensor) -> torch.Tensor:
        x.requires_grad_(True)
        loss = F.cross_entropy(net(x), labels)
        (slope,) = torch.autograd.grad(loss, x)
        return slope.flatten(1)  # (count, 3·16·16)

    cosine = F.cosine_similarity(gradient(images), gradient(images + nudge))
    return cosine.mean().item()
