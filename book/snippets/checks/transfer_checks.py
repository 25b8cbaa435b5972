"""The visible checks of assignment 6: look at what a model does after the call, and name the usual mistakes."""

import copy
from collections.abc import Callable
from typing import Any

import torch
import torch.nn as nn

from book.snippets.checks.hints import attempt, hint, joined, name_of, same

Batches = list[tuple[torch.Tensor, torch.Tensor]]


class TinyNet(nn.Module):
    """conv-bn-relu twice, GAP, head: (N, 3, H, W) -> (N, classes). The head's attribute is called `name`."""

    def __init__(self, head: nn.Module, name: str = "head", norm: bool = True) -> None:
        super().__init__()
        self.name = name
        first = [nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4) if norm else nn.Identity(), nn.ReLU()]
        second = [nn.Conv2d(4, 6, 3, padding=1), nn.BatchNorm2d(6) if norm else nn.Identity(), nn.ReLU()]
        self.backbone = nn.Sequential(nn.Sequential(*first), nn.Sequential(*second))
        setattr(self, name, head)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return getattr(self, self.name)(self.backbone(x).mean(dim=(2, 3)))


class Watched(nn.Module):
    """A backbone that notes for each call whether it was in training mode and whether gradients were recorded."""

    def __init__(self, inside: nn.Module) -> None:
        super().__init__()
        self.inside = inside
        self.calls: list[tuple[bool, bool]] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls.append((self.training, torch.is_grad_enabled()))
        return self.inside(x)


def some_images(n: int, seed: int = 0) -> torch.Tensor:
    """Images (N, 3, 6, 6) drawn from the seed, away from mean 0, so that running statistics have somewhere to drift."""
    return torch.randn(n, 3, 6, 6, generator=torch.Generator().manual_seed(seed)) + 1.0


def some_batches(n: int, batch: int, seed: int = 0) -> Batches:
    """n images with labels 0, 1, 2, … in batches; the last one may be smaller."""
    images, labels = some_images(n, seed), torch.arange(n)
    return [(images[i : i + batch], labels[i : i + batch]) for i in range(0, n, batch)]


def moved_by_a_step(model: nn.Module, x: torch.Tensor) -> list[str]:
    """Names of the parameters that one gradient step changes, tried on a copy of the model."""
    model = copy.deepcopy(model)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    out = model(x)
    if out.requires_grad:
        (out**2).sum().backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.requires_grad and p.grad is not None:
                p.sub_(0.1 * p.grad)
    return [name for name, p in model.named_parameters() if not torch.equal(before[name], p)]


def _returned_model(function: Callable, *args: Any, advice: str = "") -> nn.Module:
    """The student's model, once it is one."""
    got, name = attempt(function, *args, advice=advice), name_of(function)
    assert got is not None, hint(
        f"`{name}`이 None을 돌려줍니다. return이 있나요?", f"`{name}` returns None. Is there a return?"
    )
    said = hint(
        f"`{name}`은 모델을 돌려주어야 하는데 {type(got).__name__}입니다.",
        f"`{name}` should return the model, not a {type(got).__name__}.",
    )
    assert isinstance(got, nn.Module), said
    return got


def check_same_model(function: Callable, model: nn.Module, *args: Any) -> None:
    """The very same object must come back."""
    assert _returned_model(function, model, *args) is model, hint(
        f"`{name_of(function)}`: 다른 객체를 돌려주었습니다. 복사본이 아니라 받은 모델 자체를 바꾸세요.",
        f"`{name_of(function)}`: another object comes back. Change the model that came in, not a copy.",
    )


# --- freeze ----------------------------------------------------------------------------------------------------------


def check_frozen(function: Callable, model: nn.Module) -> None:
    """After the call nothing requires a gradient and a gradient step moves nothing."""
    name, was_training = name_of(function), model.training
    got = _returned_model(function, model)
    left = [key for key, p in got.named_parameters() if p.requires_grad]
    count = len(list(got.parameters()))
    assert not (len(left) == count and was_training and not got.training), hint(
        f"`{name}`: 평가 모드로 바꾸기만 했습니다. 모드는 파라미터를 동결하지 않습니다.",
        f"`{name}`: the model was only put in evaluation mode. A mode freezes no parameter.",
    )
    assert len(left) < count, hint(
        f"`{name}`: 아무것도 동결되지 않았습니다. 무엇의 requires_grad를 바꾸어야 하나요? 모델 객체의 속성은 아닙니다.",
        f"`{name}`: nothing is frozen. Whose requires_grad has to change? It is no attribute of the model object.",
    )
    assert not left, hint(
        f"`{name}`: 파라미터 {count}개 가운데 {len(left)}개가 아직 학습됩니다. 예: `{left[0]}`",
        f"`{name}`: {len(left)} of {count} parameters can still be trained, `{left[0]}` for one.",
    )
    assert not moved_by_a_step(got, some_images(4)), hint(
        f"`{name}`: 동결했다는 파라미터가 움직였습니다.", f"`{name}`: parameters move although they are frozen."
    )


