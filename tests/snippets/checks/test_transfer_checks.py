"""The checks of assignment 6 let right answers pass and name the usual mistakes in both
languages.
"""

import copy

import pytest
import torch
from torch import nn

from book.snippets.checks import transfer_checks as checks


def net(head: nn.Module | None = None) -> checks.TinyNet:
    return checks.TinyNet(head or nn.Linear(6, 5), "fc")


def freeze(model):  # type: ignore[no-untyped-def]
    return model.requires_grad_(False)


def replace_head(model, num_classes):  # type: ignore[no-untyped-def]
    name, old = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    model.set_submodule(name, nn.Linear(old.in_features, num_classes))
    return model


def test_a_step_moves_what_requires_a_gradient_and_leaves_the_model_itself_alone() -> None:
    model = net()
    model.backbone[0].requires_grad_(False)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    moved = checks.moved_by_a_step(model, checks.some_images(4))
    assert "fc.weight" in moved and not any(name.startswith("backbone.0") for name in moved)
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())


def test_right_answers_pass() -> None:
    checks.check_frozen(freeze, net())
    checks.check_nothing_else_changed(freeze, net().eval())
    checks.check_head_trains(replace_head, net().requires_grad_(False), 3)


def test_an_attribute_on_the_model_is_no_freezing() -> None:
    def freeze(model):  # type: ignore[no-untyped-def]
        model.requires_grad = False
        return model

    with pytest.raises(
        AssertionError, match=r"아무것도 동결되지 않았습니다(.|\n)*nothing is frozen"
    ):
        checks.check_frozen(freeze, net())


def test_a_frozen_new_head_is_named() -> None:
    def replaced_and_frozen(model, num_classes):  # type: ignore[no-untyped-def]
        return replace_head(model, num_classes).requires_grad_(False)

    with pytest.raises(AssertionError, match=r"새 헤드가 동결(.|\n)*the new head is frozen"):
        checks.check_head_trains(replaced_and_frozen, net().requires_grad_(False), 3)


def test_replacing_the_first_of_several_linear_layers_is_named() -> None:
    def first(model, num_classes):  # type: ignore[no-untyped-def]
        model.fc[0] = nn.Linear(6, num_classes)
        return model

    deep = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 5))
    with pytest.raises(AssertionError, match=r"첫 선형층을 바꾸었습니다(.|\n)*not the last"):
        checks.check_head(first, net(deep), 7)


def test_drifting_statistics_are_seen_though_nothing_requires_a_gradient() -> None:
    def keep_batchnorm_frozen(model):  # type: ignore[no-untyped-def]
        return model.train().requires_grad_(False)

    with pytest.raises(AssertionError, match=r"여전히 바뀝니다(.|\n)*still drift"):
        checks.check_statistics_stay(keep_batchnorm_frozen, net(), checks.some_images(4))


def test_a_check_does_not_change_the_backbone_that_later_cells_use() -> None:
    def extract_features(backbone, loader):  # type: ignore[no-untyped-def]
        backbone.train().requires_grad_(False)
        return torch.cat([backbone(x) for x, _ in loader]), torch.cat([y for _, y in loader])

    backbone = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).eval()
    with pytest.raises(AssertionError, match=r"requires_grad of the backbone changed"):
        checks.check_features_without_gradients(
            extract_features, backbone, checks.some_batches(4, 2)
        )
    assert not backbone.training and all(p.requires_grad for p in backbone.parameters())
    assert torch.equal(backbone[1].running_mean, torch.zeros(4))


def features_of(model, loader, label=lambda labels: labels):  # type: ignore[no-untyped-def]
    model.eval()
    with torch.no_grad():
        pairs = [(model(images), label(labels)) for images, labels in loader]
    return torch.cat([one for one, _ in pairs]), torch.cat([two for _, two in pairs])


def test_labels_of_another_dtype_are_named() -> None:
    checks.check_features(features_of, nn.Conv2d(3, 4, 3), checks.some_batches(5, 2))
    with pytest.raises(AssertionError, match=r"the labels are torch\.float32"):
        checks.check_features(
            lambda model, loader: features_of(model, loader, torch.Tensor.float),
            nn.Conv2d(3, 4, 3),
            checks.some_batches(5, 2),
        )


def test_a_copy_that_runs_in_the_place_of_the_backbone_is_named() -> None:
    with pytest.raises(AssertionError, match="never called the backbone"):
        checks.check_features_without_gradients(
            lambda model, loader: features_of(copy.deepcopy(model), loader),
            nn.Conv2d(3, 4, 3),
            checks.some_batches(4, 2),
        )
