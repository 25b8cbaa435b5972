import pytest
import torch

from book.snippets.checks.gap_checks import (
    by_hand,
    check_counts,
    check_gradient,
    check_pooling,
    check_route,
)

x = torch.arange(24.0).reshape(2, 3, 2, 2)


def gap(x):
    return x.mean((2, 3))


def test_by_hand_agrees_with_torch():
    assert torch.equal(by_hand(x), x.mean((2, 3)))
    for largest in (max, torch.max, torch.amax):
        assert torch.equal(by_hand(x, largest), x.amax((2, 3)))
    assert by_hand(torch.zeros(0, 3, 2, 2)).shape == (0, 3)


def test_right_answer_passes_every_check():
    check_pooling(gap, x)
    check_pooling(lambda x: x.amax((2, 3)), x, max)
    check_gradient(gap, x, torch.full_like(x, 0.25), "")
    check_route(gap, x, "mean")
    check_counts((1, 2))


MISTAKES = {
    "sum": (lambda x: x.sum((2, 3)), "that is the sum"),
    "maximum": (lambda x: x.amax((2, 3)), "that is the maximum"),
    "spatial axes left": (lambda x: x.mean((2, 3), keepdim=True), "drop the last two axes"),
    "wrong axis": (lambda x: x.mean(1), r"has the shape \(2, 2, 2\) instead of \(2, 3\)"),
    "transposed": (lambda x: x.mean((2, 3)).T, r"has the shape \(3, 2\)"),
    "nothing returned": (lambda x: None, "has no `return`"),
    "values and positions": (lambda x: x.flatten(2).max(2), "values and positions"),
    "another dtype": (lambda x: x.mean((2, 3)).double(), "should keep the input's torch.float32"),
    "input changed": (lambda x: x.mul_(0).mean((2, 3)), "changed its input x"),
    "other values": (lambda x: x.mean((2, 3)) + 1, "Check which axes"),
}


@pytest.mark.parametrize(("way", "said"), MISTAKES.values(), ids=MISTAKES)
def test_usual_mistake_is_named_in_english_and_korean(way, said):
    with pytest.raises(AssertionError, match=said) as caught:
        check_pooling(way, x)
    assert any("가" <= letter <= "힣" for letter in str(caught.value).splitlines()[0])


def test_mistake_does_not_spoil_the_input_of_later_checks():
    before = x.clone()
    with pytest.raises(AssertionError):
        check_pooling(lambda x: x.zero_().mean((2, 3)), x)
    assert torch.equal(x, before)


def test_squeeze_without_axes_is_named():
    with pytest.raises(AssertionError, match="a batch or channel axis of length 1 was dropped"):
        check_pooling(lambda x: x.mean((2, 3)).squeeze(), x[:1])


def test_cut_gradient_and_other_gradient_are_told_apart():
    with pytest.raises(AssertionError, match="No gradient flows"):
        check_gradient(lambda x: gap(x).detach(), x, x, "")
    with pytest.raises(AssertionError, match=r"gives a wrong gradient. Even."):
        check_gradient(lambda x: x.amax((2, 3)), x, torch.full_like(x, 0.25), "고르게\nEven.")


def test_other_route_is_named_with_what_was_called():
    with pytest.raises(AssertionError, match=r"from `avg_pool2d`. It called: `mean`"):
        check_route(gap, x, "avg_pool2d")


@pytest.mark.parametrize("counts", [[1, 2], (1, 2, 3), 3, (1.0, 2), (True, 2), None])
def test_counts_must_be_a_tuple_of_two_ints(counts):
    with pytest.raises(AssertionError):
        check_counts(counts)
