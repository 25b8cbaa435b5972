"""What the error bars mean: 95 % intervals over seeds, with the test set's own sampling error for accuracies.

An accuracy is a share of right answers, so its interval is made on the logit scale and never leaves [0, 1]. A
difference is paired by seed. No difference is claimed, and no equality either, unless the interval says so.
"""

from collections.abc import Sequence

import numpy as np
import torch

Runs = torch.Tensor | np.ndarray | Sequence

# Two-sided 95 % quantiles of Student's t for 1, 2, ... degrees of freedom; beyond the table 2.2 errs to the wide side.
_T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
_NORMAL95 = 1.96


def as_array(values: Runs) -> np.ndarray:
    """A tensor or nested list as a NumPy array."""
    return values.detach().cpu().numpy() if isinstance(values, torch.Tensor) else np.asarray(values)


def _runs(values: Runs) -> tuple[np.ndarray, float]:
    """The runs `(seeds, ...)` as floats, and the quantile for as many seeds."""
    array = as_array(values).astype(float)
    if len(array) < 2:
        raise ValueError(f"an interval needs at least 2 seeds, got {len(array)}; run the study with more")
    return array, _T95[len(array) - 2] if len(array) - 2 < len(_T95) else 2.2


def mean_interval(runs: Runs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean over seeds and its 95 % interval (Student's t): `(seeds, ...)` to three arrays `(...)`: mean, low, high.

    For measures without bounds, such as a loss. Raises `ValueError` for a single seed: one run has no interval.
    """
    array, quantile = _runs(runs)
    mean = array.mean(axis=0)
    half = quantile * array.std(axis=0, ddof=1) / np.sqrt(len(array))
    return mean, mean - half, mean + half


def accuracy_interval(runs: Runs, n_test: int, *, shared: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean accuracy over seeds and its 95 % interval: `(seeds, ...)` in [0, 1] to mean, low, high `(...)`.

    The interval is for new seeds *and* new test images. With `shared`, all seeds are tested on the same `n_test`
    images, whose own sampling error p(1 − p)/n is added to that of the seeds; otherwise each seed has `n_test` images
    of its own, and the spread over seeds contains it. On the logit scale, by the delta method, half an answer added to
    either side so that 100 % of few images is not taken for certainty. Raises `ValueError` for values outside [0, 1].
    """
    array, quantile = _runs(runs)
    if n_test < 1 or array.min() < 0 or array.max() > 1:
        raise ValueError(f"accuracies from {array.min():g} to {array.max():g} on {n_test} images; they lie in [0, 1]")
    images = n_test if shared else n_test * len(array)
    mean = array.mean(axis=0)
    share = (mean * images + 0.5) / (images + 1)
    of_seeds = quantile**2 * array.var(axis=0, ddof=1) / len(array)
    of_images = _NORMAL95**2 * share * (1 - share) / images
    both = of_seeds + of_images if shared else np.maximum(of_seeds, of_images)
    centre = np.log(share / (1 - share))
    half = np.sqrt(both) / (share * (1 - share))
    low, high = 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre))
    return mean, np.minimum(low, mean), np.maximum(high, mean)


def paired_interval(runs: Runs, others: Runs, n_test: int | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean of `runs` − `others`, paired by seed, and its 95 % interval: two `(seeds, ...)` to mean, low, high.

    With `n_test`, accuracies whose seeds are all tested on the same `n_test` images: their sampling error is added,
    as large as it can be, for how often the two answer one image differently is not known. Accuracies' differences
    are taken on Fisher's scale (atanh) and stay in [−1, 1]. Raises `ValueError` where the shapes differ.
    """
    array, _ = _runs(runs)
    other, _ = _runs(others)
    if array.shape != other.shape:
        raise ValueError(f"runs of shape {array.shape} and {other.shape} cannot be paired by seed")
    mean, low, high = mean_interval(array - other)
    if n_test is None:
        return mean, low, high
    right, wrong = array.mean(axis=0) + other.mean(axis=0), 2 - array.mean(axis=0) - other.mean(axis=0)
    of_images = _NORMAL95**2 * (np.minimum(np.minimum(right, wrong), 1) - mean**2).clip(0) / n_test
    of_seeds = ((high - low) / 2) ** 2
    share = np.clip(mean, -1 + 0.5 / n_test, 1 - 0.5 / n_test)
    half = np.sqrt(of_seeds + of_images) / (1 - share**2)
    return mean, np.tanh(np.arctanh(share) - half), np.tanh(np.arctanh(share) + half)


def verdict(low: float, high: float, margin: float) -> str:
    """What an interval of a difference allows to say: `more`, `less`, `no difference` or `cannot be told`.

    `no difference` only where the whole interval lies within ±`margin`, the difference declared beforehand as too small
    to matter.
    """
    if -margin < low and high < margin:
        return "no difference"
    if low > 0:
        return "more"
    return "less" if high < 0 else "cannot be told"