def check_nothing_else_changed(function: Callable, model: nn.Module) -> None:
    """Values, running statistics and the mode of every layer stay as they are."""
    before = {key: value.clone() for key, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    check_same_model(function, model)
    name = name_of(function)
    assert modes == [module.training for module in model.modules()], hint(
        f"`{name}`: 학습 모드나 평가 모드가 바뀌었습니다. 모드는 그대로 두세요.",
        f"`{name}`: the mode changed. Leave training and evaluation mode as they are.",
    )
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items()), hint(
        f"`{name}`: 파라미터나 버퍼의 값이 바뀌었습니다.", f"`{name}`: values of parameters or buffers changed."
    )


# --- replace_head ----------------------------------------------------------------------------------------------------


def _checked_linears(model: nn.Module) -> list[nn.Linear]:
    """Every linear layer of the model, in the order of registration."""
    return [module for module in model.modules() if isinstance(module, nn.Linear)]


def check_head(function: Callable, model: nn.Module, num_classes: int) -> nn.Module:
    """The last linear layer gives `num_classes` numbers, everything before it is as it was. Returns the model."""
    name, shapes = name_of(function), [tuple(layer.weight.shape) for layer in _checked_linears(model)]
    kinds = [type(module).__name__ for module in model.modules()]
    advice = hint(
        "헤드의 이름은 모델마다 다르고, 헤드가 다른 모듈 안에 들어 있기도 합니다.",
        "The head has another name in every model, and may sit inside another module.",
    )
    got = _returned_model(function, model, num_classes, advice=advice)
    now = [tuple(layer.weight.shape) for layer in _checked_linears(got)]
    want = [*shapes[:-1], (num_classes, shapes[-1][1])]
    first = [(num_classes, shapes[0][1]), *shapes[1:]]
    for wrong, said in _head_mistakes(name, shapes, num_classes, first):
        assert now == want or now != wrong, said
    other = hint(
        f"`{name}`: 선형층이 {want}여야 하는데 {now}입니다(나가는 수, 들어오는 수).",
        f"`{name}`: the linear layers should be {want} (out, in), but are {now}.",
    )
    assert now == want, joined(other, advice)
    assert kinds == [type(module).__name__ for module in got.modules()], hint(
        f"`{name}`: 선형층 말고 다른 층이 없어지거나 생겼습니다.",
        f"`{name}`: a layer other than the linear one is gone or new.",
    )
    assert _checked_linears(got)[-1].bias is not None, hint(
        f"`{name}`: 새 헤드에 편향이 없습니다.", f"`{name}`: the new head has no bias."
    )
    assert attempt(got, some_images(2)).shape == (2, num_classes), hint(
        f"`{name}`: 새 헤드를 단 모델의 출력 모양이 (N, {num_classes})가 아닙니다.",
        f"`{name}`: with the new head the model does not give (N, {num_classes}).",
    )
    return got


def _head_mistakes(name: str, shapes: list[Any], n: int, first: list[Any]) -> list[tuple[list[Any], str]]:
    """(shapes of the linear layers, hint) of the usual mistakes."""
    said = {
        "same": hint(
            f"`{name}`: 헤드가 그대로입니다. 다른 모듈 안에 든 선형층을 놓치지 않았나요? "
            "속성 `out_features`만 고치면 가중치는 바뀌지 않습니다.",
            f"`{name}`: the head is the old one. Was a linear layer inside another module missed? "
            "Setting `out_features` does not change the weights.",
        ),
        "first": hint(
            f"`{name}`: 마지막이 아니라 첫 선형층을 바꾸었습니다.",
            f"`{name}`: the first linear layer was replaced, not the last.",
        ),
        "added": hint(
            f"`{name}`: 원래 헤드는 두고 새 층을 덧붙였습니다. 원래 자리에 넣으세요.",
            f"`{name}`: the old head is still there and a layer was added. Put the new one in its place.",
        ),
        "all": hint(f"`{name}`: 모든 선형층을 바꾸었습니다.", f"`{name}`: every linear layer was replaced."),
        "turned": hint(
            f"`{name}`: 헤드에 들어오는 특징 수가 달라졌습니다.", f"`{name}`: the in features of the head changed."
        ),
    }
    width = shapes[-1][1]
    return [
        (shapes, said["same"]),
        (first, said["first"]),
        ([*shapes, (n, width)], said["added"]),
        ([*shapes, (n, shapes[-1][0])], said["added"]),
        ([(n, into) for _, into in shapes], said["all"]),
        ([*shapes[:-1], (n, shapes[-1][0])], said["turned"]),
    ]


