"""Class maps add up to the logits, marks leak what they are told to leak, and pointing is scored
where it should be.
"""

import pytest
import torch
from matplotlib import pyplot as plt

from book.snippets import cam
from book.snippets.cam_plots import image_and_maps
from book.snippets.seeds import seed_everything


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_mean_of_a_class_map_plus_bias_is_the_logit() -> None:
    model = cam.CamNet().double().eval()
    images = torch.rand(3, 3, 48, 48, dtype=torch.float64, generator=generator())
    maps = cam.class_maps(model, images)
    assert maps.shape == (3, 4, 12, 12)
    torch.testing.assert_close(maps.mean(dim=(2, 3)) + model.head.bias, model(images))


def test_class_maps_equal_a_1x1_convolution_with_the_heads_weights() -> None:
    model = cam.CamNet().eval()
    images = torch.rand(2, 3, 48, 48, generator=generator())
    with torch.no_grad():
        oracle = torch.nn.functional.conv2d(
            model.features(images), model.head.weight[:, :, None, None]
        )
    torch.testing.assert_close(cam.class_maps(model, images), oracle)


def test_a_peak_on_the_object_is_a_hit_and_beside_it_a_miss() -> None:
    masks = torch.zeros(2, 48, 48, dtype=torch.bool)
    masks[:, 20:30, 20:30] = True
    maps = torch.zeros(2, 12, 12)
    maps[0, 6, 6] = 1.0  # cell 6 covers pixels 24 to 27
    maps[1, 0, 11] = 1.0
    assert cam.pointing_hits(maps, masks).tolist() == [True, False]


def test_peak_pixels_lie_inside_the_hottest_cell() -> None:
    maps = torch.zeros(1, 12, 12)
    maps[0, 2, 9] = 1.0
    row, col = cam.peak_pixels(maps)
    assert 8 <= row.item() < 12 and 36 <= col.item() < 40


def test_marks_name_the_label_exactly_when_all_of_them_match() -> None:
    shapes = cam.draw_cam_shapes(200, generator())
    marked, names = cam.add_marks(shapes.images, shapes.labels, 1.0, generator(1))
    assert torch.equal(names, shapes.labels)
    assert torch.equal(marked[:, :, 3, 3], cam.MARK_COLORS[shapes.labels])
    assert torch.equal(marked[:, :, 8:], shapes.images[:, :, 8:]), "below the mark nothing changes"


@pytest.mark.parametrize("match", [0.25, 0.6, 0.9])
def test_as_many_marks_match_the_label_as_asked_and_the_others_name_each_other_class_alike(
    match: float,
) -> None:
    labels = torch.arange(4).repeat(2500)
    _, names = cam.add_marks(torch.zeros(len(labels), 3, 12, 12), labels, match, generator())
    ahead = torch.stack([((names - labels) % 4 == k).float().mean() for k in range(4)])
    torch.testing.assert_close(
        ahead, torch.tensor([match, *3 * [(1 - match) / 3]]), atol=0.02, rtol=0
    )


def test_adding_marks_leaves_the_given_images_alone() -> None:
    images = torch.zeros(4, 3, 48, 48)
    cam.add_marks(images, torch.arange(4), 1.0, generator())
    assert images.sum() == 0


def test_shape_pairs_hold_two_different_classes_one_in_each_half() -> None:
    pairs = cam.draw_shape_pairs(64, generator())
    assert (pairs.labels[:, 0] != pairs.labels[:, 1]).all()
    assert not pairs.masks[:, 0, :, 24:].any() and not pairs.masks[:, 1, :, :24].any()
    assert 32 < len(pairs.labels) < 64


def test_one_map_for_both_shapes_points_at_its_own_half_the_time_at_best() -> None:
    pairs = cam.draw_shape_pairs(128, generator())
    blind = cam.brightness_maps(pairs.images).unsqueeze(1).expand(-1, 2, -1, -1)
    own, other = cam.pair_hits(blind, pairs)
    assert own == other <= 0.5


