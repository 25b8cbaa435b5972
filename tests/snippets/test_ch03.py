"""What chapter 3 measures with: bills, receptive fields, races, the training loop."""

import pytest
import torch
from torch import nn

from book.snippets.fit import batches, fit
from book.snippets.modern_cnn import EarlyStrideCNN, ModernGAPCNN
from book.snippets.race import crossing
from book.snippets.receptive import (
    centre_gradient,
    effective_side,
    extent,
    theoretical_receptive_field,
)
from book.snippets.recipes import (
    BETTER,
    OLD_TRAINING,
    RECIPES,
    SHRINKING,
    Shuffle,
    head_net,
    shrinking_net,
)
from book.snippets.summary import layer_bills
from book.snippets.training import accuracy_of, flip_and_shift, normalise, train


def test_bill_of_one_convolution_is_the_hand_calculation():
    (bill,) = layer_bills(nn.Conv2d(3, 8, 3, stride=2, padding=1), torch.zeros(1, 3, 32, 32))
    assert bill == ("Conv2d", (1, 8, 16, 16), 3 * 8 * 9 + 8, 27 * 8 * 16 * 16)


def test_bills_add_up_to_the_models_parameters():
    model = ModernGAPCNN()
    bills = layer_bills(model, torch.zeros(1, 3, 32, 32))
    assert (
        sum(bill.parameters for bill in bills)
        == sum(p.numel() for p in model.parameters())
        == 76_938
    )


@pytest.mark.parametrize("net", [ModernGAPCNN(), EarlyStrideCNN()])
def test_gap_networks_take_any_size(net):
    assert [tuple(net.eval()(torch.zeros(2, 3, h, w)).shape) for h, w in ((32, 32), (9, 17))] == [
        (2, 10)
    ] * 2


@pytest.mark.parametrize("layers", [[(3, 1)] * 3, [(3, 2)] * 3, [(5, 1), (3, 2), (3, 1)]])
def test_receptive_field_formula_agrees_with_the_gradient(layers):
    torch.manual_seed(0)
    convs = [
        nn.Conv2d(3 if i == 0 else 4, 4, k, stride=s, padding=k // 2)
        for i, (k, s) in enumerate(layers)
    ]
    assert extent(centre_gradient(nn.Sequential(*convs), 48)) == theoretical_receptive_field(layers)


def test_effective_side_of_a_square_is_the_square():
    strength = torch.zeros(21, 21)
    strength[8:13, 8:13] = 1
    assert effective_side(strength / strength.sum(), share=0.99) == 5


def test_effective_side_does_not_care_where_the_influence_lies():
    strength = torch.zeros(21, 21)
    strength[0:4, 17:21] = 1
    assert effective_side(strength) == 4


def test_crossing_is_read_on_the_log_axis_between_budgets():
    assert crossing([1, 4, 16], [0.1, 0.3, 0.5], 0.2) == pytest.approx(2)
    assert crossing([1, 4, 16], [0.1, 0.3, 0.5], 0.5) == pytest.approx(16)


def test_target_below_the_curve_is_reached_at_the_smallest_budget_at_latest():
    assert crossing([1, 4], [0.3, 0.5], 0.2) == 1


def test_target_that_is_never_reached_is_named():
    with pytest.raises(ValueError, match=r"0\.900 was never reached; the best is 0\.500"):
        crossing([1, 4], [0.3, 0.5], 0.9)


def test_flip_and_shift_keeps_shape_and_moves_over_zeros():
    images = torch.ones(64, 3, 8, 8)
    moved = flip_and_shift(images, torch.Generator().manual_seed(0))
    assert moved.shape == images.shape
    assert set(moved.unique().tolist()) == {0.0, 1.0}


def test_normalise_spans_minus_one_to_one():
    assert normalise(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1.0, 1.0]


def test_training_overfits_a_tiny_set_and_repeats_exactly():
    images, labels = (
        torch.randn(16, 3, 8, 8, generator=torch.Generator().manual_seed(1)),
        torch.arange(16) % 4,
    )

    def run() -> tuple[list[float], float]:
        torch.manual_seed(0)
        net = EarlyStrideCNN(4, widths=(16, 32))
        history = train(net, images, labels, epochs=40, batch_size=8, lr=0.02)
        return history.loss, accuracy_of(net, images, labels)

    loss, accuracy = run()
    assert loss[-1] < 0.5 * loss[0]
    assert accuracy == 1.0
    assert run() == (loss, accuracy)


def test_accuracy_restores_the_mode():
    net = EarlyStrideCNN(4).train()
    accuracy_of(net, torch.zeros(2, 3, 8, 8), torch.zeros(2, dtype=torch.long))
    assert net.training


def test_batches_show_every_image_once_before_any_twice():
    drawn = torch.cat(list(batches(10, 4, 5, torch.Generator().manual_seed(0))))
    assert sorted(drawn[:10].tolist()) == sorted(drawn[10:].tolist()) == list(range(10))


def test_fit_takes_the_steps_it_is_given_and_repeats_exactly():
    images, labels = (
        torch.randn(16, 3, 8, 8, generator=torch.Generator().manual_seed(1)),
        torch.arange(16) % 4,
    )

    def run() -> list[float]:
        torch.manual_seed(0)
        return fit(
            EarlyStrideCNN(4, widths=(16, 32)), images, labels, steps=60, batch_size=8, lr=0.02
        )

    losses = run()
    assert len(losses) == 60
    assert sum(losses[-5:]) < 0.5 * sum(losses[:5])
    assert run() == losses


def test_fit_without_one_cycle_steps_at_the_rate_that_it_is_given():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(12, 3))
    before = net[1].weight.detach().clone()
    how = {"steps": 1, "batch_size": 6, "lr": 0.02, "one_cycle": False, "weight_decay": 0.0}
    fit(net, torch.randn(6, 3, 2, 2), torch.arange(6) % 3, **how)
    # Adam's first step moves each weight by the rate, whatever its gradient
    assert (net[1].weight - before).abs().max().item() == pytest.approx(0.02, rel=1e-3)