def check_head_trains(function: Callable, model: nn.Module, num_classes: int) -> None:
    """The new head learns; all before it keeps its values and stays as frozen or as trainable as it was."""
    name, head = name_of(function), _checked_linears(model)[-1]
    old = {id(p) for p in head.parameters()}
    flags = {key: p.requires_grad for key, p in model.named_parameters() if id(p) not in old}
    values = {key: p.detach().clone() for key, p in model.named_parameters() if id(p) not in old}
    got = check_head(function, model, num_classes)
    new = {id(p) for p in _checked_linears(got)[-1].parameters()}
    now = {key: p for key, p in got.named_parameters() if id(p) not in new}
    assert all(p.requires_grad for p in _checked_linears(got)[-1].parameters()), hint(
        f"`{name}`: 새 헤드가 동결되어 있습니다. 이대로는 아무것도 배우지 못합니다.",
        f"`{name}`: the new head is frozen. Nothing can be learned this way.",
    )
    assert all(now[key].requires_grad <= flags[key] for key in flags), hint(
        f"`{name}`: 동결되어 있던 백본이 풀렸습니다.", f"`{name}`: the backbone was frozen and no longer is."
    )
    assert all(now[key].requires_grad == flags[key] for key in flags), hint(
        f"`{name}`: 동결하지 않은 파라미터까지 동결했습니다.", f"`{name}`: parameters were frozen that had not been."
    )
    assert all(torch.equal(values[key], now[key]) for key in flags), hint(
        f"`{name}`: 백본의 값이 바뀌었습니다.", f"`{name}`: the backbone's values changed."
    )


# --- extract_features ------------------------------------------------------------------------------------------------


def check_features(function: Callable, backbone: nn.Module, loader: Batches, once: bool = False) -> None:
    """The features image by image in evaluation mode, in the loader's order; `once`: the loader is read only once."""
    name, alone, backbone = name_of(function), copy.deepcopy(backbone).eval(), copy.deepcopy(backbone)
    images, labels = torch.cat([x for x, _ in loader]), torch.cat([y for _, y in loader])
    with torch.no_grad():
        wanted = torch.cat([alone(image[None]) for image in images])  # (N, …)
    advice = hint("마지막 배치는 작을 수 있습니다.", "The last batch may be smaller.")
    if once:
        advice = hint("loader는 한 번만 훑으세요.", "Go through the loader only once.")
    got = attempt(function, backbone, iter(loader) if once else loader, advice=advice)
    assert isinstance(got, tuple) and len(got) == 2 and all(isinstance(part, torch.Tensor) for part in got), hint(
        f"`{name}`: 텐서 두 개의 튜플 (features, labels)를 돌려주어야 합니다.",
        f"`{name}` should return a tuple of two tensors (features, labels).",
    )
    features, found = got
    size, many = tuple(wanted.shape), len(labels)
    assert not (same(found, wanted) and same(features, labels)), hint(
        f"`{name}`: 순서가 바뀌었습니다. 특징이 먼저입니다.", f"`{name}`: the two are swapped. Features come first."
    )
    assert features.ndim <= wanted.ndim, hint(
        f"`{name}`: 배치마다 축이 하나 더 생겼습니다. 새 축을 만들지 말고 첫 축을 따라 이으세요.",
        f"`{name}`: there is an axis more, one entry per batch. Join along the first axis; make no new one.",
    )
    assert len(features) == many == len(found), hint(
        f"`{name}`: 이미지는 {many}장인데 특징은 {len(features)}개, 레이블은 {len(found)}개입니다. 빠진 배치가 있나요?",
        f"`{name}`: {many} images, but {len(features)} features and {len(found)} labels. Is a batch missing?",
    )
    assert features.shape == wanted.shape, hint(
        f"`{name}`: 특징의 모양이 {size}여야 하는데 {tuple(features.shape)}입니다. 백본의 출력을 그대로 잇기만 하세요.",
        f"`{name}`: the features should be {size}, but are {tuple(features.shape)}. Only join what the backbone gives.",
    )
    assert found.dtype == labels.dtype, hint(
        f"`{name}`: 레이블의 dtype이 {found.dtype}입니다. loader가 준 {labels.dtype} 그대로 두세요.",
        f"`{name}`: the labels are {found.dtype}. Leave them {labels.dtype}, as the loader gives them.",
    )
    assert torch.equal(found, labels), hint(
        f"`{name}`: 레이블이 loader의 순서와 다릅니다.", f"`{name}`: the labels are not in the loader's order."
    )
    mixed = same(features.flatten(1).sum(1).sort().values, wanted.flatten(1).sum(1).sort().values)
    assert not mixed or same(features, wanted), hint(
        f"`{name}`: 특징이 loader의 순서와 다릅니다.", f"`{name}`: the features are not in the loader's order."
    )
    assert same(features, wanted), hint(
        f"`{name}`: 값이 다릅니다. 한 이미지의 특징이 같은 배치의 다른 이미지에 따라 달라지면 안 됩니다.",
        f"`{name}`: other values. An image's features must not depend on the other images of its batch.",
    )


