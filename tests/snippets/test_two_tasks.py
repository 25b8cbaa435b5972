"""Chapter 7's networks and gradients: sizes, what the heads read, weights in order, angles against
known answers.
"""

import pytest
import torch
from torch import nn

from book.snippets.two_tasks import (
    ARMS,
    PARTNERS,
    SHARING,
    TASK_SIZE,
    TaskImages,
    TwoTaskNet,
    both_accuracies,
    cosine_between,
    draw_task_images,
    fit_two_tasks,
    measure_conflict,
    on_diagonal,
    partner_labels,
    reverse_gradient,
    task_losses,
    weighted_total,
)
from book.snippets.two_tasks_pacs import (
    PACS_ARMS,
    PretrainedTwoTaskNet,
    claims_pacs,
    pretrained_lite0,
    pretrained_top,
    study_pacs,
)
from book.snippets.two_tasks_studies import (
    claims_conflict,
    claims_held_out,
    claims_sharing,
    study_conflict,
    study_held_out,
    study_sharing,
    study_weights,
)


def some_images(n: int = 48, seed: int = 0) -> TaskImages:
    return draw_task_images(n, torch.Generator().manual_seed(seed))


def a_net(sharing: str = "one", classes: tuple[int, int] = (4, 4)) -> TwoTaskNet:
    torch.manual_seed(0)
    return TwoTaskNet(sharing, (4, 6, 8), classes)


def heads(net: TwoTaskNet) -> list[nn.Linear]:
    return [head for head in net.heads if isinstance(head, nn.Linear)]


def size_of(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize("classes", [(4, 4), (4, 7)])
def test_the_three_arms_have_equally_many_parameters_within_two_percent(
    classes: tuple[int, int],
) -> None:
    sizes = [size_of(TwoTaskNet(*ARMS[arm], classes)) for arm in list(ARMS)[:3]]
    assert max(sizes) / min(sizes) < 1.02


@pytest.mark.parametrize("arm", ["two separate, double", "two concatenated, double"])
def test_a_double_arm_is_twice_as_large(arm: str) -> None:
    assert (
        1.97 < size_of(TwoTaskNet(*ARMS[arm])) / size_of(TwoTaskNet(*ARMS["one backbone"])) < 2.03
    )


@pytest.mark.parametrize("sharing", SHARING)
def test_logits_come_domain_first_for_images_of_any_size(sharing: str) -> None:
    net = a_net(sharing, (3, 5)).eval()
    for side in (TASK_SIZE, 17):
        domain, category = net(torch.zeros(2, 3, side, side, dtype=torch.float64))
        assert (domain.shape, category.shape) == ((2, 3), (2, 5))


def test_concatenation_joins_the_channels_with_the_first_backbone_in_front() -> None:
    net, x = a_net("concatenated").eval(), some_images(3).images
    shared, same = net.features(x)
    assert shared is same and shared.shape == (3, 16)
    torch.testing.assert_close(shared[:, :8], net.backbones[0](x - 0.4).mean(dim=(2, 3)))
    torch.testing.assert_close(shared[:, 8:], net.backbones[1](x - 0.4).mean(dim=(2, 3)))


@pytest.mark.parametrize(("sharing", "reached"), [("separate", False), ("concatenated", True)])
def test_the_domain_loss_moves_the_category_backbone_only_where_features_are_concatenated(
    sharing: str, reached: bool
) -> None:
    net, data = a_net(sharing), some_images()
    domain, _ = task_losses(net, data.images, data.targets)
    domain.backward()
    moved = [
        p.grad is not None and bool(p.grad.abs().sum() > 0) for p in net.backbones[1].parameters()
    ]
    assert any(moved) == reached


def test_an_unknown_way_of_sharing_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"sharing is 'both'.*'one', 'separate', 'concatenated'"):
        TwoTaskNet("both", (4, 6, 8))


