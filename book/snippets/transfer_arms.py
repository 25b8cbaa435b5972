"""Chapter 6's two tasks and its strategies: which images, how they are altered, and what trains.

Images are 96 px, so that a step of fine-tuning takes a fifth of a second on one core.
"""

import functools

import torch
import torch.nn.functional as F

from book.snippets.data import Split, load_cats_vs_dogs
from book.snippets.shapes import SHAPE_STYLES, draw_shapes
from book.snippets.transfer import TransferNet

TRANSFER_SIZE = 96  # side of an image, pixels
TOP_PARTS = ("blocks.12", "blocks.13", "blocks.14", "blocks.15", "last")  # what `partial` unfreezes


@functools.cache
def transfer_photos(size: int = TRANSFER_SIZE) -> dict[str, Split]:
    """Cats vs dogs at `size` px, loaded once."""
    return load_cats_vs_dogs(size)


def draw_transfer_shapes(n: int, generator: torch.Generator) -> Split:
    """Drawings that resemble no photograph: small shapes of four classes and four styles in heavy noise."""
    drawn = draw_shapes(n, size=TRANSFER_SIZE, radius=(0.1, 0.14), styles=SHAPE_STYLES, noise=0.3, generator=generator)
    return Split((drawn.images * 255).round().to(torch.uint8), drawn.labels)


def flip_and_move(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Mirror half of the normalized images and move each by up to a twelfth of its side over mid-gray."""
    size = images.shape[-1]
    shift = size // 12  # 8 px at 96 px
    padded = F.pad(images, (shift,) * 4)
    moved = []
    for image in padded:
        top, left = torch.randint(2 * shift + 1, (2,), generator=generator).tolist()
        image = image[:, top : top + size, left : left + size]  # (3, S, S)
        moved.append(image.flip(2) if torch.rand(1, generator=generator) < 0.5 else image)
    return torch.stack(moved)


def set_trainable(net: TransferNet, strategy: str) -> TransferNet:
    """Let train what the strategy says: the head (frozen), also the top four blocks (partial), or everything (full).

    Returns the same net. Raises `ValueError` for another strategy.
    """
    if strategy not in ("frozen", "partial", "full"):
        raise ValueError(f"strategy {strategy!r} is none of 'frozen', 'partial', 'full'; nothing was changed")
    net.requires_grad_(strategy == "full")
    net.head.requires_grad_(True)
    if strategy == "partial":
        for name in TOP_PARTS:
            net.backbone.get_submodule(name).requires_grad_(True)
    return net
