"""The multi-seed studies of chapter 5: where maps point, and what a mark that matches the label does.

Images are drawn anew for each seed: the spread over seeds includes the test set's own.
"""

import torch

from book.snippets.cam import (
    CamNet,
    add_marks,
    brightness_maps,
    class_maps,
    draw_cam_shapes,
    draw_shape_pairs,
    fit_cam_net,
    pair_hits,
    pick_class,
    pointing_hits,
    score_leak,
    share_correct,
)
from book.snippets.seeds import seed_everything
from book.snippets.shapes import Shapes
from book.snippets.training import falling

CAM_EPOCHS = 10  # over 1,024 images, at length 1


def run_pointing(seed: int, length: int) -> dict[str, float]:
    """Train on unmarked images and score where maps, an untrained net's maps and mere brightness point."""
    generator = seed_everything(seed)
    train, test = draw_cam_shapes(1024, generator), draw_cam_shapes(512, generator)
    pairs = draw_shape_pairs(512, generator)
    untrained = CamNet().eval()
    model, losses = fit_cam_net(train.images, train.labels, generator, epochs=CAM_EPOCHS * length)
    bright = brightness_maps(pairs.images).unsqueeze(1).expand(-1, 2, -1, -1)  # the same map, whatever the class
    pair_maps = class_maps(model, pairs.images)  # (N, K, h, w)
    asked = torch.stack([pick_class(pair_maps, pairs.labels[:, side]) for side in (0, 1)], 1)  # (N, 2, h, w)
    own, other = pair_hits(asked, pairs)
    bright_own, bright_other = pair_hits(bright, pairs)
    return {
        "steps": len(losses),
        "falling": falling(losses),
        "train": share_correct(model, train.images, train.labels),
        "accuracy": share_correct(model, test.images, test.labels),
        "object_area": test.masks.float().mean().item(),
        "hit_untrained": _own_hits(untrained, test),
        "hit_brightness": pointing_hits(brightness_maps(test.images), test.masks).float().mean().item(),
        "hit_cam": _own_hits(model, test),
        "pair_own": own,
        "pair_other": other,
        "pair_own_brightness": bright_own,
        "pair_other_brightness": bright_other,
    }


def _own_hits(model: CamNet, shapes: Shapes) -> float:
    """Share of images whose own class's map points at the shape."""
    maps = pick_class(class_maps(model, shapes.images), shapes.labels)
    return pointing_hits(maps, shapes.masks).float().mean().item()


def run_leak(seed: int, match: float, length: int) -> dict[str, float]:
    """Train with marks of which a share `match` names the label; score with such marks, random ones, and none."""
    generator = seed_everything(seed)
    train, test = draw_cam_shapes(1024, generator), draw_cam_shapes(512, generator)
    marked, _ = add_marks(train.images, train.labels, match, generator)
    model, losses = fit_cam_net(marked, train.labels, generator, epochs=CAM_EPOCHS * length)
    return {
        "steps": len(losses),
        "falling": falling(losses),
        "train": share_correct(model, marked, train.labels),
        **score_leak(model, test, match, generator),
    }


def _mean(rows: list[dict[str, float]], metric: str) -> float:
    return sum(row[metric] for row in rows) / len(rows)


def claims_pointing(rows: list[dict[str, float]]) -> dict[str, bool]:
    """What the chapter concludes from `run_pointing`: conclusion → whether these rows of one length bear it out."""
    return {
        "one shape: the brightest spot points better than CAM": all(r["hit_brightness"] > r["hit_cam"] for r in rows),
        "two shapes: CAM points at the shape asked for": all(r["pair_own"] > 0.7 for r in rows),
        "two shapes: the brightest spot does not pass one half": all(r["pair_own_brightness"] <= 0.5 for r in rows),
    }


def claims_leak(rows: list[dict[str, float]]) -> dict[str, bool]:
    """What the chapter concludes from `run_leak`: conclusion → whether these rows of one length bear it out."""
    at = {match: [row for row in rows if row["match"] == match] for match in (0.25, 0.8, 0.9, 0.95, 1.0)}
    at_random = [_mean(each, "accuracy_random") for each in at.values()]
    corner = [_mean(each, "hit_corner") for each in at.values()]
    return {
        "a test like training gives nothing away": all(row["accuracy_alike"] > 0.93 for row in rows),
        "the more marks match, the less accurate with random marks": at_random == sorted(at_random, reverse=True),
        "the more marks match, the more CAMs peak in the corner": corner == sorted(corner),
        "95% of marks match: with random marks a quarter or more is wrong": at_random[3] < 0.75,
        "all marks match: the network follows the mark": all(row["accuracy_random"] < 0.35 for row in at[1.0]),
        "all marks match: it has learned about shapes all the same": _mean(at[1.0], "accuracy_unmarked") > 0.4,
    }
