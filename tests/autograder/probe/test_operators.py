"""Operators refused and altered: met by whatever way they are called, and put back."""

import threading
import warnings

import pytest
import torch
from torch.nn import functional as F

from autograder.probe import operators
from autograder.probe.change import change

x = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0)) + 3  # (N, C, H, W)


def scripted(function):
    """As students who have read that it is faster write it; torch calls it old."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.jit.script(function)


@scripted
def scripted_pool(x: torch.Tensor) -> torch.Tensor:
    return torch.max_pool2d(x, [2, 2])


@scripted
def scripted_gap(x: torch.Tensor) -> torch.Tensor:
    return F.adaptive_avg_pool2d(x, 1).flatten(1)


def unwatched(x: torch.Tensor) -> torch.Tensor:
    with torch._C.DisableTorchFunction():
        return F.max_pool2d(x, 2)


POOLING = {
    "function": lambda x: F.max_pool2d(x, 2),
    "module": torch.nn.AvgPool2d(2),
    "TorchScript": scripted_pool,
    "torch functions off": unwatched,
    "three dimensions": lambda x: F.max_pool3d(x[:, :, None], (1, 2, 2)),
    "below functions": lambda x: torch._C._nn.avg_pool2d(x, [2, 2]),
    "operator": lambda x: torch.ops.aten.max_pool2d_with_indices(x, [2, 2]),
    "one dimension": lambda x: F.max_pool1d(x[0], 2),
    "mean in disguise": lambda x: F.adaptive_avg_pool2d(x, 1),
    "vmap": lambda x: torch.vmap(lambda image: F.max_pool2d(image, 2))(x),
    "with gradients": lambda x: F.max_pool2d(x.clone().requires_grad_(), 2),
}


@pytest.mark.parametrize("call", POOLING.values(), ids=POOLING)
@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "on another thread"])
def test_pooling_is_refused_by_whatever_way_it_is_called_and_works_afterwards(call, elsewhere):
    caught: list[BaseException] = []

    def attempt() -> None:
        try:
            call(x)
        except RuntimeError as error:
            caught.append(error)

    with operators.refused(["pool"]) as called:
        thread = threading.Thread(target=attempt)
        if elsewhere:
            thread.start()
            thread.join()
        else:
            attempt()
    assert len(caught) == 1 and "pool" in called[0]
    call(x)


def test_operator_that_answers_all_the_same_is_seen(monkeypatch):
    monkeypatch.setattr(torch.library.Library, "impl", lambda *args, **settings: None)
    with operators.refused(["pool"]) as called:
        assert called == [operators.UNWATCHED]


def test_defaults_that_a_hand_in_left_do_no_harm():
    torch.set_default_device("meta")
    try:
        with operators.refused(["pool"]) as called:
            assert called == []
    finally:
        torch.set_default_device(None)


def test_nothing_else_is_refused():
    with operators.refused(["pool"]) as called:
        x.unfold(2, 2, 2).unfold(3, 2, 2).amax((4, 5))
        F.conv2d(x, torch.ones(3, 1, 2, 2), groups=3)
    assert called == []


MEANS = {
    "mean": (["mean"], lambda x: x.mean((2, 3)), True),
    "mean in two steps": (["mean"], lambda x: x.mean(3).mean(2), True),
    "mean in loops": (
        ["mean"],
        lambda x: torch.stack([torch.stack([c.mean() for c in i]) for i in x]),
        True,
    ),
    "mean by sum": (["mean"], lambda x: x.sum((2, 3)) / 16, False),
    "mean by a product": (["mean"], lambda x: x.flatten(2) @ torch.ones(16) / 16, False),
    "half of it by another way": (
        ["mean"],
        lambda x: torch.stack([x.mean((2, 3)), x.sum((2, 3)) / 16]).mean(0),
        False,
    ),
    "a one made by mean": (["mean"], lambda x: x.sum((2, 3)) / 16 * torch.ones(2).mean(), False),
    "mean by pooling": (["mean"], lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1), False),
    "pooling": (["avg_pool2d"], lambda x: F.avg_pool2d(x, 4).flatten(1), True),
    "pooling, then a mean of one": (
        ["avg_pool2d"],
        lambda x: F.avg_pool2d(x, 4).mean((2, 3)),
        True,
    ),
    "pooling that reduces nothing": (
        ["avg_pool2d"],
        lambda x: F.avg_pool2d(x, 1).mean((2, 3)),
        False,
    ),
    "pooling by a sum": (
        ["avg_pool2d"],
        lambda x: F.avg_pool2d(x, 4, divisor_override=1).flatten(1) / 16,
        True,
    ),
    "pooling by a sum in two steps": (
        ["avg_pool2d"],
        lambda x: F.avg_pool2d(F.avg_pool2d(x, (4, 1)), (1, 4), divisor_override=8).flatten(1) * 2,
        True,
    ),
    "pooling of another sum": (
        ["avg_pool2d"],
        lambda x: x.sum((2, 3)) / 16 + 0 * F.avg_pool2d(x, 4, divisor_override=1).flatten(1),
        False,
    ),
    "adaptive": (["adaptive_avg_pool2d"], lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1), True),
    "adaptive in TorchScript": (["adaptive_avg_pool2d"], scripted_gap, True),
    "adaptive under vmap": (
        ["adaptive_avg_pool2d"],
        lambda x: torch.vmap(lambda image: F.adaptive_avg_pool2d(image, 1).flatten())(x),
        True,
    ),
}


@pytest.mark.parametrize(("wanted", "call", "made"), MEANS.values(), ids=MEANS)
def test_answer_follows_where_the_wanted_function_made_it(wanted, call, made):
    right = x.mean((2, 3))
    with operators.altered(wanted, 3.0, 2.0):
        got = call(x)
    steps = [right * 3 + 2, (right * 3 + 2) * 3 + 2]
    assert any(torch.allclose(got, step, rtol=1e-4) for step in steps) is made
    assert torch.allclose(call(x), right, rtol=1e-4)


@pytest.mark.parametrize(("wanted", "call", "made"), MEANS.values(), ids=MEANS)
def test_answer_follows_a_slight_change_where_the_wanted_function_made_it(wanted, call, made):
    exact = x.double()
    right = exact.mean((2, 3))
    scale, shift = change(3.0, 2.0, slightly=True)
    try:
        with operators.altered(wanted, 3.0, 2.0, slightly=True):
            got = call(exact)
    except RuntimeError:  # single precision written into the answer
        assert not made
        return
    steps = [right * scale + shift, (right * scale + shift) * scale + shift]
    assert any(torch.allclose(got, step, rtol=0, atol=1e-13) for step in steps) is made


def test_comparisons_do_not_tell_a_slight_change():
    exact = x.double()
    with operators.altered(["avg_pool2d"], 5.0, 5.0, slightly=True):
        one, other = F.avg_pool2d(exact, 4).flatten(1), exact.mean((2, 3))
        assert torch.allclose(one, other) and torch.equal(one, other) and (one == other).all()
        assert not torch.equal(one, other + 1e-6) and not (one == other + 1e-6).any()
        assert not torch.equal(one, other[:1]) and torch.equal(exact > 3, exact > 3)
        torch.testing.assert_close(one, other)
        assert (one - other).abs().max() < 1e-8
    assert torch.equal(exact, exact.clone()) and not torch.equal(exact, exact + 1e-12)


def test_operators_that_are_spared_answer_with_gradients_and_others_are_refused() -> None:
    leaf = x.clone().requires_grad_()
    with operators.refused(["pool", "!adaptive_avg_pool"]) as called:
        area = F.interpolate(leaf, size=1, mode="area")
        area.sum().backward()
        with pytest.raises(operators.Refused):
            F.avg_pool2d(x, 2)
    assert torch.allclose(area, x.mean((2, 3), keepdim=True)) and torch.allclose(
        leaf.grad, torch.tensor(1 / 16)
    )
    assert called == ["avg_pool2d"]
