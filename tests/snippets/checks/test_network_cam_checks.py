"""The oracles of assignment 5's second half hold what is known of CAM and Grad-CAM, and its checks
name the usual mistakes in both languages.
"""

from typing import Any

import pytest
import torch
from torch import nn

from book.snippets.checks import network_cam_checks as checks
from book.snippets.checks.once import passes


def caught(network: nn.Module, layer: str, images: torch.Tensor) -> tuple[torch.Tensor, Any]:
    """The last output of a layer and the logits, in eval mode, by a hook."""
    outputs: list[torch.Tensor] = []
    handle = network.get_submodule(layer).register_forward_hook(lambda m, x, y: outputs.append(y))
    modes = [(module, module.training) for module in network.modules()]
    logits = network.eval()(images)
    handle.remove()
    for module, training in modes:
        module.training = training
    return outputs[-1], logits


def right_cam(network: Any, layer: str, images: torch.Tensor, class_index: Any = None) -> Any:
    maps, logits = caught(network, layer, images)
    head = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    chosen = logits.argmax(dim=1) if class_index is None else class_index
    return (head.weight[chosen][..., None, None] * maps).sum(dim=1)


def right_grad_cam(network: Any, layer: str, images: torch.Tensor, class_index: Any) -> Any:
    maps, logits = caught(network, layer, images.clone().requires_grad_())
    one = logits[torch.arange(len(images)), class_index].sum()
    (slope,) = torch.autograd.grad(one, maps)
    return (slope.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1)


NETWORKS = [checks.gap_network(0.5).train(), checks.reused_network()]
BOTH = [*NETWORKS, checks.flat_network(0.5).train().requires_grad_(False)]
IMAGES = checks.some_pictures(3)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("class_index", [None, 2, torch.tensor([4, 0, 1])])
def test_right_maps_of_a_network_pass(network: checks.Whole, class_index: Any) -> None:
    for layer in ("trunk", f"trunk.{len(network.trunk) - 1}"):  # type: ignore[arg-type]
        checks.check_network_cam(right_cam, network, layer, IMAGES, class_index)
    checks.check_left_alone(right_cam, network, "trunk", IMAGES, 1)


@pytest.mark.parametrize("network", BOTH)
def test_right_gradients_pass_at_every_layer(network: checks.Whole) -> None:
    for layer in ("trunk", "trunk.1"):
        checks.check_grad_cam(right_grad_cam, network, layer, IMAGES, torch.tensor([4, 0, 1]))
    checks.check_left_alone(right_grad_cam, network, "trunk", IMAGES, 1)


def test_behind_the_last_maps_grad_cam_is_the_cam_divided_by_the_number_of_places() -> None:
    cam = right_cam(checks.gap_network(), "trunk", IMAGES, 3)
    checks.check_grad_cam(lambda *given: cam / 16, checks.gap_network(), "trunk", IMAGES, 3)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda *given: right_cam(*given).relu(), "음수가 사라졌습니다(.|\n)*negative values"),
        (lambda *given: right_cam(*given[:3]), "신경망이 고른(.|\n)*the network chose"),
        (lambda *given: right_cam(*given[:3], 1)[:, None], "모양이(.|\n)*has the shape"),
        (lambda *given: None, "`return`이 없습니다(.|\n)*has no `return`"),
    ],
)
def test_a_wrong_map_is_named(wrong: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        checks.check_network_cam(wrong, checks.gap_network(), "trunk", IMAGES, 1)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda net: net.train(), "모듈마다(.|\n)*mode of a module"),
        (lambda net: net.trunk.register_forward_hook(lambda *given: None), "훅(.|\n)*a hook"),
        (lambda net: net.top[1].weight.data.add_(1), "파라미터의 값(.|\n)*parameters changed"),
        (lambda net: net.requires_grad_(False), "requires_grad"),
        (
            lambda net: net(IMAGES).sum().backward(),
            "`.grad`가 달라졌(.|\n)*`.grad` of parameters changed",
        ),
    ],
)
def test_what_is_left_in_the_network_is_named(spoil: Any, said: str) -> None:
    def careless(network: Any, *given: Any) -> Any:
        maps = right_cam(network, *given)
        spoil(network)
        return maps

    with pytest.raises(AssertionError, match=said):
        checks.check_left_alone(careless, checks.gap_network(), "trunk", IMAGES, 1)


def test_gradients_that_were_there_stay() -> None:
    network = checks.flat_network().train()
    checks.leave_gradients(network, IMAGES)
    checks.check_left_alone(right_grad_cam, network, "trunk", IMAGES, 1)

    def erasing(network: Any, *given: Any) -> Any:
        maps = right_grad_cam(network, *given)
        network.zero_grad()
        return maps

    with pytest.raises(AssertionError, match=r"`.grad` of parameters changed"):
        checks.check_left_alone(erasing, network, "trunk", IMAGES, 1)


def test_statistics_that_drift_are_named_and_values_that_do_not_count_are_not_compared() -> None:
    def sleepless(network: Any, layer: str, images: torch.Tensor, class_index: Any) -> Any:
        network(images)
        return -right_cam(network, layer, images, class_index)

    given = sleepless, checks.gap_network().train(), "trunk", IMAGES, 1
    with pytest.raises(AssertionError, match=r"이동 통계량(.|\n)*running statistics"):
        checks.check_statistics(*given)
    assert not passes(checks.check_network_cam, *given)
    checks.check_network_cam(*given, values=False)
    assert passes(checks.check_network_cam, right_cam, *given[1:])


def test_the_point_of_a_cell_is_its_center_and_edges_count() -> None:
    cam, boxes = torch.zeros(2, 2, 4), torch.tensor([[25, 0, 50, 25], [26, 0, 50, 25]])
    assert checks.hits_by_hand(cam, boxes, (100, 200)).tolist() == [True, False]
    checks.check_hits(checks.hits_by_hand, cam, boxes, (100, 200))


def test_a_swapped_box_is_named() -> None:
    def swapped(cam: torch.Tensor, boxes: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
        return checks.hits_by_hand(cam, boxes[:, [1, 0, 3, 2]], size)

    cam, boxes = torch.eye(4)[:2, None].repeat(1, 4, 1), torch.tensor([[0, 0, 9, 2], [0, 0, 2, 9]])
    with pytest.raises(AssertionError, match=r"x와 y를(.|\n)*x and y are swapped"):
        checks.check_hits(swapped, cam, boxes, (16, 16))
