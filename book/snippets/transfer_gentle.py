"""Chapter 6: full fine-tuning on drawings once more, at the gentle rate that photographs had."""

from book.snippets.seeds import seed_everything
from book.snippets.shapes import SHAPE_CLASSES
from book.snippets.transfer_arms import compare
from book.snippets.transfer_tasks import draw_transfer_shapes


def run_gentle(seed: int, images: int) -> dict[str, float]:
    """As `run_drawings` with the strategy `full`, on the same images, but at a tenth of its rate for the backbone."""
    generator = seed_everything(seed)
    some, test = draw_transfer_shapes(images, generator), draw_transfer_shapes(400, generator)
    return compare("full", some, test, len(SHAPE_CLASSES), generator, backbone_lr=1e-4)
