"""Chapter 5's experiments: a small GAP classifier, its class maps, a pointing score, and a mark that leaks the label.

Images are 48×48 px and hold one shape (or a pair); a map has 12×12 cells of 4 px. Training takes seconds on one core.

The chapter's studies over several seeds are in `cam_studies`.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.shapes import SHAPE_CLASSES, Shapes, draw_shapes

CAM_SIZE = 48  # side of an image, pixels
MARK_SIDE = 6  # side of the mark, pixels; its corner lies at (1, 1)
CORNER_SIDE = 12  # a map that peaks in this upper left square points at the mark: 1/16 of the image
MARK_COLORS = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]])  # one per class, RGB


class CamNet(nn.Module):
    """Three 3×3 convolutions (strides 2, 2, 1), GAP, linear: `(N, 3, S, S)` to logits `(N, K)`.

    `features` gives `(N, 32, S/4, S/4)`; `head` is the linear layer. Nothing stands between the two but the mean.
    """

    def __init__(self, num_classes: int = len(SHAPE_CLASSES)) -> None:
        super().__init__()
        widths = ((3, 16, 2), (16, 32, 2), (32, 32, 1))  # in, out, stride
        layers: list[nn.Module] = []
        for c_in, c_out, stride in widths:
            layers += [nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU()]
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(32, num_classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(images).mean(dim=(2, 3)))


@dataclass(frozen=True)
class ShapePairs:
    """Images that hold two shapes of different classes, one in each half."""

    images: torch.Tensor  # (N, 3, S, S)
    labels: torch.Tensor  # (N, 2) int64, left and right
    masks: torch.Tensor  # (N, 2, S, S) bool


def draw_cam_shapes(n: int, generator: torch.Generator, columns: tuple[float, float] = (0.0, 1.0)) -> Shapes:
    """Draw `n` of the chapter's images: one small shape in heavy noise, anywhere or between `columns` (fractions)."""
    return draw_shapes(n, size=CAM_SIZE, radius=(0.12, 0.16), noise=0.2, columns=columns, generator=generator)


def draw_shape_pairs(n: int, generator: torch.Generator) -> ShapePairs:
    """Draw images with two shapes of different classes, left and right: about 3/4 of `n` images."""
    left = draw_cam_shapes(n, generator, (0.0, 0.5))
    right = draw_cam_shapes(n, generator, (0.5, 1.0))
    images = torch.where(right.masks.unsqueeze(1), right.images, left.images)  # (n, 3, S, S)
    labels = torch.stack([left.labels, right.labels], 1)  # (n, 2)
    masks = torch.stack([left.masks, right.masks], 1)  # (n, 2, S, S)
    differ = left.labels != right.labels
    return ShapePairs(images[differ], labels[differ], masks[differ])


def add_marks(
    images: torch.Tensor, labels: torch.Tensor, match: float, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Paint a colored mark into each image's upper left corner; return images and the class that each mark names.

    A share `match` of the marks names the image's own class, each of the others one of the three other classes: at
    1/4 the mark says nothing, at 1 it gives the answer away.
    """
    tells = torch.rand(len(labels), generator=generator) < match
    others = (labels + torch.randint(1, len(MARK_COLORS), labels.shape, generator=generator)) % len(MARK_COLORS)
    names = torch.where(tells, labels, others)  # (N,)
    marked = images.clone()
    marked[:, :, 1 : 1 + MARK_SIDE, 1 : 1 + MARK_SIDE] = MARK_COLORS[names].view(-1, 3, 1, 1).to(images.dtype)
    return marked, names


def fit_cam_net(
    images: torch.Tensor, labels: torch.Tensor, generator: torch.Generator, *, epochs: int = 10, batch: int = 64
) -> tuple[CamNet, list[float]]:
    """Train a new `CamNet` in the images' dtype (AdamW, one cycle up to a rate of 0.01).

    Returns it in eval mode, and the training loss of each step.
    """
    model = CamNet().to(images.dtype)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.01)
    steps = epochs * (len(labels) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=steps)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(labels), generator=generator)
        for i in range(0, len(labels) - batch + 1, batch):
            chosen = order[i : i + batch]
            loss = F.cross_entropy(model(images[chosen]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
    return model.eval(), losses


@torch.no_grad()
def class_maps(model: CamNet, images: torch.Tensor) -> torch.Tensor:
    """Every class's map, `(N, K, h, w)`: the head's weights applied to the features before the mean, bias left out."""
    return torch.einsum("kc,nchw->nkhw", model.head.weight, model.features(images))


@torch.no_grad()
def share_correct(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    """Share of images whose largest logit is the label's, in [0, 1]."""
    return (model(images).argmax(1) == labels).float().mean().item()


def peak_pixels(maps: torch.Tensor, size: int = CAM_SIZE) -> tuple[torch.Tensor, torch.Tensor]:
    """Row and column `(N,)` of the hottest pixel of maps `(N, h, w)`, after bilinear upsampling to `size` px."""
    big = F.interpolate(maps.unsqueeze(1), size=(size, size), mode="bilinear", align_corners=False)  # (N, 1, S, S)
    peak = big.flatten(1).argmax(1)
    return peak // size, peak % size


def pointing_hits(maps: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Whether each map's `(N, h, w)` hottest pixel lies on the object, `(N,)` bool; `masks` is `(N, S, S)`."""
    row, col = peak_pixels(maps, masks.shape[-1])
    return masks[torch.arange(len(masks)), row, col]


def pick_class(maps: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """One class's map per image: `(N, K, h, w)` and classes `(N,)` to `(N, h, w)`."""
    return maps[torch.arange(len(classes)), classes]


def brightness_maps(images: torch.Tensor) -> torch.Tensor:
    """A rival that has learned nothing: mean brightness in a 5×5 px window around each cell, `(N, S/4, S/4)`."""
    return F.avg_pool2d(images.mean(dim=1, keepdim=True), 5, stride=4, padding=2).squeeze(1)


def pair_hits(maps: torch.Tensor, pairs: ShapePairs) -> tuple[float, float]:
    """Of maps `(N, 2, h, w)` for the left and right shape: the share that points at its own shape, and at the other."""
    own = [pointing_hits(maps[:, side], pairs.masks[:, side]) for side in (0, 1)]
    other = [pointing_hits(maps[:, side], pairs.masks[:, 1 - side]) for side in (0, 1)]
    return torch.cat(own).float().mean().item(), torch.cat(other).float().mean().item()


def score_leak(model: CamNet, test: Shapes, match: float, generator: torch.Generator) -> dict[str, float]:
    """How a net does where marks match as they did in training, where they are random, and where there are none.

    Accuracies, the share of random marks that it follows, and the shares of its maps that peak on the object and in
    the marked corner, all in [0, 1].
    """
    alike, _ = add_marks(test.images, test.labels, match, generator)
    random_marks, names = add_marks(test.images, test.labels, 1 / len(MARK_COLORS), generator)
    maps = pick_class(class_maps(model, alike), test.labels)  # (N, h, w)
    row, col = peak_pixels(maps)
    return {
        "accuracy_alike": share_correct(model, alike, test.labels),
        "accuracy_random": share_correct(model, random_marks, test.labels),
        "accuracy_unmarked": share_correct(model, test.images, test.labels),
        "follows_mark": share_correct(model, random_marks, names),
        "hit_object": pointing_hits(maps, test.masks).float().mean().item(),
        "hit_corner": ((row < CORNER_SIDE) & (col < CORNER_SIDE)).float().mean().item(),
    }
