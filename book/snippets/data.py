"""Real data sets, or a loud stand-in of the same shapes: CIFAR-10, cats vs dogs, PACS.

Each loader looks in `$COURSE_DATA`, then in the course's cache, then downloads from the public source. Without any
of them it draws a stand-in from `shapes`, says so, and sets `DATA_IS_REAL` to False, so that claims about real data
are not checked against drawings.
"""

import csv
import os
import urllib.request
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from book.snippets.shapes import SHAPE_CLASSES, SHAPE_STYLES, draw_shapes

DATA_IS_REAL = True
DATA_CACHE = Path(os.environ.get("COURSE_CACHE", "~/.cache/from-pooling-to-gap")).expanduser()
CATS_VS_DOGS_URL = "https://storage.googleapis.com/mledu-datasets/cats_and_dogs_filtered.zip"
PACS_DATASET = "flwrlabs/pacs"  # on the Hugging Face hub
PACS_DOMAINS = ("art_painting", "cartoon", "photo", "sketch")
PACS_CATEGORIES = ("dog", "elephant", "giraffe", "guitar", "horse", "house", "person")
CIFAR10_CLASSES = tuple(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"])


@dataclass(frozen=True)
class Split:
    """Images with their labels; `domains` only where the data set has them."""

    images: torch.Tensor  # (N, 3, H, W) uint8
    labels: torch.Tensor  # (N,) int64
    domains: torch.Tensor | None = None  # (N,) int64

    def __len__(self) -> int:
        return len(self.labels)


def claim(statement: str, holds: bool) -> None:
    """Assert a claim about real data; on stand-in data only say that it was not checked."""
    if not DATA_IS_REAL:
        print(f"claim not checked: stand-in data ({statement})")
    elif not holds:
        raise AssertionError(f"the data contradicts the claim: {statement}")


def load_cifar10(*, full: bool = False) -> tuple[Split, Split]:
    """CIFAR-10 as (train, test), 32 px: the course's balanced subset of 4,840 + 870, or all 50,000 + 10,000 images.

    Source: Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html
    """
    local = _course_data("cifar10_exact_balanced.npz")
    if local and not full:
        with np.load(local) as file:
            train, test = (_split(file[f"{p}_images"], file[f"{p}_labels"]) for p in ("train", "test"))
            return train, test
    try:
        from torchvision.datasets import CIFAR10

        official = [CIFAR10(str(DATA_CACHE), train=train, download=True) for train in (True, False)]
    except (ImportError, OSError, RuntimeError) as error:
        sizes = (50_000, 10_000) if full else (4840, 870)
        train, test = _stand_in("CIFAR-10", error, sizes, 32, num_labels=10)
        return train, test
    train, test = (_cifar10_split(data.data, data.targets, data.train, full) for data in official)
    return train, test


def load_cats_vs_dogs(size: int = 160) -> dict[str, Split]:
    """Photographs of cats (0) and dogs (1), center-cropped to `size` pixels.

    500/200/200 per class for train/validation/test. Source: the Asirra photographs in the public archive
    `cats_and_dogs_filtered.zip`.
    """
    counts = {"train": 500, "validation": 200, "test": 200}
    try:
        root = _course_data("cats_vs_dogs") or _cats_vs_dogs_archive(counts)
    except OSError as error:
        splits = _stand_in("cats vs dogs", error, tuple(2 * n for n in counts.values()), size, num_labels=2)
        return dict(zip(counts, splits, strict=True))
    return {name: _folder(root / name, ("cats", "dogs"), size) for name in counts}


def load_pacs(size: int = 96) -> dict[str, Split]:
    """PACS, 7 categories (`labels`) in 4 domains (`domains`): 50/10/20 images per cell for train/validation/test.

    Source: Li et al. 2017, Deeper, broader and artier domain generalization, arXiv:1710.03077
    """
    counts = {"train": 50, "validation": 10, "test": 20}
    root = _course_data("pacs_small")
    if root:
        with (root / "labels.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {name: _pacs_split(root, [r for r in rows if r["split"] == name], size) for name in counts}
    try:
        return _pacs_from_hub(counts, size)
    except (ImportError, OSError) as error:
        cells = len(PACS_DOMAINS) * len(PACS_CATEGORIES)
        drawn = _stand_in("PACS", error, tuple(cells * n for n in counts.values()), size, num_labels=7, domains=True)
        return dict(zip(counts, drawn, strict=True))


def _course_data(name: str) -> Path | None:
    folder = os.environ.get("COURSE_DATA")
    path = Path(folder).expanduser() / name if folder else None
    return path if path and path.exists() else None


def _split(images: np.ndarray, labels: Iterable[int], domains: Iterable[int] | None = None) -> Split:
    tensor = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).contiguous()  # NHWC -> (N, 3, H, W)
    return Split(tensor, torch.tensor(list(labels)), None if domains is None else torch.tensor(list(domains)))


def _cifar10_split(images: np.ndarray, targets: list[int], train: bool, full: bool) -> Split:
    """The official split, or the balanced subset of it, in the official order."""
    labels = np.asarray(targets)
    if full:
        return _split(images, labels)
    per_class = 484 if train else 87
    starts = [0, *range(10_000, 50_000, 10_000)] if train else [0]
    pool = [i for start in starts for i in range(start, start + (1102 if train and start == 0 else 1017))]
    seen = np.zeros(10, dtype=int)
    chosen = []
    for i in pool:
        seen[labels[i]] += 1
        if seen[labels[i]] <= per_class:
            chosen.append(i)
    return _split(images[chosen], labels[chosen])


def _crop(image: Image.Image, size: int) -> np.ndarray:
    """The largest centered square, resized to `size`: (size, size, 3) uint8."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.convert("RGB").crop((left, top, left + side, top + side))
    return np.asarray(square.resize((size, size), Image.Resampling.BILINEAR))


def _open(path: Path, size: int) -> np.ndarray:
    with Image.open(path) as image:
        return _crop(image, size)


def _folder(root: Path, classes: tuple[str, ...], size: int) -> Split:
    files = [(path, i) for i, name in enumerate(classes) for path in sorted((root / name).glob("*.jpg"))]
    return _split(np.stack([_open(path, size) for path, _ in files]), [i for _, i in files])


def _cats_vs_dogs_archive(counts: dict[str, int]) -> Path:
    """Download and unpack the public archive into the cache, laid out as the course's own folder."""
    root = DATA_CACHE / "cats_vs_dogs"
    if (root / "complete").exists():
        return root
    archive = DATA_CACHE / "cats_and_dogs_filtered.zip"
    if not archive.exists():
        DATA_CACHE.mkdir(parents=True, exist_ok=True)
        partial = archive.with_suffix(".partial")
        with urllib.request.urlopen(CATS_VS_DOGS_URL, timeout=20) as reply, partial.open("wb") as out:
            while block := reply.read(1 << 20):
                out.write(block)
        partial.rename(archive)
    with zipfile.ZipFile(archive) as zipped:
        for animal in ("cats", "dogs"):
            for split, n in counts.items():
                folder = "train" if split == "train" else "validation"  # the archive has no test part
                inside = sorted(f for f in zipped.namelist() if f"/{folder}/{animal}/" in f and f.endswith(".jpg"))
                start = counts["validation"] if split == "test" else 0
                target = root / split / animal
                target.mkdir(parents=True, exist_ok=True)
                for name in inside[start : start + n]:
                    (target / Path(name).name).write_bytes(zipped.read(name))
    (root / "complete").touch()
    return root


def _pacs_split(root: Path, rows: list[dict[str, str]], size: int) -> Split:
    images = np.stack([_open(root / row["file"], size) for row in rows])
    labels = [PACS_CATEGORIES.index(row["category"]) for row in rows]
    return _split(images, labels, [PACS_DOMAINS.index(row["domain"]) for row in rows])


def _pacs_from_hub(counts: dict[str, int], size: int) -> dict[str, Split]:
    """The first images of each domain × category, dealt to train, validation and test in turn."""
    from datasets import load_dataset  # type: ignore[import-not-found]  # Colab has it

    per_cell = sum(counts.values())
    cells: dict[tuple[int, int], list[np.ndarray]] = {}
    for row in load_dataset(PACS_DATASET, split="train"):
        cell = cells.setdefault((PACS_DOMAINS.index(row["domain"]), int(row["label"])), [])
        if len(cell) < per_cell:
            cell.append(_crop(row["image"], size))
    splits, start = {}, 0
    for name, n in counts.items():
        picked = [(image, d, c) for (d, c), cell in sorted(cells.items()) for image in cell[start : start + n]]
        images, domains, labels = zip(*picked, strict=True)
        splits[name] = _split(np.stack(images), labels, domains)
        start += n
    return splits


def _stand_in(
    name: str, error: Exception, sizes: tuple[int, ...], size: int, *, num_labels: int, domains: bool = False
) -> tuple[Split, ...]:
    """Drawn shapes in the place of real images, announced in one line."""
    global DATA_IS_REAL
    DATA_IS_REAL = False
    reason = type(error).__name__
    print(f"STAND-IN DATA: {name} is neither in $COURSE_DATA nor downloadable ({reason}); drawn shapes take its place.")

    return tuple(_drawn_split(n, seed, size, num_labels, domains) for seed, n in enumerate(sizes))


def _drawn_split(n: int, seed: int, size: int, num_labels: int, domains: bool) -> Split:
    """Labels are shapes, styles the domains; where there are more labels than shapes, a label is a shape in a style."""
    generator = torch.Generator().manual_seed(90_000 + seed)
    if domains:
        labels = torch.randint(num_labels, (n,), generator=generator)
        kinds, styles = labels % len(SHAPE_CLASSES), torch.randint(4, (n,), generator=generator)
        scale = labels // len(SHAPE_CLASSES)  # the same shape, drawn large, is another label
    else:
        labels = torch.randint(num_labels, (n,), generator=generator)
        kinds, styles = labels % len(SHAPE_CLASSES), labels // len(SHAPE_CLASSES)
        scale = torch.zeros_like(labels)
    images = torch.empty(n, 3, size, size, dtype=torch.uint8)
    for kind in range(len(SHAPE_CLASSES)):
        for style in range(len(SHAPE_STYLES)):
            for large in (0, 1):
                chosen = (kinds == kind) & (styles == style) & (scale == large)
                if chosen.any():
                    images[chosen] = _draw(int(chosen.sum()), size, kind, style, large, generator)
    return Split(images, labels, styles if domains else None)


def _draw(n: int, size: int, kind: int, style: int, large: int, generator: torch.Generator) -> torch.Tensor:
    drawn = draw_shapes(
        n,
        size=size,
        classes=(SHAPE_CLASSES[kind],),
        styles=(SHAPE_STYLES[style],),
        radius=(0.3, 0.36) if large else (0.14, 0.2),
        generator=generator,
    )
    return (drawn.images * 255).round().to(torch.uint8)  # (n, 3, size, size)
