"""The glass network's twins: what the page says of them holds, and its claims can fail."""

import torch

from book.snippets.glass import GLASS_CHANNELS, GLASS_COLUMNS, GLASS_RADIUS, glass_claims
from book.snippets.position import TRAIN_SIZE, PositionNet, new_seed


def test_twins_start_with_the_same_convolutions() -> None:
    started = []
    for head in ("gap", "flatten"):
        new_seed(0)
        started.append(PositionNet(head, channels=GLASS_CHANNELS).features.state_dict())
    assert all(torch.equal(started[0][key], started[1][key]) for key in started[0])


def test_a_shape_in_the_first_and_in_the_last_column_lies_wholly_inside() -> None:
    for column in (GLASS_COLUMNS[0], GLASS_COLUMNS[-1]):
        assert column + 0.5 - GLASS_RADIUS >= 0 and column + 0.5 + GLASS_RADIUS <= TRAIN_SIZE
    assert GLASS_COLUMNS[0] + GLASS_COLUMNS[-1] == TRAIN_SIZE - 1


def test_each_claim_falls_with_a_row_that_says_the_opposite() -> None:
    good = [
        {"head": "gap", "left": 1.0, "right": 1.0},
        {"head": "flatten", "left": 1.0, "right": 0.25},
    ]
    assert all(glass_claims(good).values())
    for row, side, value in ((1, "left", 0.9), (0, "right", 0.9), (1, "right", 0.5)):
        harmed = [dict(each) for each in good]
        harmed[row][side] = value
        assert sum(not held for held in glass_claims(harmed).values()) == 1
