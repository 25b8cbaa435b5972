"""The visible checks of assignment 5's second half: maps of a whole network, and whether it is left as it came."""

import copy
from collections.abc import Callable
from typing import Any

import torch
import torch.nn as nn

from book.snippets.checks.hints import attempt, expect, hint, name_of


class Whole(nn.Module):
    """A network whose parts the checks know: `trunk`, then GAP or flattening, then `top`.

    (N, C, H, W) -> (N, K). `gap` says which of the two; neither is a module of its own.
    """

    def __init__(self, trunk: nn.Module, top: nn.Module, gap: bool = True) -> None:
        super().__init__()
        self.trunk, self.top, self.gap = trunk, top, gap

    def rest(self, maps: torch.Tensor) -> torch.Tensor:
        return self.top(maps.mean(dim=(2, 3)) if self.gap else maps.flatten(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rest(self.trunk(x))


def gap_network(dropout: float = 0.0) -> Whole:
    """Convolutions with batch normalization, GAP, dropout, 5 classes: (N, 3, H, W) -> (N, 5)."""
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU()]
    layers += [nn.Conv2d(6, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.ReLU()]
    network = Whole(nn.Sequential(*layers), nn.Sequential(nn.Dropout(dropout), nn.Linear(8, 5)))
    return network.eval()


def reused_network() -> Whole:
    """One ReLU that runs behind both convolutions, as in the blocks of torchvision's ResNet."""
    torch.manual_seed(1)
    relu = nn.ReLU()
    trunk = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), relu, nn.Conv2d(4, 6, 3, stride=2), relu)
    return Whole(trunk, nn.Linear(6, 5)).eval()


def flat_network(dropout: float = 0.0) -> Whole:
    """No GAP: the maps (N, 6, 4, 4) are flattened for two linear layers. (N, 3, 8, 8) -> (N, 5)."""
    torch.manual_seed(2)
    layers = [nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()]
    layers += [nn.Conv2d(4, 6, 3, stride=2, padding=1), nn.ReLU()]
    top = nn.Sequential(nn.Linear(96, 10), nn.ReLU(), nn.Dropout(dropout), nn.Linear(10, 5))
    return Whole(nn.Sequential(*layers), top, gap=False).eval()


def some_pictures(n: int, seed: int = 0) -> torch.Tensor:
    """Images (N, 3, 8, 8) drawn from the seed."""
    return torch.randn(n, 3, 8, 8, generator=torch.Generator().manual_seed(seed))


def leave_gradients(network: nn.Module, images: torch.Tensor) -> None:
    """A backward pass that leaves a `.grad` on the parameters, as in the middle of a training."""
    logits = network(images)
    (logits * torch.linspace(-1, 2, logits.numel()).view_as(logits)).sum().backward()


def parts(network: Whole, layer: str, images: torch.Tensor) -> tuple[torch.Tensor, Callable]:
    """On a copy in evaluation mode: last output of `layer` (`trunk`, or `trunk.` and a number), what comes behind."""
    network = copy.deepcopy(network).eval()
    trunk: Any = network.trunk
    if "." not in layer:
        return trunk(images).detach(), network.rest
    found = network.get_submodule(layer)
    depth = 1 + max(place for place, module in enumerate(trunk) if module is found)
    front, back = trunk[:depth], trunk[depth:]
    return front(images).detach(), lambda maps: network.rest(back(maps))


def picked(class_index: Any, logits: torch.Tensor) -> list[int]:
    """The class of each image: the given ones, or those that the network chooses."""
    if class_index is None:
        return [row.index(max(row)) for row in logits.tolist()]
    return [class_index] * len(logits) if isinstance(class_index, int) else class_index.tolist()


