"""Freezes and also switches to eval mode.

language: en
points: 88
loses:
  test_freeze__same_object: 'the mode changed'
"""


# cell: freeze
def freeze(model):
    for p in model.parameters():
        p.requires_grad = False
    return model.eval()
