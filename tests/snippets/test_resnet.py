"""ResNet-20 for CIFAR as published, its plain twin, and what chapter 4 measures with them."""

import functools
from typing import Any

import nbformat
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from book.snippets.depth import residual_sizes, train_as_he
from book.snippets.gradients import agreement, first_gradient
from book.snippets.resnet import CifarBlock, CifarResNet, option_a
from book.snippets.seeds import course_seed
from book.snippets.summary import layer_bills


def parameters(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())


def published_shapes() -> dict[str, tuple[int, ...]]:
    """Names and shapes of the common public ResNet-20, written out by hand."""
    shapes: dict[str, tuple[int, ...]] = {"conv1.weight": (16, 3, 3, 3)}
    norms = {"bn1": 16}
    for stage, (before, channels) in enumerate(((16, 16), (16, 32), (32, 64)), start=1):
        for block in range(3):
            inside = before if block == 0 else channels
            shapes[f"layer{stage}.{block}.conv1.weight"] = (channels, inside, 3, 3)
            shapes[f"layer{stage}.{block}.conv2.weight"] = (channels, channels, 3, 3)
            norms |= {f"layer{stage}.{block}.bn{i}": channels for i in (1, 2)}
    for name, channels in norms.items():
        shapes |= {
            f"{name}.{part}": (channels,)
            for part in ("weight", "bias", "running_mean", "running_var")
        }
        shapes[f"{name}.num_batches_tracked"] = ()
    return shapes | {"linear.weight": (10, 64), "linear.bias": (10,)}


@functools.cache
def chapter() -> dict[str, Any]:
    """What the visible cells of chapter 4 define, without running the chapter."""
    space: dict[str, Any] = {"torch": torch, "nn": nn, "F": F, "course_seed": course_seed}
    cells = nbformat.read("notebooks/en/ch04_vgg_to_resnet.ipynb", as_version=4).cells
    shown = ("class Cifar", "def option_a(", "def untrained(")
    for cell in cells:
        if cell.cell_type == "code" and any(name in cell.source for name in shown):
            exec(cell.source, space)
    return space


def untrained(depth: int, **kind: Any) -> nn.Module:
    """The chapter's network without training, of this `kind`."""
    return chapter()["untrained"](depth, **kind)


@pytest.mark.parametrize("shortcuts", [False, True])
def test_the_chapter_shows_the_network_that_the_studies_train(shortcuts):
    images = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    nets = []
    for resnet in (chapter()["CifarResNet"], CifarResNet):
        torch.manual_seed(0)
        nets.append(resnet(14, width=4, shortcuts=shortcuts))
    states = [net.state_dict() for net in nets]
    assert list(states[0]) == list(states[1])
    assert torch.equal(*(net(images) for net in nets))


def test_resnet20_has_the_parameters_of_the_paper():
    assert parameters(CifarResNet(20)) == 269_722


def test_names_and_shapes_follow_the_public_layout():
    assert {
        name: tuple(value.shape) for name, value in CifarResNet(20).state_dict().items()
    } == published_shapes()


@pytest.mark.parametrize(
    ("depth", "millions"), [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85), (110, 1.7)]
)
def test_parameters_agree_with_the_papers_table(depth, millions):
    assert parameters(CifarResNet(depth)) / 1e6 == pytest.approx(millions, abs=0.05)


@pytest.mark.parametrize("depth", [8, 20, 44])
def test_depth_counts_the_layers_with_weights(depth):
    assert len(layer_bills(CifarResNet(depth), torch.zeros(1, 3, 16, 16))) == depth


def test_plain_twin_has_the_same_parameters_but_another_output():
    torch.manual_seed(0)
    residual = CifarResNet(20).eval()
    plain = CifarResNet(20, shortcuts=False).eval()
    plain.load_state_dict(residual.state_dict())
    x = torch.randn(2, 3, 16, 16)
    assert not torch.allclose(plain(x), residual(x))


def test_twins_draw_the_same_weights_from_a_seed():
    states = []
    for shortcuts in (True, False):
        torch.manual_seed(3)
        states.append(CifarResNet(8, shortcuts=shortcuts).state_dict())
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())


@pytest.mark.parametrize("size", [(32, 32), (16, 16), (9, 17), (1, 1)])
def test_any_size_gives_logits(size):
    assert CifarResNet(8, num_classes=7).eval()(torch.zeros(2, 3, *size)).shape == (2, 7)


