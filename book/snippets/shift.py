"""What a shift of a few pixels does to a CNN, by the way in which it halves its feature maps.

Two experiments share the ways listed in `SHRINKS`: random filters on images that wrap round, where halving is the only
thing that can move the answer, and small networks trained on shapes, where accuracy counts as well. The blur before the
stride follows R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F

from book.snippets.seeds import course_seed
from book.snippets.shapes import draw_shapes
from book.snippets.training import falling

SHRINKS = ("stride", "max", "average", "blur", "max+blur")


def blur_and_stride(x: torch.Tensor, wrap: bool = False) -> torch.Tensor:
    """Blur each channel with [1, 2, 1]/4 along rows and columns, then keep every second value.

    `(N, C, H, W)` to `(N, C, H/2, W/2)`. Beyond the border lies the mirror image, or with `wrap` the opposite side.
    """
    binomial = torch.tensor([1.0, 2.0, 1.0], dtype=x.dtype) / 4
    kernel = torch.outer(binomial, binomial).expand(x.shape[1], 1, 3, 3)
    padded = F.pad(x, (1, 1, 1, 1), mode="circular" if wrap else "reflect")
    return F.conv2d(padded, kernel, stride=2, groups=x.shape[1])


def shrink(x: torch.Tensor, how: str, wrap: bool = False) -> torch.Tensor:
    """Halve height and width (both even) in one of the ways of `SHRINKS`; `none` gives `x` back, as a control.

    Raises `ValueError` for an unknown way.
    """
    if how == "none":
        return x
    if how == "stride":
        return x[:, :, ::2, ::2]
    if how == "max":
        return F.max_pool2d(x, 2)
    if how == "average":
        return F.avg_pool2d(x, 2)
    if how == "blur":
        return blur_and_stride(x, wrap)
    if how == "max+blur":
        # the maximum at every position first, so that only a blurred map is subsampled
        edge = F.pad(x, (0, 1, 0, 1), mode="circular" if wrap else "replicate")
        return blur_and_stride(F.max_pool2d(edge, 2, stride=1), wrap)
    raise ValueError(f"unknown way to shrink {how!r}; known are 'none' and {SHRINKS}")


def random_filters(seed: int, channels: tuple[int, ...] = (3, 16, 32, 32, 32)) -> list[torch.Tensor]:
    """Untrained filters `(C_out, C_in, 3, 3)`, one tensor per layer, scaled as He et al. (2015) start ReLU nets."""
    generator = torch.Generator().manual_seed(course_seed(seed))
    return [
        torch.randn(c_out, c_in, 3, 3, generator=generator) * (2 / (9 * c_in)) ** 0.5
        for c_in, c_out in pairwise(channels)
    ]


@torch.no_grad()
def describe(images: torch.Tensor, filters: list[torch.Tensor], how: str) -> torch.Tensor:
    """One vector per image, `(N, 3, H, W)` to `(N, C)`: convolution, ReLU, shrink, and so on, then a mean over the map.

    The last layer is not shrunk, so that each shrunk map is seen by one more layer. Borders wrap round: without
    shrinking, the vector would not notice a shift at all.
    """
    x = images
    for layer, weight in enumerate(filters):
        x = F.relu(F.conv2d(F.pad(x, (1, 1, 1, 1), mode="circular"), weight))
        if layer < len(filters) - 1:
            x = shrink(x, how, wrap=True)
    return x.mean(dim=(2, 3))


def shift_change(images: torch.Tensor, filters: list[torch.Tensor], how: str, shifts: range) -> list[float]:
    """How far the description moves when the images move diagonally by each of `shifts` pixels, wrapping round.

    The unit is the mean distance between two different images, so that a way which merely makes all vectors alike gains
    nothing: 0 is "did not notice", 1 is "as if it were another image".
    """
    still = describe(images, filters, how)  # (N, C)
    typical = torch.pdist(still).mean()
    moved = [describe(images.roll((shift, shift), dims=(2, 3)), filters, how) for shift in shifts]
    return [float((vector - still).norm(dim=1).mean() / typical) for vector in moved]


class Shrink(nn.Module):
    """`shrink` as a layer without parameters."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return shrink(x, self.how)


