"""By how much a reduction's result is changed, to see whether an answer follows from it. Both sides
need it, the judge's without torch.
"""

# What double precision tells of numbers near 1 (2e-16, some sums of them 1e-15), and no tolerance
# that anybody gives to a comparison.
_SLIGHT = 1e-11


def change(scale: float, shift: float, slightly: bool = False) -> tuple[float, float]:
    """By what a wanted reduction's result is multiplied, and what is added to it."""
    return (1.0 + _SLIGHT * scale, _SLIGHT * shift) if slightly else (scale, shift)