def test_losses_come_in_the_order_domain_category() -> None:
    net, data = a_net(), some_images()
    heads(net)[0].weight.data.zero_()
    heads(net)[0].bias.data.zero_()
    domain, category = task_losses(net, data.images, data.targets)
    assert domain.item() == pytest.approx(torch.tensor(4.0).log().item())
    assert category.item() != pytest.approx(domain.item(), abs=1e-6)


def test_weights_belong_to_the_losses_in_the_same_order() -> None:
    losses = torch.tensor([2.0, 0.5]).unbind()
    assert weighted_total(losses, (0.25, 1.0)).item() == 1.0
    assert weighted_total(losses, (1.0, 0.25)).item() == 2.125


def test_a_missing_weight_is_reported() -> None:
    with pytest.raises(
        ValueError, match="2 losses but 1 weights, so one would not count; give one per loss"
    ):
        weighted_total(torch.tensor([2.0, 0.5]).unbind(), (1.0,))


@pytest.mark.parametrize(("weights", "still"), [((0.0, 1.0), 0), ((1.0, 0.0), 1)])
def test_training_without_a_task_leaves_its_head_as_it_was_but_for_decay(
    weights: tuple[float, float], still: int
) -> None:
    net, data = a_net(), some_images()
    before = [head.weight.detach().clone() for head in heads(net)]
    fit_two_tasks(net, data, torch.Generator().manual_seed(0), steps=3, weights=weights)
    shares = [(head.weight / old).detach() for head, old in zip(heads(net), before, strict=True)]
    spread = [(share.max() - share.min()).item() for share in shares]
    assert spread[still] < 1e-9 < 1e-3 < spread[1 - still]


def test_reversing_keeps_values_and_turns_the_gradient_round() -> None:
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    turned = reverse_gradient(x)
    (turned * torch.tensor([3.0, 5.0])).sum().backward()
    assert torch.equal(turned, x) and x.grad is not None and x.grad.tolist() == [-3.0, -5.0]


@pytest.mark.parametrize(
    ("second", "cosine"),
    [([3.0, 4.0], 1.0), ([-6.0, -8.0], -1.0), ([4.0, -3.0], 0.0), ([0.0, 0.0], 0.0)],
)
def test_cosine_of_known_gradients(second: list[float], cosine: float) -> None:
    split = [torch.tensor(second[:1]), torch.tensor(second[1:])]
    assert cosine_between([torch.tensor([3.0]), torch.tensor([4.0])], split) == pytest.approx(
        cosine, abs=1e-6
    )


def test_gradients_of_different_parameters_have_no_cosine() -> None:
    with pytest.raises(ValueError, match="take the same parameters"):
        cosine_between([torch.zeros(2)], [torch.zeros(2), torch.zeros(2)])


def equal_heads(net: TwoTaskNet) -> TwoTaskNet:
    net.heads[1].load_state_dict(net.heads[0].state_dict())
    return net


@pytest.mark.parametrize(("reverse", "cosine"), [(False, 1.0), (True, -1.0)])
def test_one_task_twice_agrees_and_its_reverse_opposes_in_every_layer(
    reverse: bool, cosine: float
) -> None:
    data = some_images()
    twice = (data.categories, data.categories)
    found = measure_conflict(equal_heads(a_net()), data.images, twice, reverse_domain=reverse)
    assert [found.cosine, *found.layers] == pytest.approx([cosine] * 4)
    assert found.norms[0] == pytest.approx(found.norms[1])


def test_measuring_leaves_no_trace_in_the_net() -> None:
    net, data = a_net().eval(), some_images()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    measure_conflict(net, data.images, data.targets)
    assert not net.training and all(p.grad is None for p in net.parameters())
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_a_net_without_a_shared_backbone_cannot_be_measured() -> None:
    data = some_images()
    with pytest.raises(ValueError, match="'separate' has no single shared backbone"):
        measure_conflict(a_net("separate"), data.images, data.targets)


