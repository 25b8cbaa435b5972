"""The oracles of assignment 5 agree with torch, and its checks name the usual mistakes in both
languages.
"""

import pytest
import torch
import torch.nn.functional as F

from book.snippets.checks import cam_checks as checks


def right_cam(features, weight, class_index):  # type: ignore[no-untyped-def]
    return (weight[class_index][..., None, None] * features).sum(dim=1)


@pytest.mark.parametrize("size", [(8, 9), (3, 2), (4, 4), (1, 7)])
@pytest.mark.parametrize("corners", [False, True])
def test_enlarging_pixel_by_pixel_agrees_with_torch(size: tuple[int, int], corners: bool) -> None:
    cam = torch.randn(2, 3, 5, generator=torch.Generator().manual_seed(0))
    oracle = F.interpolate(cam[:, None], size=size, mode="bilinear", align_corners=corners)[:, 0]
    torch.testing.assert_close(checks.upsampled_by_hand(cam, size, corners=corners), oracle)


def test_maps_by_hand_agree_with_a_1x1_convolution() -> None:
    features, weight = torch.randn(2, 3, 4, 5), torch.randn(6, 3)
    oracle = F.conv2d(features, weight[:, :, None, None])
    torch.testing.assert_close(checks.cam_by_hand(features, weight, 4), oracle[:, 4])
    torch.testing.assert_close(
        checks.cam_by_hand(features, weight, torch.tensor([5, 0])), oracle[[0, 1], [5, 0]]
    )


def test_a_right_answer_passes_on_an_empty_batch_too() -> None:
    checks.check_cam(right_cam, torch.rand(0, 3, 4, 4), torch.rand(5, 3), 1)
    checks.check_cam_gradient(right_cam, torch.rand(2, 3, 4, 4), torch.rand(5, 3), 1)


def test_a_forgotten_weight_is_named_in_both_languages() -> None:
    def unweighted(features, weight, class_index):  # type: ignore[no-untyped-def]
        return features.sum(dim=1)

    with pytest.raises(AssertionError, match=r"가중치를 곱하지 않고(.|\n)*without their weights"):
        checks.check_cam(unweighted, torch.rand(2, 3, 4, 4), torch.randn(5, 3), 1)


def test_a_bias_on_the_wrong_axis_is_caught_where_it_raises_no_error() -> None:
    def too_early(cam, bias):  # type: ignore[no-untyped-def]
        return (cam + bias).mean(dim=(1, 2))

    with pytest.raises(AssertionError, match="axes of mean and bias"):
        checks.check_logits(too_early, torch.rand(4, 3, 4), torch.arange(4.0))


def test_a_constant_map_must_be_zero_though_enlarging_rounds() -> None:
    def late(cam, size):  # type: ignore[no-untyped-def]
        big = F.interpolate(cam[:, None], size=size, mode="bilinear")[:, 0]
        low, high = big.amin(dim=(1, 2), keepdim=True), big.amax(dim=(1, 2), keepdim=True)
        return (big - low) / (high - low)

    with pytest.raises(AssertionError, match=r"NaN|other values"):
        checks.check_upsampled(late, torch.full((1, 3, 3), 0.1), (7, 7))


def test_scaling_the_batch_at_once_is_told_apart_from_scaling_each_map() -> None:
    def together(cam, size):  # type: ignore[no-untyped-def]
        big = F.interpolate(cam[:, None], size=size, mode="bilinear")[:, 0]
        return (big - big.min()) / (big.max() - big.min())

    with pytest.raises(AssertionError, match="Scale each map by itself"):
        checks.check_upsampled(together, torch.tensor([[[0.0, 1.0]], [[3.0, 9.0]]]), (2, 4))
