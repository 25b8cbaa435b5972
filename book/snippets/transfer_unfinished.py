"""Chapter 6: what a training from nothing on 400 drawings looks like when it is stopped too early."""

from book.snippets.seeds import seed_everything
from book.snippets.transfer_strategies import CLASSES, Row, from_nothing, picked, small_net


def run_unfinished(seed: int, steps: int) -> Row:
    """The small CNN of `run_scratch` on 400 drawings, its schedule ending after `steps` steps of 32 images."""
    generator = seed_everything(seed)
    chosen, labels = picked("drawings", 400, generator)
    return from_nothing(small_net(CLASSES["drawings"]), "drawings", chosen, labels, steps, 1e-2, 32, generator)
