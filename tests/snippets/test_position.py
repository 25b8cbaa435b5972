"""The networks and questions of chapter 2's position experiments."""

import pytest
import torch

from book.snippets import position
from book.snippets.position import (
    HEADS,
    PositionNet,
    draw_sides,
    position_claims,
    read_side,
    side_claims,
    train_and_test,
)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few training images: enough to see that the experiment runs, not what it finds."""
    monkeypatch.setattr(position, "TRAIN_IMAGES", 128)
    monkeypatch.setattr(position, "EPOCHS", 6)


def _logits(net: PositionNet, images: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return net.double().eval()(images.double())


@pytest.mark.parametrize(("head", "length"), [("flatten", 32 * 9 * 9), ("gap", 32), ("gmp", 32)])
def test_only_the_flatten_head_has_a_weight_per_position(head: str, length: int) -> None:
    assert PositionNet(head).classifier.weight.shape == (4, length)


def test_networks_of_all_heads_start_from_the_same_convolutions() -> None:
    nets = []
    for head in HEADS:
        torch.manual_seed(3)
        nets.append(PositionNet(head).features.state_dict())
    assert all(torch.equal(nets[0][key], net[key]) for net in nets for key in nets[0])


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("head", ["gap", "gmp"])
def test_without_a_border_global_pooling_cannot_see_a_shift_by_the_stride(
    head: str, extra: int
) -> None:
    net, image = PositionNet(head, "circular", size=32, extra=extra), torch.rand(2, 3, 32, 32)
    still = _logits(net, image)
    assert torch.allclose(_logits(net, image.roll(4, dims=3)), still, atol=1e-12)
    assert not torch.allclose(_logits(net, image.roll(2, dims=3)), still, atol=1e-9)


def test_zero_padding_lets_gap_see_a_shift() -> None:
    net, image = PositionNet("gap", "zeros", size=32), torch.rand(2, 3, 32, 32)
    assert not torch.allclose(_logits(net, image.roll(4, dims=3)), _logits(net, image), atol=1e-9)


@pytest.mark.parametrize(("extra", "view"), [(0, 9), (1, 17)])
def test_one_value_of_the_last_map_sees_9_pixels_and_8_more_per_extra_layer(
    extra: int, view: int
) -> None:
    net = PositionNet("gap", "none", size=65, extra=extra).eval()
    image = torch.rand(1, 3, 65, 65, requires_grad=True)
    net.features(image)[0, :, 5, 5].sum().backward()
    assert image.grad is not None
    columns = image.grad.abs().sum(dim=(0, 1, 2)).nonzero().flatten()
    assert columns[-1] - columns[0] + 1 == view


def test_objects_of_the_two_sides_keep_8_pixels_from_the_border_and_lie_on_their_side() -> None:
    images, labels = draw_sides(200, 33, torch.Generator().manual_seed(0))
    assert images.shape == (200, 3, 33, 33) and labels.bincount().tolist() == [100, 100]
    # Columns without an object are noise around one shade; an object makes a column's brightness
    # stand out.
    stands_out = (
        images.mean(dim=(1, 2)) - images.mean(dim=(1, 2)).median(dim=1, keepdim=True).values
    ).abs()
    brightest = stands_out.argmax(dim=1)
    assert ((brightest < 17) == (labels == 0)).float().mean() > 0.97
    assert brightest.min() >= 8 and brightest.max() <= 24


def test_unknown_head_is_refused() -> None:
    with pytest.raises(KeyError, match="average"):
        PositionNet("average")


@pytest.mark.usefixtures("quick")
def test_the_same_seed_gives_the_same_result_and_another_seed_another() -> None:
    first, again, other = (train_and_test(seed, "flatten") for seed in (0, 0, 1))
    assert first == again != other
    assert set(first) == {"seen", "unseen", "edge", "inner", "train", "falling", "steps"}


@pytest.mark.usefixtures("quick")
def test_questions_about_position_answer_with_shares() -> None:
    answers = train_and_test(0, "gap", "left, 32 px, none"), read_side(0, "gap, circular, 17 px")
    for answer, steps in zip(answers, (12, 24), strict=True):
        assert answer.pop("steps") == steps and answer.pop("falling") < 1
        assert all(0 <= share <= 1 for share in answer.values())


@pytest.mark.usefixtures("quick")
def test_length_multiplies_the_steps() -> None:
    assert (
        train_and_test(0, "gap", length=2)["steps"],
        read_side(0, "gap, none, 9 px", length=2)["steps"],
    ) == (24, 48)


def test_claims_about_position_are_taken_back_by_a_single_head_that_disagrees() -> None:
    def rows(flatten: float, gap: float, edge: float) -> list[dict]:
        scores = {"flatten": flatten, "gap": gap, "gmp": 0.95}
        found = [
            {"head": h, "frame": "left, 33 px, none", "unseen": s, "edge": 0.95}
            for h, s in scores.items()
        ]
        return [*found, {"head": "gmp", "frame": "left, 32 px, none", "unseen": 0.7, "edge": edge}]

    assert list(position_claims(rows(0.25, 0.95, 0.8)).values()) == [True, True, True]
    assert list(position_claims(rows(0.6, 0.7, 0.95)).values()) == [False, False, False]
    assert len(position_claims(rows(0.25, 0.95, 0.8)[:3])) == 2, (
        "without an image of 32 pixels nothing is cut off"
    )


def test_claims_about_the_side_are_taken_back_by_a_head_that_sees_no_border_and_knows_it() -> None:
    blind = dict.fromkeys(["gap, none, 9 px", "gap, zeros, 9 px", "gap, circular, 17 px"], 0.5)
    seeing = dict.fromkeys(["gap, zeros, 17 px", "gap, none, 17 px", "flatten, none, 9 px"], 0.99)

    def rows(**changed: float) -> list[dict]:
        return [
            {"reader": reader, "accuracy": share}
            for reader, share in (blind | seeing | changed).items()
        ]

    assert list(side_claims(rows()).values()) == [True] * 4
    assert list(side_claims(rows(**{"gap, zeros, 9 px": 0.9})).values()) == [
        False,
        True,
        True,
        True,
    ]
