"""Chapter 7's networks: one image, two questions (its domain and its category), and what their gradients want.

The images are drawn shapes of 24×24 px: the style is the domain, the shape the category. Backbones are tiny, so that
one training takes seconds on one thread. Everything computes in float64: training amplifies rounding, and the studies
are to come out the same on another CPU.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.shapes import SHAPE_CLASSES, SHAPE_STYLES, draw_shapes

TASK_SIZE = 24  # side of an image, pixels
SHARING = ("one", "separate", "concatenated")
# Five networks: how the two tasks share, and the backbones' widths. The first three have the same size within 2 %.
ARMS: dict[str, tuple[str, tuple[int, int, int]]] = {
    "one backbone": ("one", (12, 24, 36)),
    "two separate": ("separate", (8, 17, 26)),
    "two concatenated": ("concatenated", (8, 17, 25)),
    "two separate, double": ("separate", (12, 24, 36)),
    "two concatenated, double": ("concatenated", (12, 24, 36)),
}


PARTNERS = ("none", "same", "style", "random", "reversed")  # second tasks for the backbone that learns the category


@dataclass(frozen=True)
class TaskImages:
    """Images with two labels each."""

    images: torch.Tensor  # (N, 3, S, S) float64
    domains: torch.Tensor  # (N,) int64
    categories: torch.Tensor  # (N,) int64

    def __len__(self) -> int:
        return len(self.images)

    @property
    def targets(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Both labels, in the order of the network's outputs."""
        return self.domains, self.categories

    def where(self, chosen: torch.Tensor) -> "TaskImages":
        """The images that a mask or an index `(N,)` chooses."""
        return TaskImages(self.images[chosen], self.domains[chosen], self.categories[chosen])


def draw_task_images(n: int, generator: torch.Generator) -> TaskImages:
    """Draw `n` images, all 16 combinations of style (domain) and shape (category) at random, each equally likely."""
    drawn = draw_shapes(n, size=TASK_SIZE, styles=SHAPE_STYLES, radius=(0.2, 0.28), noise=0.15, generator=generator)
    return TaskImages(drawn.images.double(), drawn.styles, drawn.labels)


def on_diagonal(data: TaskImages) -> torch.Tensor:
    """Mask `(N,)` of the 4 combinations that are kept for testing: each style and each shape exactly once."""
    return data.domains == data.categories


def partner_labels(partner: str, data: TaskImages, generator: torch.Generator) -> TaskImages:
    """`data` with other labels for the first head: the second task that joins the category on one backbone.

    `style` leaves the domains as they are; `same` and `reversed` ask for the category once more (the latter's gradient
    is to be reversed, so that the backbone must withhold it); `random` means nothing; `none` will weigh nothing.
    """
    if partner == "style":
        return data
    draw = torch.randint(len(SHAPE_CLASSES), data.categories.shape, generator=generator)
    return TaskImages(data.images, draw if partner == "random" else data.categories, data.categories)


def tiny_backbone(widths: Sequence[int]) -> nn.Sequential:
    """Three 3×3 convolutions (strides 2, 2, 1), each with batch normalisation and ReLU: `(N, 3, S, S)` to a map."""
    layers: list[nn.Module] = []
    for c_in, c_out, stride in zip((3, *widths), widths, (2, 2, 1), strict=False):
        layers += [nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU()]
    return nn.Sequential(*layers)