def check_network_cam(
    function: Callable,
    network: Whole,
    layer: str,
    images: torch.Tensor,
    class_index: Any = None,
    *,
    advice: str = "",
    values: bool = True,
) -> None:
    """Compare with the maps that follow from the network's parts; fail with a hint that names the mistake.

    `values` off: shape and dtype alone.
    """
    name, (maps, rest) = name_of(function), parts(network, layer, images)
    classes = picked(class_index, rest(maps))
    head = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    weight = head.weight.detach()
    bias = torch.zeros(len(weight)) if head.bias is None else head.bias.detach()

    def weighted(chosen: list[int]) -> torch.Tensor:
        return torch.stack([torch.tensordot(weight[k], one, 1) for k, one in zip(chosen, maps, strict=True)])

    wanted = weighted(classes)
    given = (network, layer, images) if class_index is None else (network, layer, images, class_index)
    got = _map_of(function, given, wanted, advice)
    if not values:
        return
    wrong = {
        hint(f"`{name}`: 음수가 사라졌습니다.", f"`{name}`: the negative values are gone."): wanted.clamp(min=0),
        hint(f"`{name}`: 편향까지 더했습니다.", f"`{name}`: the bias was added."): wanted
        + bias[classes][:, None, None],
        hint(
            f"`{name}`: 가중치를 곱하지 않고 채널을 더했습니다.",
            f"`{name}`: the channels were added up without their weights.",
        ): maps.sum(dim=1),
        hint(
            f"`{name}`: 물어본 클래스가 아니라 신경망이 고른 클래스의 맵입니다.",
            f"`{name}`: that is the map of the class that the network chose, not of the one that was asked for.",
        ): weighted(picked(None, rest(maps))),
        hint(
            f"`{name}`: 모든 이미지에 첫 이미지의 클래스를 썼습니다.",
            f"`{name}`: every image got the first image's class.",
        ): weighted([classes[0]] * len(classes)),
    }
    other = hint(
        f"`{name}`의 모양은 맞지만 값이 다릅니다. {advice.partition(chr(10))[0]}",
        f"`{name}` has the right shape but other values. {advice.partition(chr(10))[2]}",
    )
    expect(got, wanted, other, {said: one for said, one in wrong.items() if not torch.allclose(one, wanted)})


def check_grad_cam(
    function: Callable,
    network: Whole,
    layer: str,
    images: torch.Tensor,
    class_index: Any,
    *,
    advice: str = "",
    values: bool = True,
) -> None:
    """Compare with the gradients of each image's own logit, taken one image at a time; `values` as above."""
    name, (maps, rest) = name_of(function), parts(network, layer, images)
    classes = picked(class_index, rest(maps))

    def slopes(of: Callable) -> torch.Tensor:
        found = [
            torch.autograd.functional.jacobian(lambda one, k=k: of(rest(one[None])[0])[k], one)
            for k, one in zip(classes, maps, strict=True)
        ]
        return torch.stack(found)  # (N, C, h, w)

    slope = slopes(lambda logits: logits)
    wanted = (slope.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1)
    got = _map_of(function, (network, layer, images, class_index), wanted, advice)
    if not values:
        return
    certain = slopes(lambda logits: logits.softmax(dim=0)).mean(dim=(2, 3), keepdim=True)
    wrong = {
        hint(f"`{name}`: 음수가 사라졌습니다.", f"`{name}`: the negative values are gone."): wanted.clamp(min=0),
        hint(
            f"`{name}`: 기울기를 채널마다 평균 내지 않고 자리마다 곱했습니다.",
            f"`{name}`: the gradient was multiplied place by place, not averaged over each channel.",
        ): (slope * maps).sum(dim=1),
        hint(
            f"`{name}`: 기울기를 평균 내지 않고 더했습니다.", f"`{name}`: the gradient was added up, not averaged."
        ): wanted * maps[0, 0].numel(),
        hint(
            f"`{name}`: 로짓이 아니라 소프트맥스의 확률을 미분했습니다.",
            f"`{name}`: the probability was differentiated, not the logit.",
        ): (certain * maps).sum(dim=1),
        hint(
            f"`{name}`: 특징 맵을 곱하지 않고 기울기만 더했습니다.",
            f"`{name}`: that is the gradient alone, not multiplied onto the feature map.",
        ): slope.sum(dim=1),
    }
    other = hint(
        f"`{name}`의 모양은 맞지만 값이 다릅니다. {advice.partition(chr(10))[0]}",
        f"`{name}` has the right shape but other values. {advice.partition(chr(10))[2]}",
    )
    expect(got, wanted, other, {said: one for said, one in wrong.items() if not torch.allclose(one, wanted)})


