"""The claims of chapter 6's controls say no where the rows say no."""

from typing import Any

from book.snippets.transfer_frozen import frozen_claims
from book.snippets.transfer_weights import weights_claims


def weights_rows(pretrained: float, random: tuple[float, float]) -> list[dict[str, Any]]:
    arms = {
        "pretrained, 1": pretrained,
        "random, 1": random[0],
        "random, 2": random[1],
        "small, 1": 0.99,
    }
    return [{"arm": arm, "accuracy": value} for arm, value in arms.items()]


def test_pretrained_weights_are_compared_with_the_better_rate_of_random_ones() -> None:
    assert list(weights_claims(weights_rows(0.8, (0.5, 0.7))).values()) == [True, False]
    assert list(weights_claims(weights_rows(0.8, (0.5, 0.55))).values()) == [True, True]
    assert list(weights_claims(weights_rows(0.6, (0.7, 0.5))).values()) == [False, False]


def test_a_seed_whose_old_head_survives_takes_the_trap_back() -> None:
    kept: dict[str, Any] = {"mode": "eval", "before": 0.9, "photos": 0.9, "accuracy": 0.9}
    lost: dict[str, Any] = {"mode": "train", "before": 0.9, "photos": 0.6, "accuracy": 0.7}
    assert all(frozen_claims([kept, lost]).values())
    assert not all(frozen_claims([kept, lost, lost | {"photos": 0.85}]).values())
    assert not all(frozen_claims([kept | {"photos": 0.8}, lost]).values())
