"""Chapter 6: what features are worth by depth, and on a task that looks nothing like ImageNet."""

import torch
from torch import nn

from book.snippets.data import Split
from book.snippets.seeds import seed_everything
from book.snippets.shapes import SHAPE_CLASSES, SHAPE_STYLES, draw_shapes
from book.snippets.transfer import Lite0Backbone, fit_head, head_accuracy, load_lite0, pick_balanced, to_lite0
from book.snippets.transfer_arms import TRANSFER_SIZE, compare, transfer_photos


def draw_transfer_shapes(n: int, generator: torch.Generator) -> Split:
    """Drawings that resemble no photograph: small shapes of four classes and four styles in heavy noise."""
    drawn = draw_shapes(n, size=TRANSFER_SIZE, radius=(0.1, 0.14), styles=SHAPE_STYLES, noise=0.3, generator=generator)
    return Split((drawn.images * 255).round().to(torch.uint8), drawn.labels)


@torch.no_grad()
def features_by_depth(backbone: Lite0Backbone, images: torch.Tensor, batch: int = 100) -> list[torch.Tensor]:
    """GAP of the map after the stem, after each of the 16 blocks and after the last convolution.

    uint8 images `(N, 3, S, S)` to 18 tensors `(N, C)`, C from 32 to 1280.
    """
    parts: list[nn.Module] = [backbone.stem, *backbone.blocks, backbone.last]
    found: list[list[torch.Tensor]] = [[] for _ in parts]
    for some in images.split(batch):
        x = to_lite0(some)  # (B, 3, S, S)
        for part, kept in zip(parts, found, strict=True):
            x = part(x)
            kept.append(x.mean(dim=(2, 3)))
    return [torch.cat(kept) for kept in found]


def probe_by_depth(backbone: Lite0Backbone, train_set: Split, test: Split, num_classes: int) -> list[float]:
    """Test accuracy of a linear probe on each depth's features, each feature scaled to mean 0 and variance 1."""
    seen, unseen = features_by_depth(backbone, train_set.images), features_by_depth(backbone, test.images)
    accuracies = []
    for known, new in zip(seen, unseen, strict=True):
        mean, std = known.mean(dim=0), known.std(dim=0) + 1e-6  # (C,)
        head = fit_head((known - mean) / std, train_set.labels, num_classes)
        accuracies.append(head_accuracy(head, (new - mean) / std, test.labels))
    return accuracies


def run_depth(seed: int, task: str) -> dict[str, list[float]]:
    """Linear probes by depth from 100 images of one task, `photos` or `drawings`: 18 accuracies."""
    generator = seed_everything(seed)
    backbone = Lite0Backbone(load_lite0()).eval()
    if task == "drawings":
        known, new = draw_transfer_shapes(100, generator), draw_transfer_shapes(400, generator)
        return {"accuracy": probe_by_depth(backbone, known, new, len(SHAPE_CLASSES))}
    photos = transfer_photos()
    chosen = pick_balanced(photos["train"].labels, 100, generator)
    known = Split(photos["train"].images[chosen], photos["train"].labels[chosen])
    return {"accuracy": probe_by_depth(backbone, known, photos["test"], 2)}


def run_drawings(seed: int, strategy: str, images: int) -> dict[str, float]:
    """The strategies on drawn shapes, with a larger rate for the backbone, which has more to change."""
    generator = seed_everything(seed)
    some, test = draw_transfer_shapes(images, generator), draw_transfer_shapes(400, generator)
    return compare(strategy, some, test, len(SHAPE_CLASSES), generator, backbone_lr=1e-3)