def check_features_in_eval_mode(function: Callable, inside: nn.Module, loader: Batches) -> None:
    """The backbone runs in evaluation mode throughout, and its running statistics stay as they were."""
    backbone, name = Watched(copy.deepcopy(inside)).train(), name_of(function)
    before = {key: value.clone() for key, value in backbone.named_buffers()}
    wanted = copy.deepcopy(backbone).eval()
    got = attempt(function, backbone, loader)
    assert not any(training for training, _ in backbone.calls), hint(
        f"`{name}`: 백본을 학습 모드로 실행했습니다. 드롭아웃과 배치 정규화가 다르게 움직입니다.",
        f"`{name}`: the backbone ran in training mode, in which dropout and batch normalization act differently.",
    )
    assert all(torch.equal(before[key], value) for key, value in backbone.named_buffers()), hint(
        f"`{name}`: 배치 정규화의 이동 통계량이 바뀌었습니다. 안쪽 층까지 모두 평가 모드인가요?",
        f"`{name}`: the running statistics have drifted. Are the layers inside in evaluation mode, too?",
    )
    with torch.no_grad():
        right = torch.cat([wanted(x) for x, _ in loader])
    assert isinstance(got, tuple) and same(got[0], right), hint(
        f"`{name}`: 특징이 평가 모드의 값과 다릅니다.", f"`{name}`: the features are not those of evaluation mode."
    )


def check_features_without_gradients(function: Callable, inside: nn.Module, loader: Batches) -> None:
    """No gradient is recorded on the way, and `requires_grad` of the backbone stays."""
    backbone, name = Watched(copy.deepcopy(inside)).eval(), name_of(function)
    flags = [p.requires_grad for p in backbone.parameters()]
    got = attempt(function, backbone, loader)
    features = got[0] if isinstance(got, tuple) and got else None
    assert not (isinstance(features, torch.Tensor) and features.requires_grad), hint(
        f"`{name}`: 특징이 기울기를 기다립니다. 계산 과정이 통째로 메모리에 남습니다.",
        f"`{name}`: the features still require a gradient, so the whole computation stays in memory.",
    )
    assert flags == [p.requires_grad for p in backbone.parameters()], hint(
        f"`{name}`: 백본의 requires_grad를 바꾸었습니다. 백본은 동결하지 말고 그대로 두세요.",
        f"`{name}`: requires_grad of the backbone changed. Do not freeze it here.",
    )
    assert backbone.calls, hint(
        f"`{name}`: 받은 백본을 호출하지 않았습니다. 복사본을 만들거나 안쪽 층을 따로 호출하지 말고 "
        "`backbone(images)`로 실행하세요.",
        f"`{name}` never called the backbone that came in. Run `backbone(images)` itself, no copy of it "
        "and not its layers one by one.",
    )
    assert not any(recording for _, recording in backbone.calls), hint(
        f"`{name}`: 백본을 실행하는 동안 기울기를 기록했습니다. 나중에 떼어 내면 이미 늦습니다.",
        f"`{name}`: gradients were recorded while the backbone ran. Cutting them off afterward is too late.",
    )


# --- parameter_groups ------------------------------------------------------------------------------------------------


