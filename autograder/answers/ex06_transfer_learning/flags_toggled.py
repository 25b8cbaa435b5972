"""Flips requires_grad, so that what was frozen is trainable again.

language: en
points: 87
loses:
  test_freeze: 'Part of this model was frozen before'
"""


# cell: freeze
def freeze(model):
    for p in model.parameters():
        p.requires_grad = not p.requires_grad
    return model
