"""Freezes, but returns nothing.

language: ko
points: 85
loses:
  test_freeze: 'return이 있나요'
  test_freeze__same_object: 'return이 있나요'
"""


# cell: freeze
def freeze(model):
    for p in model.parameters():
        p.requires_grad = False
