"""What chapter 3 measures with: bills, receptive fields, races, the training loop."""

import pytest
import torch
from torch import nn

from book.snippets.modern_cnn import EarlyStrideCNN, ModernGAPCNN
from book.snippets.race import arm_values, times_sooner
from book.snippets.receptive import centre_gradient, effective_side, extent, theoretical_receptive_field
from book.snippets.summary import layer_bills
from book.snippets.training import accuracy_of, flip_and_shift, normalise, train


def test_bill_of_one_convolution_is_the_hand_calculation():
    (bill,) = layer_bills(nn.Conv2d(3, 8, 3, stride=2, padding=1), torch.zeros(1, 3, 32, 32))
    assert bill == ("Conv2d", (1, 8, 16, 16), 3 * 8 * 9 + 8, 27 * 8 * 16 * 16)


def test_bills_add_up_to_the_models_parameters():
    model = ModernGAPCNN()
    bills = layer_bills(model, torch.zeros(1, 3, 32, 32))
    assert sum(bill.parameters for bill in bills) == sum(p.numel() for p in model.parameters()) == 76_938


@pytest.mark.parametrize("net", [ModernGAPCNN(), EarlyStrideCNN()])
def test_gap_networks_take_any_size(net):
    assert [tuple(net.eval()(torch.zeros(2, 3, h, w)).shape) for h, w in ((32, 32), (9, 17))] == [(2, 10)] * 2


@pytest.mark.parametrize("layers", [[(3, 1)] * 3, [(3, 2)] * 3, [(5, 1), (3, 2), (3, 1)]])
def test_receptive_field_formula_agrees_with_the_gradient(layers):
    torch.manual_seed(0)
    convs = [nn.Conv2d(3 if i == 0 else 4, 4, k, stride=s, padding=k // 2) for i, (k, s) in enumerate(layers)]
    assert extent(centre_gradient(nn.Sequential(*convs), 48)) == theoretical_receptive_field(layers)


def test_effective_side_of_a_square_is_the_square():
    strength = torch.zeros(21, 21)
    strength[8:13, 8:13] = 1
    strength[10, 10] = 2  # the peak says where the centre is
    assert effective_side(strength / strength.sum(), share=0.99) == 5


def test_times_sooner_compares_the_seconds_to_the_slow_runs_best():
    slow = {"accuracy": [0.2, 0.4, 0.3], "seconds": [10.0, 20.0, 30.0]}
    fast = {"accuracy": [0.3, 0.5], "seconds": [2.0, 4.0]}
    assert times_sooner(slow, fast) == 5


def test_race_that_is_never_won_says_so():
    slow = {"accuracy": [0.9], "seconds": [1.0]}
    with pytest.raises(ValueError, match="never reached"):
        times_sooner(slow, {"accuracy": [0.5], "seconds": [1.0]})


def test_arm_values_picks_the_rows_of_one_setting():
    study = {"rows": [{"head": "gap", "seed": s, "test": s / 10} for s in range(3)] + [{"head": "flatten", "test": 9}]}
    assert arm_values(study, "test", head="gap").tolist() == [0.0, 0.1, 0.2]


def test_flip_and_shift_keeps_shape_and_moves_over_zeros():
    images = torch.ones(64, 3, 8, 8)
    moved = flip_and_shift(images, torch.Generator().manual_seed(0))
    assert moved.shape == images.shape
    assert set(moved.unique().tolist()) == {0.0, 1.0}


def test_normalise_spans_minus_one_to_one():
    assert normalise(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1.0, 1.0]


def test_training_overfits_a_tiny_set_and_repeats_exactly():
    images, labels = torch.randn(16, 3, 8, 8, generator=torch.Generator().manual_seed(1)), torch.arange(16) % 4

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
