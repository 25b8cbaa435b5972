"""Freezes and returns a copy.

language: ko
points: 88
loses:
  test_freeze__same_object: '복사본이 아니라'
student: "20260007"
"""

# cell: freeze
import copy


def freeze(model):
    frozen = copy.deepcopy(model)
    for p in frozen.parameters():
        p.requires_grad_(False)
    return frozen