def check_left_alone(function: Callable, network: nn.Module, *args: Any) -> None:
    """Modes, hooks, parameters, `requires_grad` and `.grad` of the network are as they were before the call."""
    name, before = name_of(function), _state(network)
    got, after = attempt(function, network, *args), _state(network)
    assert isinstance(got, torch.Tensor), hint(f"`{name}`: 텐서가 아닙니다.", f"`{name}`: that is no tensor.")
    said = {
        "hooks": hint(
            f"`{name}`: 훅이 남아 있습니다. 등록할 때 받은 것의 `remove()`를 호출하세요.",
            f"`{name}`: a hook is left. Call `remove()` of what its registration returned.",
        ),
        "modes": hint(
            f"`{name}`: 모듈의 모드가 달라졌습니다. 모드는 모듈마다 다를 수 있으니 모듈마다 되돌리세요.",
            f"`{name}`: the mode of a module changed. Modules may differ, so restore each one's own.",
        ),
        "values": hint(f"`{name}`: 파라미터의 값이 바뀌었습니다.", f"`{name}`: parameters changed."),
        "flags": hint(f"`{name}`: requires_grad가 바뀌었습니다.", f"`{name}`: requires_grad changed."),
        "gradients": hint(
            f"`{name}`: 파라미터의 `.grad`가 달라졌습니다. `torch.autograd.grad`는 `.grad`를 건드리지 않습니다.",
            f"`{name}`: the `.grad` of parameters changed. `torch.autograd.grad` does not touch it.",
        ),
    }
    for what, message in said.items():
        assert _equal(before[what], after[what]), message


def check_statistics(function: Callable, network: nn.Module, *args: Any) -> None:
    """The running statistics of batch normalization are as they were before the call."""
    name, before = name_of(function), [value.clone() for value in network.buffers()]
    attempt(function, network, *args)
    assert _equal(before, list(network.buffers())), hint(
        f"`{name}`: 배치 정규화의 이동 통계량이 바뀌었습니다. 평가 모드로 계산했나요?",
        f"`{name}`: the running statistics changed. Did the network compute in evaluation mode?",
    )


def _state(network: nn.Module) -> dict[str, list[Any]]:
    modules, parameters = list(network.modules()), list(network.parameters())
    places = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return {
        "modes": [module.training for module in modules],
        "hooks": [len(getattr(module, place)) for module in modules for place in places],
        "values": [parameter.detach().clone() for parameter in parameters],
        "flags": [parameter.requires_grad for parameter in parameters],
        "gradients": [None if p.grad is None else p.grad.clone() for p in parameters],
    }


def _equal(before: list[Any], after: list[Any]) -> bool:
    pairs = zip(before, after, strict=True)
    return all(torch.equal(a, b) if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor) else a is b or a == b
               for a, b in pairs)  # fmt: skip