@pytest.mark.parametrize(("stride", "channels"), [(1, 8), (2, 16), (2, 8), (1, 11)])
def test_option_a_strides_and_pads_with_zeros_on_both_sides(stride, channels):
    x = torch.randn(2, 8, 7, 6)
    out = option_a(x, channels, stride)
    before = (channels - 8) // 2
    assert torch.equal(out[:, before : before + 8], x[:, :, ::stride, ::stride])
    assert out[:, :before].abs().sum() == out[:, before + 8 :].abs().sum() == 0
    assert out.shape[1] == channels


def test_option_a_says_what_is_wrong_with_fewer_channels():
    with pytest.raises(ValueError, match=r"16 come in, 8 are wanted; use a projection shortcut"):
        option_a(torch.zeros(1, 16, 4, 4), 8, 1)


@pytest.mark.parametrize("depth", [2, 7, 18, 49])
def test_depth_that_does_not_fit_is_refused(depth):
    with pytest.raises(ValueError, match=rf"depth {depth} is not 6n \+ 2"):
        CifarResNet(depth)


def test_block_adds_its_residual_to_the_shortcut_and_then_applies_relu():
    torch.manual_seed(0)
    block, x = CifarBlock(4, 8, 2).eval(), torch.randn(2, 4, 6, 6)
    assert torch.equal(block(x), F.relu(block.residual(x) + option_a(x, 8, 2)))


def test_residual_sizes_are_zero_for_blocks_that_add_nothing():
    net = CifarResNet(14)
    for module in net.modules():
        if isinstance(module, CifarBlock):
            nn.init.zeros_(module.bn2.weight)
    sizes = residual_sizes(net, torch.randn(4, 3, 16, 16))
    assert sizes == [0.0] * 6


def test_networks_of_the_depth_study_have_about_equal_parameters():
    counts = [parameters(CifarResNet(depth, width=width)) for depth, width in ((8, 15), (32, 6))]
    assert max(counts) / min(counts) < 1.05


def test_untrained_network_without_norm_has_no_batch_normalization():
    net = untrained(8, he=True, norm=False, shortcuts=True, seed=0)
    assert not [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    assert net(torch.randn(2, 3, 8, 8)).shape == (2, 10)


def test_initializations_differ_by_their_variance_alone():
    he, default = (untrained(8, he=he, norm=True, shortcuts=True, seed=0) for he in (True, False))
    ratio = he.layer3[0].conv2.weight.var() / default.layer3[0].conv2.weight.var()
    assert ratio.item() == pytest.approx(6, rel=0.1)  # 2 / fan_in against 1 / (3 fan_in)


def growth(he: bool, norm: bool, shortcuts: bool) -> float:
    """How many times larger the first layer's gradient is at 20 layers than at 8."""
    deep, shallow = (
        first_gradient(untrained(d, he=he, norm=norm, shortcuts=shortcuts, seed=0), 0)
        for d in (20, 8)
    )
    return deep / shallow


def test_without_norm_the_initialization_decides_which_gradient_is_in_trouble():
    assert growth(he=False, norm=False, shortcuts=False) < 1e-3
    assert 0.3 < growth(he=False, norm=False, shortcuts=True) < 3
    assert growth(he=True, norm=False, shortcuts=False) > 0.05
    assert growth(he=True, norm=False, shortcuts=True) > 3


def test_with_norm_the_initialization_does_not_matter():
    for shortcuts in (False, True):
        assert growth(True, True, shortcuts) == pytest.approx(
            growth(False, True, shortcuts), rel=0.6
        )


def test_neighbouring_gradients_agree_with_shortcuts_and_not_without():
    plain, residual = (
        agreement(untrained(20, he=True, norm=True, shortcuts=s, seed=0), 0) for s in (False, True)
    )
    assert plain < 0.2 < 0.35 < residual


def test_agreement_with_itself_is_complete():
    assert agreement(
        untrained(8, he=True, norm=True, shortcuts=True, seed=0), 0, distance=0.0
    ) == pytest.approx(1)


def test_the_papers_recipe_lowers_the_loss_and_its_learning_rate():
    images = torch.randn(64, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    torch.manual_seed(0)
    losses = train_as_he(
        CifarResNet(8, num_classes=2),
        (images, (images[:, 0].mean(dim=(1, 2)) > 0).long()),
        iterations=12,
    )
    assert len(losses) == 12
    assert min(losses[-3:]) < losses[0]
