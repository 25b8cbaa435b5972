"""The networks and questions of chapter 2's position experiments."""

import pytest
import torch

from book.snippets import position
from book.snippets.position import HEADS, PositionNet, draw_sides, read_side, train_and_test


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few training images: enough to see that the experiment runs, not what it finds."""
    monkeypatch.setattr(position, "TRAIN_IMAGES", 128)


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
def test_without_a_border_global_pooling_cannot_see_a_shift_by_the_stride(head: str, extra: int) -> None:
    net, image = PositionNet(head, "circular", size=32, extra=extra), torch.rand(2, 3, 32, 32)
    still = _logits(net, image)
    assert torch.allclose(_logits(net, image.roll(4, dims=3)), still, atol=1e-12)
    assert not torch.allclose(_logits(net, image.roll(2, dims=3)), still, atol=1e-9)


def test_zero_padding_lets_gap_see_a_shift() -> None:
    net, image = PositionNet("gap", "zeros", size=32), torch.rand(2, 3, 32, 32)
    assert not torch.allclose(_logits(net, image.roll(4, dims=3)), _logits(net, image), atol=1e-9)


@pytest.mark.parametrize(("extra", "view"), [(0, 9), (1, 17)])
def test_one_value_of_the_last_map_sees_9_pixels_and_8_more_per_extra_layer(extra: int, view: int) -> None:
    net = PositionNet("gap", "none", size=65, extra=extra).eval()
    image = torch.rand(1, 3, 65, 65, requires_grad=True)
    net.features(image)[0, :, 5, 5].sum().backward()
    assert image.grad is not None
    columns = image.grad.abs().sum(dim=(0, 1, 2)).nonzero().flatten()
    assert columns[-1] - columns[0] + 1 == view


def test_objects_of_the_two_sides_keep_8_pixels_from_the_border_and_lie_on_their_side() -> None:
    images, labels = draw_sides(200, 33, torch.Generator().manual_seed(0))
    assert images.shape == (200, 3, 33, 33) and labels.bincount().tolist() == [100, 100]
    # Columns without an object are noise around one shade; an object makes a column's brightness stand out.
    stands_out = (images.mean(dim=(1, 2)) - images.mean(dim=(1, 2)).median(dim=1, keepdim=True).values).abs()
    brightest = stands_out.argmax(dim=1)
    assert ((brightest < 17) == (labels == 0)).float().mean() > 0.97
    assert brightest.min() >= 8 and brightest.max() <= 24


def test_unknown_head_is_refused() -> None:
    with pytest.raises(KeyError, match="average"):
        PositionNet("average")


@pytest.mark.usefixtures("quick")
def test_the_same_seed_gives_the_same_result_and_another_seed_another() -> None:
    first, again, other = (train_and_test(seed, "flatten") for seed in (0, 0, 1))
    assert first == again != other and set(first) == {"seen", "unseen", "edge", "inner"}


@pytest.mark.usefixtures("quick")
def test_questions_about_position_answer_with_shares() -> None:
    answers = [
        *train_and_test(0, "gap", "right", "none", 32).values(),
        *read_side(0, "gmp", "circular", 1).values(),
    ]
    assert len(answers) == 5 and all(0 <= answer <= 1 for answer in answers)