def check_hits(
    function: Callable, cam: torch.Tensor, boxes: torch.Tensor, image_size: tuple[int, int], *, values: bool = True
) -> None:
    """Compare with hits that are found number by number; fail with a hint that names the mistake. `values` as above."""
    name, given = name_of(function), (cam, boxes, image_size)
    wanted = hits_by_hand(*given)
    got = _map_of(function, given, wanted, "")
    if not values:
        return
    height, width = image_size
    wrong = {
        hint(
            f"`{name}`: x와 y를 바꾸었습니다. 상자는 왼쪽, 위, 오른쪽, 아래 순서입니다.",
            f"`{name}`: x and y are swapped. A box is left, top, right, bottom.",
        ): hits_by_hand(cam, boxes[:, [1, 0, 3, 2]], image_size),
        hint(
            f"`{name}`: 칸의 한가운데가 아니라 왼쪽 위 모서리를 썼습니다.",
            f"`{name}`: that is the corner of the cell, not its center.",
        ): hits_by_hand(cam, boxes, image_size, shift=0.0),
        hint(
            f"`{name}`: 칸의 번호를 픽셀로 바꾸지 않았습니다.", f"`{name}`: cells were not converted to pixels."
        ): hits_by_hand(cam, boxes, (cam.shape[1], cam.shape[2])),
        hint(
            f"`{name}`: 이미지의 높이와 너비를 바꾸었습니다.", f"`{name}`: height and width of the image are swapped."
        ): hits_by_hand(cam, boxes, (width, height)),
        hint(
            f"`{name}`: 상자를 왼쪽, 위, 너비, 높이로 읽었습니다.",
            f"`{name}`: the boxes were read as left, top, width, height.",
        ): hits_by_hand(cam, torch.cat([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], dim=1), image_size),
        hint(
            f"`{name}`: 모든 이미지에 첫 이미지의 상자를 썼습니다.", f"`{name}`: every image got the first image's box."
        ): hits_by_hand(cam, boxes[:1].expand_as(boxes), image_size),
    }
    other = hint(f"`{name}`의 값이 다릅니다.", f"`{name}` gives other values.")
    expect(got, wanted, other, {said: one for said, one in wrong.items() if not torch.equal(one, wanted)})


def hits_by_hand(
    cam: torch.Tensor, boxes: torch.Tensor, image_size: tuple[int, int], shift: float = 0.5
) -> torch.Tensor:
    """(N, h, w), (N, 4) to (N,) bool: is the center of the largest cell inside the box?"""
    found = []
    for one, (left, top, right, bottom) in zip(cam.tolist(), boxes.tolist(), strict=True):
        cells = [(value, row, col) for row, line in enumerate(one) for col, value in enumerate(line)]
        _, row, col = max(cells, key=lambda cell: cell[0])  # the first of several
        x, y = (col + shift) * image_size[1] / len(one[0]), (row + shift) * image_size[0] / len(one)
        found.append(left <= x <= right and top <= y <= bottom)
    return torch.tensor(found, dtype=torch.bool)


def _map_of(function: Callable, args: tuple, wanted: torch.Tensor, advice: str) -> torch.Tensor:
    """Call the student's function and check what holds of every answer: tensors kept, a tensor, its shape and dtype."""
    name = name_of(function)
    before = [arg.clone() if isinstance(arg, torch.Tensor) else None for arg in args]
    got = attempt(function, *args, advice=advice)
    for arg, old in zip(args, before, strict=True):
        assert old is None or torch.equal(arg, old), hint(
            f"`{name}`이(가) 입력의 값을 바꾸었습니다.", f"`{name}` changed its input."
        )
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, torch.Tensor), hint(
        f"`{name}`의 결과는 텐서여야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return a tensor, not a {type(got).__name__}.",
    )
    shape, right = tuple(got.shape), tuple(wanted.shape)
    assert shape == right, hint(
        f"`{name}`의 모양이 {shape}입니다. {right}이어야 합니다.",
        f"`{name}` has the shape {shape}; it should be {right}.",
    )
    assert got.dtype == wanted.dtype, hint(
        f"`{name}`의 dtype이 {got.dtype}입니다. {wanted.dtype}이어야 합니다.",
        f"`{name}` returns {got.dtype}; it should be {wanted.dtype}.",
    )
    return got.detach()
