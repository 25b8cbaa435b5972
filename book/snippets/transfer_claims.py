"""What chapter 6 concludes from its studies, as statements about rows of one length that are true or false."""

from typing import Any

Rows = list[dict[str, Any]]


def mean_of(rows: Rows, metric: str = "accuracy", **where: Any) -> float:
    """Mean of a metric over the rows with these settings."""
    values = [row[metric] for row in rows if where.items() <= row.items()]
    return sum(values) / len(values)


def sizes_of(rows: Rows) -> list[int]:
    """Numbers of training images in the rows; the longer rows of a study may leave some out."""
    return sorted({row["images"] for row in rows})


def heads_claims(rows: Rows) -> dict[str, bool]:
    """Augmentation against the plain cache, at equally many updates of the head."""
    many = [n for n in sizes_of(rows) if n >= 100]
    gains = [mean_of(rows, strategy="augmented", images=n) - mean_of(rows, strategy="cached", images=n) for n in many]
    fits = min(mean_of(rows, "train", strategy="augmented", images=n) for n in many)
    return {
        "with 100 photographs or more, augmented copies change a head by less than 3 points": max(map(abs, gains))
        < 0.03,
        "a head fits augmented copies as it fits the cache": fits > 0.98,
    }


def heads_drawings_claims(rows: Rows) -> dict[str, bool]:
    """A head on features that were learned from photographs, trained on drawings."""
    few, many = mean_of(rows, images=20), mean_of(rows, images=400)
    return {"features of photographs tell drawn shapes apart, even from 20 images": few > 0.7 and many > 0.9}


def normalization_claims(rows: Rows) -> dict[str, bool]:
    """The constants of the model itself against others."""
    own, raw = mean_of(rows, constants="own"), mean_of(rows, constants="0 to 255")
    return {"values from 0 to 255 cost more than 10 percentage points": own - raw > 0.1}


def resolution_claims(rows: Rows) -> dict[str, bool]:
    """Photographs of 48, 96 and 224 px through the same backbone, as they are and stretched to 224 px."""
    sides, enlarged = (
        {n: [mean_of(rows, size=size, images=n, enlarged=how) for size in (48, 96, 224)] for n in (20, 1000)}
        for how in (False, True)
    )
    return {
        "the larger the photographs, the better the head": all(a < b < c for a, b, c in sides.values()),
        "20 photographs of 224 px beat 1,000 of 96 px": sides[20][2] > sides[1000][1],
        "stretching the same pixels to 224 px wins back most of what small photographs cost": all(
            enlarged[n][i] - sides[n][i] > sides[n][2] - enlarged[n][i] for n in sides for i in (0, 1)
        ),
    }


def scratch_drawings_claims(rows: Rows) -> dict[str, bool]:
    """A small CNN from nothing on drawings, against a head on borrowed features."""
    return {
        "from 400 drawings, a small CNN from nothing stays far behind a borrowed head": mean_of(rows, images=400) < 0.8,
        "from 20 drawings, it memorizes and stays at chance": (
            mean_of(rows, "train", images=20) > 0.95 and mean_of(rows, images=20) < 0.35
        ),
    }


def partial_drawings_claims(rows: Rows) -> dict[str, bool]:
    """Partial fine-tuning on drawings, against the head that it starts from."""
    gains = [mean_of(rows, images=n) - mean_of(rows, "head", images=n) for n in sizes_of(rows)]
    return {"unfreezing the top changes a head by less than 6 percentage points": max(map(abs, gains)) < 0.06}


def unfrozen_claims(rows: Rows) -> dict[str, bool]:
    """Fine-tuning on photographs at the rate that validation chose, against the head that it starts from."""
    gain = mean_of(rows, rate=0.0001) - mean_of(rows, "head", rate=0.0001)
    return {"unfreezing changes a head on 1,000 photographs by less than 5 percentage points": abs(gain) < 0.05}