class TwoTaskNet(nn.Module):
    """Images `(N, 3, S, S)` to domain logits and category logits, in one of the ways of `SHARING`.

    `one`: both heads read the features of a single backbone. `separate`: each task has a backbone and a head of its
    own. `concatenated`: two backbones, and both heads read the features of both. Raises `ValueError` for another name.
    """

    def __init__(
        self,
        sharing: str,
        widths: Sequence[int],
        classes: tuple[int, int] = (len(SHAPE_STYLES), len(SHAPE_CLASSES)),
    ) -> None:
        super().__init__()
        if sharing not in SHARING:
            raise ValueError(f"sharing is {sharing!r}, so it is unclear what the heads read; use one of {SHARING}")
        self.sharing = sharing
        self.backbones = nn.ModuleList(tiny_backbone(widths) for _ in range(1 if sharing == "one" else 2))
        length = widths[-1] * (2 if sharing == "concatenated" else 1)
        self.heads = nn.ModuleList(nn.Linear(length, k) for k in classes)
        self.double()

    def features(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What the domain head and the category head read: two tensors `(N, C)`, the same one where it is shared."""
        pooled = [backbone(images - 0.4).mean(dim=(2, 3)) for backbone in self.backbones]  # (N, C) each
        if self.sharing == "concatenated":
            pooled = [torch.cat(pooled, dim=1)]  # (N, 2C)
        return pooled[0], pooled[-1]

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        for_domain, for_category = self.features(images)
        return self.heads[0](for_domain), self.heads[1](for_category)


def reverse_gradient(features: torch.Tensor) -> torch.Tensor:
    """The same values, but the gradient that flows back changes its sign (Ganin and Lempitsky 2015)."""
    return 2 * features.detach() - features


def task_losses(
    net: TwoTaskNet, images: torch.Tensor, targets: Sequence[torch.Tensor], *, reverse_domain: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean cross-entropy of the domain and of the category.

    With `reverse_domain` the domain head still learns its labels, while the backbone learns to withhold them.
    """
    for_domain, for_category = net.features(images)
    if reverse_domain:
        for_domain = reverse_gradient(for_domain)
    domain = F.cross_entropy(net.heads[0](for_domain), targets[0])
    return domain, F.cross_entropy(net.heads[1](for_category), targets[1])


def weighted_total(losses: Sequence[torch.Tensor], weights: Sequence[float]) -> torch.Tensor:
    """Losses times weights, in the same order, added up. Raises `ValueError` when they differ in number."""
    if len(losses) != len(weights):
        raise ValueError(f"{len(losses)} losses but {len(weights)} weights, so one would not count; give one per loss")
    return torch.stack([weight * loss for weight, loss in zip(weights, losses, strict=True)]).sum()


def fit_two_tasks(
    net: TwoTaskNet,
    data: TaskImages,
    generator: torch.Generator,
    *,
    steps: int,
    weights: tuple[float, float] = (1.0, 1.0),
    reverse_domain: bool = False,
    watch: Callable[[int], None] | None = None,
) -> list[float]:
    """Train in place (AdamW, batches of 32, one cycle up to a rate of 0.01), leave the net in eval mode.

    Returns the training loss of each step: the domain's and the category's times `weights`. `watch(step)` is called
    before each step and once after the last.
    """
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=steps)
    seen = []
    net.train()
    for step in range(steps):
        if watch:
            watch(step)
        batch = data.where(torch.randint(len(data), (32,), generator=generator))
        losses = task_losses(net, batch.images, batch.targets, reverse_domain=reverse_domain)
        total = weighted_total(losses, weights)
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        schedule.step()
        seen.append(total.item())
    if watch:
        watch(steps)
    net.eval()
    return seen


@torch.no_grad()
def both_accuracies(net: TwoTaskNet, data: TaskImages) -> tuple[float, float]:
    """Share of right domains and of right categories, in [0, 1]."""
    domain, category = (
        (logits.argmax(1) == labels).double().mean().item()
        for logits, labels in zip(net(data.images), data.targets, strict=True)
    )
    return domain, category


def cosine_between(first: Sequence[torch.Tensor], second: Sequence[torch.Tensor]) -> float:
    """Cosine of the angle between two gradients, each a list of tensors read as one long vector; 0 if one vanishes.

    Raises `ValueError` when the lists do not match tensor by tensor.
    """
    shapes = [[tuple(each.shape) for each in side] for side in (first, second)]
    if shapes[0] != shapes[1]:
        raise ValueError(f"gradients of shapes {shapes[0]} and {shapes[1]} have no angle; take the same parameters")
    u, v = (torch.cat([each.flatten() for each in side]) for side in (first, second))
    return F.cosine_similarity(u, v, dim=0).item()


@dataclass(frozen=True)
class Conflict:
    """What two tasks want of one backbone at one moment."""

    cosine: float  # over all of the backbone's convolutions
    layers: list[float]  # for each convolution, from the image upwards
    norms: tuple[float, float]  # length of the domain's gradient and of the category's


def measure_conflict(
    net: TwoTaskNet, images: torch.Tensor, targets: Sequence[torch.Tensor], *, reverse_domain: bool = False
) -> Conflict:
    """Gradients of the two unweighted losses on the shared backbone's convolutions, compared; `net` stays as it is.

    A copy in train mode is measured, so that the net's running statistics do not move. Raises `ValueError` unless both
    heads read one backbone.
    """
    if net.sharing != "one":
        raise ValueError(f"a net with sharing {net.sharing!r} has no single shared backbone; measure one with 'one'")
    twin = copy.deepcopy(net).train()
    domain, category = task_losses(twin, images, targets, reverse_domain=reverse_domain)
    kernels = [layer.weight for layer in twin.backbones[0].modules() if isinstance(layer, nn.Conv2d)]
    first = torch.autograd.grad(domain, kernels, retain_graph=True)
    second = torch.autograd.grad(category, kernels)
    norms = [torch.cat([each.flatten() for each in side]).norm().item() for side in (first, second)]
    layers = [cosine_between([u], [v]) for u, v in zip(first, second, strict=True)]
    return Conflict(cosine_between(first, second), layers, (norms[0], norms[1]))
