"""What a head makes of images of another size, and how many channels it needs: `position`'s networks, trained long.

Each question takes a `length`, the multiple of `EPOCHS` that the network is trained for, and says how far it learned.
"""

from book.snippets.position import RADII, TRAIN_IMAGES, TRAIN_SIZE, PositionNet, fit_for, mean_of, new_seed
from book.snippets.shapes import draw_shapes
from book.snippets.training import accuracy_of

CANVAS_SIZES = (25, 33, 49, 65, 97, 129)  # sides of test images in pixels


def other_sizes(seed: int, head: str, length: float = 1) -> dict[str, float | list[float]]:
    """Train on 33-pixel images with objects anywhere; accuracy in [0, 1] on 250 images at each of `CANVAS_SIZES`.

    `same_object`: objects keep their size in pixels, with less or more background around them. `scaled`: objects grow
    with the image.
    """
    shifted, generator = new_seed(seed)
    shown = draw_shapes(TRAIN_IMAGES, size=TRAIN_SIZE, radius=RADII, generator=generator)
    net = PositionNet(head)
    learned = fit_for(net, shown.images, shown.labels, shifted, length)
    found: dict[str, list[float]] = {"same_object": [], "scaled": []}
    for size in CANVAS_SIZES:
        for kind, zoom in (("same_object", TRAIN_SIZE / size), ("scaled", 1.0)):
            radius = (RADII[0] * zoom, RADII[1] * zoom)
            test = draw_shapes(250, size=size, radius=radius, generator=generator)
            found[kind].append(accuracy_of(net, test.images, test.labels))
    return {**found, **learned}


def size_claims(rows: list[dict]) -> dict[str, bool]:
    """What chapter 2 concludes from `other_sizes`, for rows of one length."""
    last = {
        (head, kind): mean_of([row[kind][-1] for row in rows if row["head"] == head])
        for head in ("gap", "gmp")
        for kind in ("same_object", "scaled")
    }
    return {
        "more background harms GAP": last["gap", "same_object"] < 0.9,
        "more background does not harm GMP": last["gmp", "same_object"] > 0.95,
        "objects that grow along harm both": max(last["gap", "scaled"], last["gmp", "scaled"]) < 0.9,
        "objects that grow along harm GAP more than GMP": last["gap", "scaled"] < last["gmp", "scaled"] - 0.05,
    }


def by_width(seed: int, head: str, channels: int, place: str, length: float = 1) -> dict[str, float]:
    """`accuracy` in [0, 1] on 1,000 images, `channels` channels in the last map, objects `anywhere` or `centred`."""
    shifted, generator = new_seed(seed)
    where = {"anywhere": (0.0, 1.0), "centred": (0.28, 0.72)}[place]
    shown, test = (
        draw_shapes(n, size=TRAIN_SIZE, columns=where, rows=where, radius=RADII, generator=generator)
        for n in (TRAIN_IMAGES, 1000)
    )
    net = PositionNet(head, channels=(8, 16, channels))
    learned = fit_for(net, shown.images, shown.labels, shifted, length)
    return {"accuracy": accuracy_of(net, test.images, test.labels), **learned}


def width_claims(rows: list[dict]) -> dict[str, bool]:
    """What chapter 2 concludes from `by_width` with 2 channels, for rows of one length."""

    def accuracy(head: str, place: str) -> float:
        return mean_of([row["accuracy"] for row in rows if row["head"] == head and row["place"] == place])

    return {
        "in the middle flatten beats GAP by 10 points": accuracy("flatten", "centred")
        > accuracy("gap", "centred") + 0.1,
        "in the middle GAP keeps up with flatten": accuracy("gap", "centred") > accuracy("flatten", "centred") - 0.02,
        "anywhere GAP beats flatten by 10 points": accuracy("gap", "anywhere") > accuracy("flatten", "anywhere") + 0.1,
    }
