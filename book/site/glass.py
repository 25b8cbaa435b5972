"""The glass network's weights for the site, and answers to hold them against: `python -m
book.site.glass`.

Trains the pair of seed 0 of the study `ch02_glass` (about 20 s, needs torch) and writes
`static/glass-net.js`, which readers' browsers compute with, and `glass.json`: what the trained
networks themselves, in torch, make of some pictures. Batch normalization is folded into the
convolutions; nothing is rounded but to float32. `make book` only copies both.
"""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from book.bilingual.studies.study_code import code_hash
from book.snippets.glass import GLASS_CHANNELS, GLASS_RADIUS, glass_twin
from book.snippets.position import TRAIN_SIZE, PositionNet
from book.snippets.shapes import SHAPE_CLASSES, draw_shapes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NET, ANSWERS = HERE / "static/glass-net.js", HERE / "glass.json"
HEADS = ("gap", "flatten")
STRIDES = (1, 2, 2)
DARK, BRIGHT = 0.15, 0.85  # of the pictures that readers paint, in all three colours
PLACES = ((16, 8), (8, 16), (11, 27), (16, 16), (29, 3))  # row and column of a shape's centre
Layer = tuple[torch.Tensor, torch.Tensor]


def folded(net: PositionNet) -> list[Layer]:
    """Weights and biases of the convolutions, batch normalization included, and of the linear
    layer.
    """
    layers: list[Layer] = []
    for conv, norm in zip(list(net.features)[0::3], list(net.features)[1::3], strict=True):
        assert isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
        assert norm.running_mean is not None and norm.running_var is not None
        scale = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
        weight = conv.weight.double() * scale.view(-1, 1, 1, 1)
        layers.append(
            (weight.float(), (norm.bias.double() - norm.running_mean.double() * scale).float())
        )
    layers.append((net.classifier.weight, net.classifier.bias))
    return [(weight.detach(), bias.detach()) for weight, bias in layers]


def packed(layers: list[Layer]) -> str:
    """All numbers one after another, little-endian float32 in base64."""
    flat = torch.cat([number.reshape(-1) for layer in layers for number in layer])
    return b64encode(flat.numpy().astype("<f4").tobytes()).decode()


def run(layers: list[Layer], head: str, image: torch.Tensor) -> dict[str, torch.Tensor]:
    """What one network makes of an image `(3, S, S)`: the maps of its three layers, vector, logits,
    one map per class.

    `cams` `(K, h, w)` holds, for GAP, class activation maps, whose mean is the logit without its
    bias; for flatten, what each place adds to the logit, so that their sum is.
    """
    x, maps = (image - 0.4).unsqueeze(0), []
    for (weight, bias), stride in zip(layers[:-1], STRIDES, strict=True):
        x = F.relu(F.conv2d(x, weight, bias, stride, padding=1))
        maps.append(x[0])
    weight, bias = layers[-1]
    if head == "gap":
        vector, cams = x[0].mean((1, 2)), torch.einsum("kc,chw->khw", weight, x[0])
    else:
        vector, cams = x[0].flatten(), (weight.view(-1, *x[0].shape) * x[0]).sum(1)
    return {
        "maps1": maps[0],
        "maps2": maps[1],
        "maps3": maps[2],
        "vector": vector,
        "logits": weight @ vector + bias,
        "cams": cams,
    }


def picture(shape: str, row: int, column: int) -> torch.Tensor:
    """The picture `(3, S, S)` of a shape whose centre is the middle of the pixel at `row` and
    `column`.
    """
    half = GLASS_RADIUS / TRAIN_SIZE
    rows, columns = (
        ((at + 0.5) / TRAIN_SIZE - half - 1e-7, (at + 0.5) / TRAIN_SIZE + half + 1e-7)
        for at in (row, column)
    )
    drawn = draw_shapes(
        1, size=TRAIN_SIZE, classes=(shape,), rows=rows, columns=columns, radius=(half, half)
    )
    return painted(drawn.masks[0])


def painted(mask: torch.Tensor) -> torch.Tensor:
    """Bright where `mask` `(S, S)` is true."""
    return torch.where(mask, BRIGHT, DARK).expand(3, -1, -1)


def scribble() -> torch.Tensor:
    """A picture that is no shape, as a mask `(S, S)`."""
    return torch.rand(TRAIN_SIZE, TRAIN_SIZE, generator=torch.Generator().manual_seed(7)) < 0.3


def answers(nets: dict[str, PositionNet]) -> list[dict[str, Any]]:
    """What the trained networks themselves, not their folded weights, say to shapes in `PLACES` and
    to a scribble.
    """
    asked: list[tuple[dict[str, Any], torch.Tensor]] = [
        ({"shape": shape, "row": row, "column": column}, picture(shape, row, column))
        for shape in SHAPE_CLASSES
        for row, column in PLACES
    ]
    asked.append(({"scribble": True}, painted(scribble())))
    found = []
    for what, image in asked:
        for head, net in nets.items():
            with torch.no_grad():
                features = net.features((image - 0.4).unsqueeze(0))[0]
                logits = net(image.unsqueeze(0))[0]
            sums = features.sum((1, 2)).tolist()
            found.append(what | {"head": head, "last map sums": sums, "logits": logits.tolist()})
    return found


def main() -> None:
    """Train the pair and write both files."""
    torch.set_num_threads(1)
    nets = {head: glass_twin(0, head)[0] for head in HEADS}
    net: dict[str, Any] = {
        "size": TRAIN_SIZE,
        "radius": GLASS_RADIUS,
        "channels": GLASS_CHANNELS,
        "classes": SHAPE_CLASSES,
        "shades": [DARK, BRIGHT],
        "nets": {head: packed(folded(nets[head])) for head in HEADS},
    }
    code = code_hash(ROOT, "book.snippets.glass:glass_twin")
    NET.write_text(
        f"// Written by book/site/glass.py.\ncourseGlass.open({json.dumps(net)});\n", "utf-8"
    )
    rows = ",\n".join(json.dumps(answer) for answer in answers(nets))
    ANSWERS.write_text(
        f'{{"code": "{code}", "torch": "{torch.__version__}", "answers": [\n{rows}\n]}}\n', "utf-8"
    )


if __name__ == "__main__":
    main()
