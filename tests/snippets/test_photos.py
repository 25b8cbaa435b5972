"""The photographs of the page "Going further", and maps drawn over them."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
import torch

from book.snippets.photos import maps_on_photos, sample_photos


def test_the_photographs_are_squares_of_bytes_and_differ() -> None:
    photos = sample_photos(64)
    assert photos.shape == (2, 3, 64, 64) and photos.dtype == torch.uint8
    assert (photos[0].float() - photos[1].float()).abs().mean() > 20


def test_every_map_stands_beside_its_photograph_on_a_scale_from_zero() -> None:
    maps = [[torch.tensor([[-1.0, 2.0], [0.0, 1.0]])], [torch.ones(3, 3)]]
    fig = maps_on_photos(sample_photos(32), maps, [["first"], ["second"]])
    assert [ax.get_title() for ax in fig.axes] == ["", "first", "", "second"]
    assert [len(ax.images) for ax in fig.axes] == [1, 2, 1, 2]
    assert fig.axes[1].images[1].get_clim() == (0, 2)
    plt.close(fig)


def test_a_map_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="one title per map"):
        maps_on_photos(sample_photos(32), [[torch.ones(2, 2)], []], [[], []])
