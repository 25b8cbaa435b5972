"""All of torch's names in the place of Python's.

language: en
points: 90
loses: {}
"""


# cell: equal_parameter_width
from torch import *


def equal_parameter_width(build, budget):
    def fits(width):
        return sum(tensor([p.numel() for p in build(width).parameters()])) <= budget

    low, high = 0, 1
    while fits(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low
