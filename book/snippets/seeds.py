"""One visible seed for every experiment, shifted by the reader's `COURSE_SEED`."""

import os
import random

import numpy as np
import torch

COURSE_SEED = int(os.environ.get("COURSE_SEED", "0"))


def course_seed(seed: int = 0) -> int:
    """`seed` shifted by `COURSE_SEED`: the same experiment, drawn anew.

    The shift is large, so that `COURSE_SEED=1` does not merely turn seed 0 into seed 1.
    """
    return seed + 1000 * COURSE_SEED


def seed_everything(seed: int = 0) -> torch.Generator:
    """Seed Python, NumPy and torch from `course_seed(seed)`; return a local generator with the same seed."""
    shifted = course_seed(seed)
    random.seed(shifted)
    np.random.seed(shifted % 2**32)
    torch.manual_seed(shifted)
    return torch.Generator().manual_seed(shifted)
