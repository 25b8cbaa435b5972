"""All of NumPy's names beside Python's, and helpers that are called like the notebook's own.

language: ko
points: 90
loses: {}
"""


# cell: output_size
from numpy import *


def same(a, b):
    return a is b


def output_size(n, kernel, stride, padding=0):
    return int(floor((n + 2 * padding - kernel) / stride)) + 1
