"""What drawings say of networks: counted on the networks themselves, built without values on the
`meta` device.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import nn


@dataclass(frozen=True)
class Stage:
    """A stretch of a network whose maps have one size, and what it holds."""

    name: str
    channels: int
    side: int  # of its square maps; 1 behind GAP or flattening
    layers: int  # with weights: convolutions and linear layers, shortcuts' projections left out
    parameters: int


def head_bill(channels: int, side: int, classes: int) -> tuple[int, int, int]:
    """Length of the flattened map, parameters of a linear layer on it, and of one behind GAP."""
    flat = nn.Flatten()(torch.empty(1, channels, side, side, device="meta")).shape[1]
    bills = [_parameters(nn.Linear(length, classes, device="meta")) for length in (flat, channels)]
    return flat, bills[0], bills[1]


def _parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _weighted(module: nn.Module) -> int:
    layers = [
        name
        for name, layer in module.named_modules()
        if isinstance(layer, nn.Conv2d | nn.Linear) and "downsample" not in name
    ]
    return len(layers)


def _shape(x: torch.Tensor) -> tuple[int, int]:
    return x.shape[1], (x.shape[2] if x.dim() == 4 else 1)


@cache
def vgg16() -> tuple[Stage, ...]:
    """VGG16 at 224×224: five stages, each up to its max pooling, and the three fully connected
    layers.
    """
    from torchvision.models import vgg16

    with torch.device("meta"):
        net: Any = vgg16().eval()
        x, stages, stage = torch.empty(1, 3, 224, 224), list[Stage](), list[nn.Module]()
    for layer in net.features:
        if isinstance(layer, nn.MaxPool2d):
            held = nn.Sequential(*stage)
            stages.append(
                Stage(f"conv{len(stages) + 1}", *_shape(x), _weighted(held), _parameters(held))
            )
            stage = []
        x = layer(x)
        stage.append(layer)
    stages.append(Stage("pool5", *_shape(x), 0, 0))
    for layer in net.classifier:
        if isinstance(layer, nn.Linear):
            name = f"fc{len(stages)}"
            stages.append(Stage(name, layer.out_features, 1, 1, _parameters(layer)))
    return tuple(stages)


@cache
def resnet50() -> tuple[Stage, ...]:
    """ResNet-50 at 224×224: stem, four stages of bottlenecks, GAP, and the linear layer."""
    from torchvision.models import resnet50

    with torch.device("meta"):
        net: Any = resnet50().eval()
        x = net.relu(net.bn1(net.conv1(torch.empty(1, 3, 224, 224))))
    stages = [Stage("conv1", *_shape(x), 1, _parameters(net.conv1) + _parameters(net.bn1))]
    x = net.maxpool(x)
    for number, stage in enumerate((net.layer1, net.layer2, net.layer3, net.layer4), start=2):
        x = stage(x)
        stages.append(Stage(f"conv{number}_x", *_shape(x), _weighted(stage), _parameters(stage)))
    x = net.avgpool(x).flatten(1)
    stages.append(Stage("GAP", *_shape(x), 0, 0))
    stages.append(Stage("fc", net.fc.out_features, 1, 1, _parameters(net.fc)))
    return tuple(stages)