def test_each_recipe_taken_back_differs_from_the_better_one_in_a_single_field():
    taken_back = [
        r for name, r in RECIPES.items() if name not in ("baseline", "new network only", "better")
    ]
    for recipe in taken_back:
        fields = [f for f in vars(BETTER) if f != "epochs"]  # budgets are where it is measured
        differing = [f for f in fields if getattr(recipe, f) != getattr(BETTER, f)]
        assert len(differing) == 1, differing


def test_baseline_trains_the_old_way():
    assert all(getattr(RECIPES["baseline"], name) == value for name, value in OLD_TRAINING.items())


@pytest.mark.parametrize("recipe", RECIPES)
def test_networks_of_the_race_classify_small_images(recipe):
    assert RECIPES[recipe].network()(torch.zeros(2, 3, 16, 16)).shape == (2, 10)


@pytest.mark.parametrize("way", SHRINKING)
def test_every_way_to_shrink_halves_the_map_three_times(way):
    net = shrinking_net(*SHRINKING[way])
    before_pooling = net[
        : next(i for i, layer in enumerate(net) if isinstance(layer, nn.AdaptiveAvgPool2d))
    ]
    assert before_pooling(torch.zeros(2, 3, 16, 16)).shape[2:] == (2, 2)


def test_shuffle_moves_positions_of_each_image_and_keeps_channels_together():
    x = torch.arange(16.0).view(1, 1, 4, 4).repeat(2, 3, 1, 1)
    torch.manual_seed(0)
    y = Shuffle()(x)
    assert y.shape == x.shape
    assert torch.equal(y.flatten(2).sort(dim=2).values, x.flatten(2))
    assert torch.equal(y[:, :1].expand_as(y), y)
    assert not torch.equal(y[0], y[1])


def test_heads_share_the_backbone_and_differ_in_their_parameters():
    sizes = {
        head: sum(p.numel() for p in head_net(head, 0)[-1].parameters())
        for head in ("gap", "flatten", "shuffled")
    }
    assert sizes == {"gap": 650, "flatten": 10_250, "shuffled": 10_250}
    assert head_net("flatten", 2)(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
