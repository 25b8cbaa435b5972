"""The intervals of the course: bounds, coverage, and what they allow to say."""

import numpy as np
import pytest

from book.snippets.intervals import accuracy_interval, mean_interval, paired_interval, verdict


def _covered(
    shared: bool, seeds: int = 5, n: int = 200, truth: float = 0.9, spread: float = 0.02
) -> float:
    """How often the interval holds the true mean accuracy when seeds and test images are both drawn
    anew.
    """
    generator, hits, trials = np.random.default_rng(0), 0, 2000
    for _ in range(trials):
        skill = np.clip(generator.normal(truth, spread, seeds), 0, 1)
        if shared:  # an image is as hard for every seed as for the others
            hardness = generator.random(n)
            runs = (hardness < skill[:, None]).mean(axis=1)
        else:
            runs = generator.binomial(n, skill) / n
        _, low, high = accuracy_interval(runs, n, shared=shared)
        hits += low <= truth <= high
    return hits / trials


@pytest.mark.parametrize("shared", [True, False])
def test_the_interval_holds_the_truth_at_least_95_times_in_100(shared: bool) -> None:
    assert _covered(shared) >= 0.94


def test_seeds_alone_miss_the_truth_when_all_share_one_test_set() -> None:
    generator, hits = np.random.default_rng(0), 0
    for _ in range(1000):
        runs = (generator.random(200) < generator.normal(0.9, 0.005, 5)[:, None]).mean(axis=1)
        _, low, high = mean_interval(runs)
        hits += low <= 0.9 <= high
    assert hits < 700


@pytest.mark.parametrize(
    "runs", [[1.0] * 5, [0.0] * 5, [0.6, 1.0, 1.0, 1.0, 1.0], [0.01, 0.0, 0.0]]
)
@pytest.mark.parametrize("shared", [True, False])
def test_an_accuracy_interval_stays_within_0_and_1_and_is_never_a_point(
    runs: list[float], shared: bool
) -> None:
    mean, low, high = accuracy_interval(runs, 100, shared=shared)
    assert 0 <= low <= mean <= high <= 1
    assert high - low > 0.005


def test_a_100_percent_of_few_images_is_no_certainty() -> None:
    _, few, _ = accuracy_interval([1.0] * 5, 50)
    _, many, _ = accuracy_interval([1.0] * 5, 5000)
    assert few < 0.97 < 0.998 < many


def test_in_the_middle_it_is_the_interval_of_the_textbook() -> None:
    runs = np.array([0.48, 0.52, 0.50, 0.49, 0.51])
    _, low, high = accuracy_interval(runs, 10**9)
    _, plain_low, plain_high = mean_interval(runs)
    assert low == pytest.approx(plain_low, abs=1e-3) and high == pytest.approx(plain_high, abs=1e-3)


def test_curves_keep_their_shape() -> None:
    assert all(part.shape == (3,) for part in accuracy_interval(np.full((4, 3), 0.7), 100))


@pytest.mark.parametrize(("runs", "n"), [([0.5, 1.2], 10), ([-0.1, 0.5], 10), ([0.5, 0.5], 0)])
def test_what_is_no_accuracy_is_refused(runs: list[float], n: int) -> None:
    with pytest.raises(ValueError, match="they lie in"):
        accuracy_interval(runs, n)


def test_one_seed_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least 2 seeds, got 1"):
        accuracy_interval([0.5], 100)


def test_paired_seeds_cancel_what_they_share() -> None:
    luck = np.random.default_rng(0).normal(0.8, 0.05, 8)
    mean, low, high = paired_interval(luck + 0.02, luck)
    assert mean == pytest.approx(0.02) and low > 0.019 and high < 0.021


def test_a_shared_test_set_widens_a_paired_difference() -> None:
    _, low, high = paired_interval([0.9] * 5, [0.88] * 5, n_test=400)
    assert low < 0 < high


def test_a_difference_of_accuracies_stays_within_1() -> None:
    _, low, high = paired_interval([1.0, 0.98, 1.0], [0.01, 0.0, 0.0], n_test=50)
    assert -1 <= low <= high <= 1


def test_runs_of_other_seeds_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_interval([0.1, 0.2, 0.3], [0.1, 0.2])


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.03, 0.08, "more"),
        (-0.08, -0.03, "less"),
        (-0.01, 0.015, "no difference"),
        (0.001, 0.01, "no difference"),
        (-0.052, 0.091, "cannot be told"),
        (-0.01, 0.03, "cannot be told"),
    ],
)
def test_a_null_needs_an_interval_within_the_margin(low: float, high: float, said: str) -> None:
    assert verdict(low, high, margin=0.02) == said
