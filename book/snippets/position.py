"""Which heads know where an object lies: flatten keeps a weight per position, global pooling throws position away.

One small CNN under three heads, asked two questions. Does it recognise objects in the half of the image where it never
saw any (`train_and_test`)? Can it tell in which half an object lies (`read_side`)? Each takes a `length`, the multiple
of `EPOCHS` that the network is trained for, and says how far it learned. That zero padding gives position away was
found by M. A. Islam, S. Jia and N. D. B. Bruce, "How Much Position Information Do Convolutional Neural Networks
Encode?", ICLR 2020.
"""

from collections.abc import Callable
from typing import Literal

import torch
from torch import nn

from book.snippets.seeds import course_seed
from book.snippets.shapes import draw_shapes
from book.snippets.training import accuracy_of, falling, train

HEADS = ("flatten", "gap", "gmp")
HALVES = {"left": (0.0, 0.5), "right": (0.5, 1.0)}  # columns that may hold the whole object, as shares of the width
RADII = (0.14, 0.2)  # half-widths of the objects, as shares of the image's width
TRAIN_SIZE = 33  # side of a training image in pixels
TRAIN_IMAGES = 640
EPOCHS = 24  # of a training of length 1
# what `train_and_test` varies beside the head: side of the training objects, padding, side of the image in pixels
FRAMES = {
    "left, 33 px, zeros": ("left", "zeros", 33),
    "right, 33 px, zeros": ("right", "zeros", 33),
    "left, 33 px, none": ("left", "none", 33),
    "left, 32 px, zeros": ("left", "zeros", 32),
    "left, 32 px, none": ("left", "none", 32),
}
# what `read_side` compares: head, padding, extra layers; the last map sees 9 pixels, 8 more with an extra layer
READERS = {
    "flatten, none, 9 px": ("flatten", "none", 0),
    "gmp, none, 9 px": ("gmp", "none", 0),
    "gap, none, 9 px": ("gap", "none", 0),
    "gap, zeros, 9 px": ("gap", "zeros", 0),
    "gap, zeros, 17 px": ("gap", "zeros", 1),
    "gap, circular, 17 px": ("gap", "circular", 1),
    "gap, none, 17 px": ("gap", "none", 1),
    "gmp, zeros, 17 px": ("gmp", "zeros", 1),
}


def spatial_head(head: str) -> Callable[[torch.Tensor], torch.Tensor]:
    """From the last feature map `(N, C, H, W)` to vectors: `(N, C*H*W)` for flatten, `(N, C)` for gap and gmp.

    Raises `KeyError` for a head that is not one of `HEADS`.
    """
    return {
        "flatten": lambda x: x.flatten(1),
        "gap": lambda x: x.mean(dim=(2, 3)),
        "gmp": lambda x: x.amax(dim=(2, 3)),
    }[head]