def shape_net(how: str, num_classes: int, channels: tuple[int, ...] = (3, 12, 24, 24)) -> nn.Sequential:
    """A small CNN with global average pooling that halves its maps three times; `how` changes no parameter's shape."""
    layers: list[nn.Module] = []
    for c_in, c_out in pairwise(channels):
        layers += [nn.Conv2d(c_in, c_out, 3, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(), Shrink(how)]
    last = channels[-1]
    layers += [nn.Conv2d(last, last, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(last, num_classes))


STEPS = 320  # of a training of length 1, with batches of 32
TEST_IMAGES = 400


def train_and_shift(seed: int, how: str, images: int = 512, length: float = 1) -> dict[str, object]:
    """Train one `shape_net` on noisy shapes, then ask it about test images moved by 0, 1, ... 8 pixels.

    The camera moves, nothing wraps: scenes of 40×40 pixels are seen through a window of 32×32 that slides diagonally,
    and every position of the window holds the whole shape. `length` times `STEPS` steps on `images` images. Returns
    `accuracy` on 400 test images at shift 0, `same`, the share of them that get the same answer as at shift 0, one
    value per shift, and how far it learned: `train` accuracy, `falling` loss, `steps`.
    """
    generator = torch.Generator().manual_seed(course_seed(seed))
    torch.manual_seed(course_seed(seed))
    scenes = draw_shapes(
        images + TEST_IMAGES,
        size=40,
        styles=("plain", "outline"),
        rows=(0.2, 0.8),  # inside every position of the window
        columns=(0.2, 0.8),
        radius=(0.1, 0.16),
        noise=0.25,
        generator=generator,
    )
    window = [scenes.images[:, :, shift : shift + 32, shift : shift + 32] for shift in range(9)]
    net, labels = shape_net(how, num_classes=4), scenes.labels
    losses = _fit_shapes(net, window[0][:images], labels[:images], round(length * STEPS), generator)
    net.eval()
    with torch.no_grad():
        answers = torch.stack([net(view[images:]).argmax(dim=1) for view in window])  # (9, 400)
        learned = net(window[0][:images]).argmax(dim=1) == labels[:images]
    return {
        "accuracy": float((answers[0] == labels[images:]).float().mean()),
        "same": (answers == answers[0]).float().mean(dim=1).tolist(),
        "train": float(learned.float().mean()),
        "falling": falling(losses),
        "steps": len(losses),
    }


def _fit_shapes(
    net: nn.Module, images: torch.Tensor, labels: torch.Tensor, steps: int, generator: torch.Generator
) -> list[float]:
    """Adam with one cycle of the learning rate up to 0.01, in batches of 32; the loss of each step."""
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=steps)
    losses = []
    for step in range(steps):
        if step % (len(images) // 32) == 0:
            order = torch.randperm(len(images), generator=generator)
        batch = order[step * 32 % len(images) :][:32]
        loss = F.cross_entropy(net(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


def shift_claims(rows: list[dict]) -> dict[str, bool]:
    """What chapter 1 concludes from `train_and_shift`, for rows of one length."""
    accuracy, train, same = _by_way(rows, "accuracy"), _by_way(rows, "train"), _by_way(rows, "same")
    found = {
        "every way but the bare stride recognises 95% of new images": min(
            share for how, share in accuracy.items() if how != "stride"
        )
        > 0.95,
        "average and blur change their answers less often than max": min(same["average"], same["blur"]) > same["max"],
    }
    if "max+blur" in same:
        found["max+blur changes its answers less often than max"] = same["max+blur"] > same["max"]
    if "stride" in same:
        by_heart = train["stride"] > 0.95 and accuracy["stride"] < 0.6
        found["the bare stride knows 512 images by heart and fails on new ones"] = by_heart
    return found


def image_claims(rows: list[dict]) -> dict[str, bool]:
    """What chapter 1 concludes from `train_and_shift` with four times the images, for rows of one length."""
    return {"with 2,048 images the bare stride recognises 70% of new ones": _by_way(rows, "accuracy")["stride"] > 0.7}


def _by_way(rows: list[dict], metric: str) -> dict[str, float]:
    """Mean of `metric` over the rows of each way; of `same`, over the shifts by 1 to 8 pixels."""
    found: dict[str, list[float]] = {}
    for row in rows:
        value = row[metric]
        found.setdefault(row["how"], []).append(sum(value[1:]) / 8 if isinstance(value, list) else value)
    return {how: sum(values) / len(values) for how, values in found.items()}