def test_pick_class_takes_each_images_own_map() -> None:
    maps = torch.arange(2 * 3 * 1 * 1.0).view(2, 3, 1, 1)
    assert cam.pick_class(maps, torch.tensor([2, 0])).flatten().tolist() == [2.0, 3.0]


def test_training_repeats_exactly_from_the_same_seed() -> None:
    def weights() -> torch.Tensor:
        local = seed_everything(3)
        shapes = cam.draw_cam_shapes(128, local)
        return cam.fit_cam_net(shapes.images, shapes.labels, local, epochs=1)[
            0
        ].head.weight.detach()

    assert torch.equal(weights(), weights())


def test_training_reports_the_loss_of_each_step() -> None:
    shapes = cam.draw_cam_shapes(192, generator())
    model, losses = cam.fit_cam_net(shapes.images, shapes.labels, generator(), epochs=4)
    assert len(losses) == 4 * 3 and sum(losses[-3:]) < sum(losses[:3]) and not model.training


def test_a_net_that_reads_the_mark_follows_it_and_points_at_it() -> None:
    class MarkReader(cam.CamNet):
        """Features are the colour of each 4×4 cell; the head answers with the class of the mark's
        colour.
        """

        def __init__(self) -> None:
            super().__init__()
            self.features = torch.nn.Sequential(torch.nn.AvgPool2d(4), torch.nn.ReLU())
            self.head = torch.nn.Linear(3, 4)
            directions = cam.MARK_COLORS / cam.MARK_COLORS.norm(dim=1, keepdim=True)
            with torch.no_grad():
                self.head.weight.copy_(100 * directions)
                self.head.bias.zero_()

    shapes = cam.draw_cam_shapes(32, generator())
    black = cam.Shapes(**{**vars(shapes), "images": torch.zeros_like(shapes.images)})
    scores = cam.score_leak(MarkReader(), black, 1.0, generator(1))
    assert scores["accuracy_alike"] == scores["follows_mark"] == scores["hit_corner"] == 1.0
    assert scores["hit_object"] < 0.2 and scores["accuracy_random"] < 0.6


def test_image_and_maps_draws_one_row_per_image_on_one_scale() -> None:
    figure = image_and_maps(
        torch.rand(2, 3, 48, 48),
        torch.rand(2, 2, 12, 12),
        ["image", "a", "b"],
        torch.ones(2, 48, 48).tril().bool(),
    )
    shown = [ax.images[0] for ax in figure.axes[:6]]
    assert (
        len({(picture.norm.vmin, picture.norm.vmax) for i, picture in enumerate(shown) if i % 3})
        == 1
    )
    plt.close(figure)


@pytest.mark.parametrize(("maps", "lines", "across"), [(2, 1, 3), (3, 2, 2)])
def test_image_and_maps_folds_four_columns_so_that_a_phone_shows_them(
    maps: int, lines: int, across: int
) -> None:
    figure = image_and_maps(
        torch.rand(1, 3, 48, 48),
        torch.rand(1, maps, 12, 12),
        ["image", "a", "b", "c"][: maps + 1],
        torch.ones(1, 48, 48).tril().bool(),
    )
    grid = figure.axes[0].get_gridspec()
    assert (grid.nrows, grid.ncols) == (lines, across)
    assert [ax.get_title() for ax in figure.axes[: maps + 1]] == ["image", "a", "b", "c"][
        : maps + 1
    ]
    assert 11 / figure.get_figwidth() > 1.72  # ticks of 11 pt on a phone: 8.5 px
    plt.close(figure)


def test_image_and_maps_names_the_columns_without_a_title() -> None:
    with pytest.raises(ValueError, match="3 columns but 1 titles"):
        image_and_maps(
            torch.rand(1, 3, 48, 48),
            torch.rand(1, 2, 12, 12),
            ["image"],
            torch.ones(1, 48, 48, dtype=torch.bool),
        )
