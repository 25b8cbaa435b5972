"""The procedural images are what their description says."""

import pytest
import torch

from book.snippets.shapes import SHAPE_CLASSES, SHAPE_STYLES, draw_shapes


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_same_seed_draws_the_same_images():
    assert torch.equal(
        draw_shapes(16, generator=generator()).images, draw_shapes(16, generator=generator()).images
    )


def test_classes_and_styles_come_in_equal_shares():
    drawn = draw_shapes(80, styles=SHAPE_STYLES, generator=generator())
    assert drawn.labels.bincount().tolist() == [20] * len(SHAPE_CLASSES)
    assert drawn.styles.bincount().tolist() == [20] * len(SHAPE_STYLES)


@pytest.mark.parametrize("size", [28, 32, 33, 64])
def test_shapes_stay_inside_the_columns_asked_for(size):
    drawn = draw_shapes(64, size=size, columns=(0.0, 0.5), generator=generator())
    assert drawn.images.shape == (64, 3, size, size)
    assert drawn.masks.any(dim=(1, 2)).all()
    columns = drawn.masks.any(dim=1).nonzero()[:, 1]
    assert columns.max() < size / 2


def test_shape_differs_from_its_background():
    drawn = draw_shapes(32, noise=0.0, generator=generator())
    for image, mask in zip(drawn.images, drawn.masks, strict=True):
        assert (image[:, mask].mean() - image[:, ~mask].mean()).abs() > 0.2


def test_shape_that_cannot_fit_is_refused_by_name():
    with pytest.raises(ValueError, match="does not fit"):
        draw_shapes(4, columns=(0.0, 0.2), generator=generator())