def test_accuracies_come_in_the_order_domain_category() -> None:
    net, data = a_net().eval(), some_images()
    for head, right in zip(heads(net), (2, 1), strict=True):
        head.weight.data.zero_()
        head.bias.data = torch.eye(4, dtype=torch.float64)[right]
    found = both_accuracies(net, data)
    assert found == (
        (data.domains == 2).double().mean().item(),
        (data.categories == 1).double().mean().item(),
    )


def test_the_diagonal_holds_each_style_and_each_shape_once() -> None:
    data = some_images(400)
    kept = data.where(on_diagonal(data))
    pairs = set(zip(kept.domains.tolist(), kept.categories.tolist(), strict=True))
    assert (
        pairs == {(i, i) for i in range(4)}
        and len(kept) + len(data.where(~on_diagonal(data))) == 400
    )


def test_partners_ask_what_their_names_say() -> None:
    data, generator = some_images(), torch.Generator().manual_seed(0)
    asked = {partner: partner_labels(partner, data, generator) for partner in PARTNERS}
    assert torch.equal(asked["style"].domains, data.domains)
    assert torch.equal(asked["same"].domains, data.categories) and torch.equal(
        asked["reversed"].domains, data.categories
    )
    assert not torch.equal(asked["random"].domains, data.categories)
    assert all(torch.equal(each.categories, data.categories) for each in asked.values())


def test_training_returns_the_weighted_loss_of_each_step() -> None:
    net, data = a_net(), some_images()
    before = [loss.item() for loss in task_losses(net, data.images, data.targets)]
    losses = fit_two_tasks(
        net, data, torch.Generator().manual_seed(0), steps=12, weights=(0.0, 2.0)
    )
    assert len(losses) == 12 and not net.training
    assert losses[0] == pytest.approx(2 * before[1], rel=0.3), (
        "about twice the category's loss, the domain's left out"
    )


@pytest.fixture
def small_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(seed: int, n: int, tests: int = 0) -> tuple[torch.Generator, TaskImages, TaskImages]:
        torch.manual_seed(seed)
        train, test = (
            TaskImages(each.images.float(), *each.targets)
            for each in (some_images(256), some_images(64, seed=1))
        )
        return torch.Generator().manual_seed(seed), train, test

    monkeypatch.setattr("book.snippets.two_tasks_studies.float_task_sets", draw)
    monkeypatch.setattr("book.snippets.two_tasks_studies.CONFLICT_STEPS", 10)
    monkeypatch.setattr("book.snippets.two_tasks_studies.HELD_OUT_STEPS", 10)
    monkeypatch.setattr("book.snippets.two_tasks_studies.SHARING_STEPS", {128: 10})


@pytest.mark.usefixtures("small_sets")
def test_a_study_row_is_the_same_twice_and_four_times_as_long_at_length_four() -> None:
    once = study_conflict(0, "random", 1)
    assert once == study_conflict(0, "random", 1)
    assert (once["steps"], study_conflict(0, "random", 4)["steps"]) == (10, 40)


@pytest.mark.usefixtures("small_sets")
def test_a_study_of_conflict_measures_from_the_first_step_to_the_last() -> None:
    row = study_conflict(0, "style", 4)
    assert isinstance(row["watched"], list) and isinstance(row["cosine"], list)
    assert (row["watched"][0], row["watched"][-1]) == (0, 40) and len(row["cosine"]) == len(
        set(row["watched"])
    )


@pytest.mark.usefixtures("small_sets")
def test_studies_of_accuracies_say_how_far_the_network_learned() -> None:
    rows = [
        study_sharing(0, "two concatenated", 128, 4),
        study_weights(0, 0.5, 4),
        study_held_out(0, "one backbone", 4),
    ]
    for row in rows:
        assert row["steps"] == 40 and {"falling", "train_domain", "train_category"} <= row.keys()
    assert {"new_domain", "new_category"} <= rows[2].keys() and {
        "val_domain",
        "val_category",
    } <= rows[1].keys()


