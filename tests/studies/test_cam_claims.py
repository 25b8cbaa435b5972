"""Chapter 5's claims say no where the rows say no."""

from book.snippets.cam_studies import claims_leak, claims_pointing


def leak_rows(at_random: list[float], corner: list[float]) -> list[dict[str, float]]:
    matches = (0.25, 0.8, 0.9, 0.95, 1.0)
    return [
        {
            "match": m,
            "accuracy_alike": 0.99,
            "accuracy_random": a,
            "accuracy_unmarked": 0.9,
            "hit_corner": c,
        }
        for m, a, c in zip(matches, at_random, corner, strict=True)
    ]


def test_a_network_that_sees_through_most_marks_takes_the_claim_about_them_back() -> None:
    fooled = claims_leak(leak_rows([1.0, 0.98, 0.9, 0.6, 0.25], [0.01, 0.04, 0.14, 0.4, 1.0]))
    wise = claims_leak(leak_rows([1.0, 0.98, 0.97, 0.85, 0.25], [0.01, 0.02, 0.04, 0.2, 0.84]))
    assert all(fooled.values())
    assert [name for name, holds in wise.items() if not holds] == [
        "95% of marks match: with random marks a quarter or more is wrong"
    ]


def test_pointing_that_brightness_does_better_with_two_shapes_takes_the_claim_back() -> None:
    row = {"hit_brightness": 0.97, "hit_cam": 0.92, "pair_own": 0.9, "pair_own_brightness": 0.5}
    assert all(claims_pointing([row]).values())
    assert not all(claims_pointing([row, row | {"pair_own_brightness": 0.7}]).values())