class PositionNet(nn.Module):
    """Three 3×3 convolutions with strides 1, 2, 2 (and `extra` more with stride 1), one of `HEADS`, one linear layer.

    Batch normalisation after each convolution makes training reliable; it treats all positions alike. `padding` is what
    surrounds each map: `zeros`, `none`, or `circular` (the opposite side, so that the image has no border). One value
    of the last map sees a window of 9 pixels, 8 more with each extra layer.
    """

    def __init__(
        self,
        head: str,
        padding: str = "zeros",
        *,
        size: int = TRAIN_SIZE,
        classes: int = 4,
        extra: int = 0,
        channels: tuple[int, int, int] = (8, 16, 32),
    ) -> None:
        super().__init__()
        widths = (3, *channels, *[channels[-1]] * extra)
        strides = (1, 2, 2, *[1] * extra)
        mode: Literal["circular", "zeros"] = "circular" if padding == "circular" else "zeros"
        rim = 0 if padding == "none" else 1
        layers: list[nn.Module] = []
        for c_in, c_out, stride in zip(widths, widths[1:], strides, strict=False):
            conv = nn.Conv2d(c_in, c_out, 3, stride, padding=rim, padding_mode=mode, bias=False)
            layers += [conv, nn.BatchNorm2d(c_out), nn.ReLU()]
        self.features = nn.Sequential(*layers)
        self.pool = spatial_head(head)
        with torch.no_grad():
            length = self.pool(self.features.eval()(torch.zeros(1, 3, size, size))).shape[1]
        self.features.train()
        self.classifier = nn.Linear(length, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Images `(N, 3, S, S)` in [0, 1] to logits `(N, classes)`; gap and gmp take any `S`, flatten only its own."""
        return self.classifier(self.pool(self.features(x - 0.4)))


def fit_for(
    net: PositionNet, images: torch.Tensor, labels: torch.Tensor, seed: int, length: float = 1
) -> dict[str, float]:
    """Train `net` in place by the one recipe of chapter 2, `length` times `EPOCHS` epochs: about 3 s for length 1.

    Returns how far it learned: `train` accuracy in [0, 1], `falling` loss, `steps`.
    """
    epochs = round(length * EPOCHS)
    history = train(net, images, labels, epochs=epochs, batch_size=32, lr=1e-2, seed=seed)
    return {
        "train": accuracy_of(net, images, labels),
        "falling": falling(history.step_loss),
        "steps": len(history.step_loss),
    }


def new_seed(seed: int) -> tuple[int, torch.Generator]:
    """`seed` shifted by `COURSE_SEED`, set for torch's initial weights as well, and a generator for the images."""
    shifted = course_seed(seed)
    torch.manual_seed(shifted)
    return shifted, torch.Generator().manual_seed(shifted)


def train_and_test(seed: int, head: str, frame: str = "left, 33 px, zeros", length: float = 1) -> dict[str, float]:
    """Train on objects in one half of the image; accuracy in [0, 1] on 1,000 new images of each half.

    `seen` is the half of the training images, `unseen` the other; of the latter's objects `edge` counts those that come
    within 3 pixels of the border on their side, `inner` the rest. Chance is 0.25.
    """
    train_side, padding, size = FRAMES[frame]
    shifted, generator = new_seed(seed)
    other = "right" if train_side == "left" else "left"
    shown, seen, unseen = (
        draw_shapes(n, size=size, columns=HALVES[side], radius=RADII, generator=generator)
        for n, side in ((TRAIN_IMAGES, train_side), (1000, train_side), (1000, other))
    )
    net = PositionNet(head, padding, size=size)
    learned = fit_for(net, shown.images, shown.labels, shifted, length / 2)  # half of EPOCHS is enough here
    middle, half = unseen.centers[:, 1], unseen.radii
    edge = (middle + half > size - 3) if other == "right" else (middle - half < 3)
    return {
        "seen": accuracy_of(net, seen.images, seen.labels),
        "unseen": accuracy_of(net, unseen.images, unseen.labels),
        "edge": accuracy_of(net, unseen.images[edge], unseen.labels[edge]),
        "inner": accuracy_of(net, unseen.images[~edge], unseen.labels[~edge]),
        **learned,
    }


def mean_of(numbers: list[float]) -> float:
    """The mean; 0 of nothing."""
    return sum(numbers) / max(len(numbers), 1)


def position_claims(rows: list[dict]) -> dict[str, bool]:
    """What chapter 2 concludes from `train_and_test`, for rows of one length."""

    def unseen(heads: tuple[str, ...]) -> list[float]:
        return [row["unseen"] for row in rows if row["head"] in heads and row["frame"] != "left, 32 px, none"]

    found = {
        "flatten is at chance where it never saw objects": max(unseen(("flatten",))) < 0.4,
        "GAP and GMP know objects where they never saw any": min(unseen(("gap", "gmp"))) > 0.8,
    }
    edge = {
        size: [row["edge"] for row in rows if row["head"] == "gmp" and row["frame"] == f"left, {size} px, none"]
        for size in (32, 33)
    }
    if all(edge.values()):
        found["GMP misses objects that an unpadded image of 32 pixels cuts off"] = (
            mean_of(edge[32]) < mean_of(edge[33]) - 0.03
        )
    return found


def draw_sides(n: int, size: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Small objects left (label 0) or right (label 1) of the middle: images `(n, 3, size, size)`, labels `(n,)`.

    No object comes closer than 8 pixels to the left or right border, and the right half's positions are the left half's
    moved by 8 pixels, a multiple of the network's stride. So nothing but the position differs between the labels.
    """
    reach, radius = 8 / size, (2.2 / size, 3.8 / size)
    halves = [(0.5 - reach, 0.5), (0.5, 0.5 + reach)]
    images = [draw_shapes(n // 2, size=size, columns=c, radius=radius, generator=generator).images for c in halves]
    return torch.cat(images), torch.arange(2).repeat_interleave(n // 2)


def read_side(seed: int, reader: str, length: float = 1) -> dict[str, float]:
    """Train one of `READERS` on the question "left or right?"; accuracy in [0, 1] on 1,000 new images. Chance is 0.5.

    Images are 33 pixels wide without padding and 32 with it, so that the strides tile them exactly.
    """
    head, padding, extra = READERS[reader]
    shifted, generator = new_seed(seed)
    size = 33 if padding == "none" else 32
    images, labels = draw_sides(TRAIN_IMAGES, size, generator)
    test = draw_sides(1000, size, generator)
    net = PositionNet(head, padding, size=size, classes=2, extra=extra)
    learned = fit_for(net, images, labels, shifted, length)
    return {"accuracy": accuracy_of(net, *test), **learned}


def side_claims(rows: list[dict]) -> dict[str, bool]:
    """What chapter 2 concludes from `read_side`, for rows of one length."""
    accuracies = {reader: [row["accuracy"] for row in rows if row["reader"] == reader] for reader in READERS}
    blind = ("gap, none, 9 px", "gap, zeros, 9 px", "gap, circular, 17 px")
    found = {
        "GAP that sees no border tosses a coin": all(
            0.42 < share < 0.58 for each in blind for share in accuracies[each]
        ),
        "GAP that sees zero padding reads the side": mean_of(accuracies["gap, zeros, 17 px"]) > 0.9,
    }
    for reader in ("gap, none, 17 px", "flatten, none, 9 px"):
        if accuracies[reader]:
            found[f"{reader}: reads the side"] = mean_of(accuracies[reader]) > 0.9
    return found