def test_the_folded_top_computes_what_the_pretrained_networks_last_layers_do() -> None:
    lite0, maps = pretrained_lite0(), torch.rand(2, 320, 3, 3)
    with torch.no_grad():
        expected = torch.nn.functional.relu6(lite0._bn1(lite0._conv_head(maps)))
        torch.testing.assert_close(pretrained_top()(maps), expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(
    ("sharing", "length"), [("one", 1280), ("separate", 1280), ("concatenated", 2560)]
)
def test_pretrained_networks_share_as_the_small_ones_do(sharing: str, length: int) -> None:
    net, maps = PretrainedTwoTaskNet(sharing), torch.rand(2, 320, 3, 3)
    domain, category = net.features(maps)
    assert domain.shape == category.shape == (2, length) and (domain is category) == (
        sharing != "separate"
    )
    assert [logits.shape for logits in net(maps)] == [(2, 4), (2, 7)]


def test_the_study_on_pacs_watches_the_shared_backbone_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def maps(seed: int) -> TaskImages:
        generator = torch.Generator().manual_seed(seed)
        return TaskImages(
            torch.rand(32, 320, 3, 3, generator=generator),
            torch.arange(32) % 4,
            torch.arange(32) % 7,
        )

    splits = {name: maps(seed) for seed, name in enumerate(("train", "validation", "test"))}
    monkeypatch.setattr("book.snippets.two_tasks_pacs.pacs_maps", lambda: splits)
    monkeypatch.setattr("book.snippets.two_tasks_pacs.PACS_STEPS", 10)
    rows = {arm: study_pacs(0, arm, 1) for arm in ("one backbone", "two separate", "frozen")}
    assert [len(row["cosine"]) for row in rows.values()] == [6, 0, 0]  # type: ignore[arg-type]
    assert {row["n_test"] for row in rows.values()} == {32}


def test_claims_follow_the_rows_of_each_arm() -> None:
    def rows(task: str, *shares: float) -> list[dict]:
        arms = [
            "one backbone",
            "two separate",
            "two concatenated",
            "two separate, double",
            "frozen",
            "category alone",
        ]
        return [{"arm": arm, task: share} for arm, share in zip(arms, shares, strict=False)]

    def both(first: list[dict], second: list[dict]) -> list[dict]:
        return [one | other for one, other in zip(first, second, strict=True)]

    few = both(rows("domain", 0.95, 0.97, 0.95, 0.97), rows("category", 0.48, 0.42, 0.47, 0.47))
    assert list(claims_sharing(few).values()) == [True, True, True]
    assert list(claims_sharing([row | {"category": 0.45} for row in few]).values()) == [
        False,
        True,
        False,
    ]
    new = both(rows("new_domain", 0.8, 0.99, 0.85), rows("new_category", 0.1, 0.32, 0.15))
    assert list(claims_held_out(new).values()) == [True, True, True]
    assert list(claims_held_out([row | {"new_category": 0.3} for row in new]).values()) == [
        True,
        False,
        False,
    ]
    real = [
        {
            "arm": arm,
            "category": 0.78 + 0.01 * i,
            "train_category": 0.99,
            "cosine": [0.01],
            "n_test": 560,
        }
        for i, arm in enumerate(PACS_ARMS)
    ]
    assert list(claims_pacs(real).values()) == [True, True, True]
    assert list(
        claims_pacs([*real[:4], real[4] | {"category": 0.9, "cosine": [0.3]}]).values()
    ) == [
        False,
        False,
        False,
    ]


def test_a_partner_that_no_longer_costs_anything_takes_its_claim_back() -> None:
    def rows(**category: float) -> list[dict[str, float]]:
        return [{"partner": partner, "category": value} for partner, value in category.items()]  # type: ignore[dict-item]

    early = claims_conflict(rows(none=0.94, same=0.94, style=0.87, random=0.93, reversed=0.72))
    late = claims_conflict(rows(none=0.97, same=0.96, style=0.97, random=0.90, reversed=0.90))
    assert all(early.values())
    assert [name for name, holds in late.items() if not holds] == [
        "style costs the category 2 points or more",
        "random labels cost it less than 2 points",
    ]
