"""Chapter 6's study of a frozen backbone that is fed with other constants."""

import functools

import torch

from book.snippets.seeds import seed_everything
from book.snippets.training import falling
from book.snippets.transfer import HEAD_STEPS, fit_head, head_accuracy
from book.snippets.transfer_norm import NORMALIZATIONS
from book.snippets.transfer_strategies import picked, shared_net, task_sets

NORMALIZED_STEPS = 2 * HEAD_STEPS  # on raw values from 0 to 255 a head learns slowest


@functools.cache
@torch.no_grad()
def features_under(name: str, split: str) -> torch.Tensor:
    """Feature vectors `(N, 1280)` of the photographs, normalized by one entry of `NORMALIZATIONS`; computed once."""
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in NORMALIZATIONS[name])
    backbone = shared_net().backbone
    found = []
    for some in task_sets("photos")[split].images.split(16):
        x = ((some.float() - mean) / std).contiguous(memory_format=torch.channels_last)  # (B, 3, 96, 96)
        found.append(backbone(x).mean(dim=(2, 3)))
    return torch.cat(found)


def run_normalization(seed: int, constants: str, images: int, length: float = 1) -> dict[str, float]:
    """A head on cached features of photographs, those of the training and of the test under one pair of constants."""
    generator = seed_everything(seed)
    chosen, labels = picked("photos", images, generator)
    seen, losses = features_under(constants, "train")[chosen], list[float]()
    steps = round(NORMALIZED_STEPS * length)
    head = fit_head(seen, labels, 2, steps=steps, losses=losses)
    test = features_under(constants, "test")
    return {
        "accuracy": head_accuracy(head, test, task_sets("photos")["test"].labels),
        "train": head_accuracy(head, seen, labels),
        "falling": falling(losses),
        "steps": steps,
        "n_test": len(test),
    }