def check_groups(function: Callable, model: nn.Module, backbone_lr: float, head_lr: float) -> None:
    """Every trainable parameter once, the last linear layer with `head_lr`, all others with `backbone_lr`."""
    name, head = name_of(function), {id(p) for p in _checked_linears(model)[-1].parameters()}
    got = attempt(function, model, backbone_lr, head_lr)
    shaped = isinstance(got, list) and all(isinstance(g, dict) and {"params", "lr"} <= set(g) for g in got)
    assert shaped, hint(
        f"`{name}`: 키가 params와 lr인 딕셔너리의 리스트여야 합니다.",
        f"`{name}` should return a list of dictionaries with the keys params and lr.",
    )
    rates: dict[int, list[float]] = {}
    for group in got:
        for p in group["params"]:
            rates.setdefault(id(p), []).append(group["lr"])
    for key, p in model.named_parameters():
        where, found = "head" if id(p) in head else "backbone", rates.pop(id(p), [])
        assert len(found) < 2, hint(
            f"`{name}`: `{key}`가 {len(found)}번 들어 있습니다.", f"`{name}`: `{key}` is there {len(found)} times."
        )
        assert p.requires_grad or not found, hint(
            f"`{name}`: 동결된 `{key}`가 옵티마이저로 넘어갑니다.",
            f"`{name}`: `{key}` is frozen, yet the optimizer gets it.",
        )
        assert found or not p.requires_grad, hint(
            f"`{name}`: 학습할 `{key}`가 빠졌습니다.", f"`{name}`: `{key}` is trainable, but missing."
        )
        lr = head_lr if where == "head" else backbone_lr
        assert not found or found == [lr], hint(
            f"`{name}`: `{key}`의 학습률이 {found}입니다. 헤드의 것과 백본의 것을 보세요.",
            f"`{name}`: `{key}` gets the learning rate {found}. Which is the head's and which the backbone's?",
        )
    assert not rates, hint(
        f"`{name}`: 모델에 없는 파라미터가 있습니다.", f"`{name}`: some parameters are not the model's."
    )


# --- keep_batchnorm_frozen -------------------------------------------------------------------------------------------


def check_statistics_stay(function: Callable, model: nn.Module, x: torch.Tensor) -> None:
    """A forward pass after the call leaves the running statistics alone, while the model is in training mode."""
    name, got = name_of(function), _returned_model(function, model)
    assert got.training, hint(
        f"`{name}`: 모델 전체가 평가 모드입니다. 배치 정규화만 평가 모드여야 합니다.",
        f"`{name}`: the whole model is in evaluation mode. Only batch normalization should be.",
    )
    norms = [m for m in got.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    before = [{key: value.clone() for key, value in m.named_buffers()} for m in norms]
    with torch.no_grad():
        got(x)
    drifted = [
        m for m, old in zip(norms, before, strict=True) if not all(torch.equal(old[k], b) for k, b in m.named_buffers())
    ]
    assert not drifted, hint(
        f"`{name}`: {type((drifted or norms)[0]).__name__}의 이동 통계량이 "
        f"여전히 바뀝니다({len(norms)}개 가운데 {len(drifted)}개).",
        f"`{name}`: the running statistics of {type((drifted or norms)[0]).__name__} still drift "
        f"({len(drifted)} of {len(norms)}).",
    )
    assert not any(m.training for m in norms), hint(
        f"`{name}`: 이동 통계량은 그대로이지만 계산에는 배치의 통계량을 씁니다. 배치 정규화의 모드를 보세요.",
        f"`{name}`: the running statistics stay, but the batch's are used. Look at the mode of batch normalization.",
    )


def check_rest_trains(function: Callable, model: nn.Module) -> None:
    """All but batch normalization is in training mode, and `requires_grad` is as it was."""
    name, flags = name_of(function), [p.requires_grad for p in model.parameters()]
    check_same_model(function, model)
    norms = nn.modules.batchnorm._BatchNorm
    asleep = [m for m in model.modules() if not isinstance(m, norms) and not m.training]
    assert not asleep, hint(
        f"`{name}`: {type((asleep or [model])[0]).__name__}이 평가 모드입니다. "
        "배치 정규화 말고는 모두 학습 모드여야 합니다.",
        f"`{name}`: {type((asleep or [model])[0]).__name__} is in evaluation mode. "
        "All but batch normalization should be in training mode.",
    )
    assert flags == [p.requires_grad for p in model.parameters()], hint(
        f"`{name}`: requires_grad가 바뀌었습니다. 여기서는 모드만 바꿉니다.",
        f"`{name}`: requires_grad changed. Only modes change here.",
    )
