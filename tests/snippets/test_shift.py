"""Ways of halving a map, and how a shift is measured: the control must not notice, the stride
must.
"""

import pytest
import torch
from torch.nn import functional as F

from book.snippets.shapes import draw_shapes
from book.snippets.shift import (
    SHRINKS,
    blur_and_stride,
    describe,
    random_filters,
    shape_net,
    shift_change,
    shrink,
    train_and_shift,
)


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    return draw_shapes(12, generator=torch.Generator().manual_seed(0)).images


@pytest.mark.parametrize("how", SHRINKS)
@pytest.mark.parametrize("wrap", [False, True])
def test_every_way_halves_height_and_width(images: torch.Tensor, how: str, wrap: bool) -> None:
    assert shrink(images, how, wrap).shape == (12, 3, 16, 16)


@pytest.mark.parametrize("how", SHRINKS)
def test_every_way_keeps_a_constant_map_constant(how: str) -> None:
    assert torch.allclose(shrink(torch.full((1, 2, 8, 8), 0.7), how), torch.full((1, 2, 4, 4), 0.7))


def test_unknown_way_is_refused_by_name(images: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="'median'"):
        shrink(images, "median")


def test_blur_is_two_box_filters_in_a_row() -> None:
    x = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    boxes = F.avg_pool2d(F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 2, stride=1), 2)
    assert torch.allclose(blur_and_stride(x), boxes, atol=1e-6)


def test_max_and_blur_differs_from_max_only_by_the_blur() -> None:
    x = torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    dense = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode="circular"), 2, stride=1)
    assert torch.equal(dense[:, :, ::2, ::2], shrink(x, "max"))
    assert torch.equal(blur_and_stride(dense, wrap=True), shrink(x, "max+blur", wrap=True))


def test_without_shrinking_a_shift_goes_unnoticed(images: torch.Tensor) -> None:
    assert max(shift_change(images, random_filters(0), "none", range(4))) < 1e-4


@pytest.mark.parametrize("how", SHRINKS)
def test_change_is_felt_at_one_pixel_and_gone_at_the_total_stride(
    images: torch.Tensor, how: str
) -> None:
    change = shift_change(images, random_filters(0), how, range(9))
    assert change[0] == 0 and change[1] > 1e-3 and change[8] < 1e-4


def test_description_is_one_vector_per_image(images: torch.Tensor) -> None:
    assert describe(images, random_filters(0), "max").shape == (12, 32)


def test_the_way_of_shrinking_adds_no_parameter() -> None:
    shapes = {tuple(p.shape for p in shape_net(how, 4).parameters()) for how in SHRINKS}
    assert len(shapes) == 1


def test_training_run_is_repeatable_and_starts_from_full_agreement() -> None:
    first, again = (train_and_shift(3, "max", images=64, length=0.05) for _ in range(2))
    assert first == again
    same = first["same"]
    assert isinstance(same, list) and len(same) == 9 and same[0] == 1
