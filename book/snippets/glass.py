"""The glass network: two twins, small enough to be looked through, that saw shapes in the left half of the image only.

Same images, order, recipe and initial convolutions; one ends in GAP, the other in flatten. The site shows every number
inside the pair of seed 0 (`book/site/glass.py` writes their weights); `look_through` measures pairs of other seeds.
"""

import torch

from book.snippets.position import HALVES, RADII, TRAIN_SIZE, PositionNet, new_seed
from book.snippets.shapes import draw_shapes
from book.snippets.training import accuracy_of, falling, train

GLASS_CHANNELS = (8, 8, 12)
GLASS_IMAGES = 2048
GLASS_EPOCHS = 20  # of a training of length 1
GLASS_RADIUS = 5.5  # of the shapes that readers move, in pixels
GLASS_COLUMNS = range(5, 28)  # pixel columns at which such a shape lies wholly inside the image


def glass_twin(seed: int, head: str, length: float = 1) -> tuple[PositionNet, dict[str, float], torch.Generator]:
    """Train one of the twins, `gap` or `flatten`; about 8 s on one thread.

    Returns it in eval mode, how far it learned (`train` accuracy in [0, 1], `falling` loss, `steps`), and the generator
    that goes on to draw test images.
    """
    shifted, generator = new_seed(seed)
    shown = draw_shapes(GLASS_IMAGES, size=TRAIN_SIZE, columns=HALVES["left"], radius=RADII, generator=generator)
    net = PositionNet(head, channels=GLASS_CHANNELS)
    epochs = round(length * GLASS_EPOCHS)
    history = train(net, shown.images, shown.labels, epochs=epochs, batch_size=64, lr=1e-2, seed=shifted)
    learned = {
        "train": accuracy_of(net, shown.images, shown.labels),
        "falling": falling(history.step_loss),
        "steps": len(history.step_loss),
    }
    return net.eval(), learned, generator


def look_through(seed: int, head: str, length: float = 1) -> dict[str, float | list[float]]:
    """Accuracy in [0, 1] on 1,000 new images of the `left` and of the `right` half; chance is 0.25.

    `by_column`: on 400 images each with the shape's centre in one of `GLASS_COLUMNS`, at any height.
    """
    net, learned, generator = glass_twin(seed, head, length)

    def score(n: int, columns: tuple[float, float], radius: tuple[float, float]) -> float:
        test = draw_shapes(n, size=TRAIN_SIZE, columns=columns, radius=radius, generator=generator)
        return accuracy_of(net, test.images, test.labels)

    half = GLASS_RADIUS / TRAIN_SIZE
    centers = [(column + 0.5) / TRAIN_SIZE for column in GLASS_COLUMNS]
    return {
        "left": score(1000, HALVES["left"], RADII),
        "right": score(1000, HALVES["right"], RADII),
        "by_column": [score(400, (c - half - 1e-6, c + half + 1e-6), (half, half)) for c in centers],
        **learned,
    }


def glass_claims(rows: list[dict]) -> dict[str, bool]:
    """What the glass network shows, for rows of one length."""

    def worst_and_best(head: str, side: str) -> tuple[float, float]:
        scores = [row[side] for row in rows if row["head"] == head]
        return min(scores), max(scores)

    return {
        "both heads know the left half": min(worst_and_best(h, "left")[0] for h in ("gap", "flatten")) > 0.95,
        "GAP knows the right half, too": worst_and_best("gap", "right")[0] > 0.95,
        "flatten guesses in the right half": worst_and_best("flatten", "right")[1] < 0.4,
    }
