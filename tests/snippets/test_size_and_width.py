"""The long trainings of chapter 2: sizes and widths."""

import pytest

from book.snippets import position, size_and_width
from book.snippets.size_and_width import by_width, other_sizes, size_claims, width_claims


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few training images: enough to see that the experiment runs, not what it finds."""
    monkeypatch.setattr(size_and_width, "TRAIN_IMAGES", 128)
    monkeypatch.setattr(position, "EPOCHS", 3)
    monkeypatch.setattr(size_and_width, "CANVAS_SIZES", (25, 33))


@pytest.mark.usefixtures("quick")
def test_longer_questions_say_how_far_the_network_learned() -> None:
    sizes, width = other_sizes(0, "gap"), by_width(0, "gap", 2, "centred")
    for answer in (sizes, width):
        assert answer["steps"] == 12 and isinstance(answer["falling"], float)
        assert 0 <= answer["train"] <= 1
    for kind in ("same_object", "scaled"):
        shares = sizes[kind]
        assert (
            isinstance(shares, list)
            and len(shares) == 2
            and all(0 <= share <= 1 for share in shares)
        )
    assert 0 <= width["accuracy"] <= 1


@pytest.mark.usefixtures("quick")
def test_length_multiplies_the_steps() -> None:
    assert by_width(0, "gap", 2, "centred", length=2)["steps"] == 24


def test_claims_tell_an_unfinished_training_from_a_finished_one() -> None:
    def rows(gap: float) -> list[dict]:
        return [
            {
                "head": head,
                "place": place,
                "accuracy": gap if (head, place) == ("gap", "centred") else share,
            }
            for head, place, share in (
                ("flatten", "centred", 0.97),
                ("gap", "centred", 0),
                ("flatten", "anywhere", 0.4),
                ("gap", "anywhere", 1),
            )
        ]

    assert list(width_claims(rows(0.5)).values()) == [True, False, True]
    assert list(width_claims(rows(1.0)).values()) == [False, True, True]


def test_claims_about_sizes_read_the_largest_image() -> None:
    rows = [
        {"head": "gap", "same_object": [1, 0.7], "scaled": [1, 0.6]},
        {"head": "gmp", "same_object": [1, 1.0], "scaled": [1, 0.8]},
    ]
    assert all(size_claims(rows).values())
