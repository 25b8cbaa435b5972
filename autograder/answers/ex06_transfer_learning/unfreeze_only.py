"""Unfreezes the last blocks and freezes nothing.

language: en
points: 86
loses:
  test_unfreeze_last__whatever_before: 'requires_grad [True'
"""


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [child for child in model.children() if list(child.parameters())]
    for block in blocks[max(len(blocks) - count, 0) :]:
        block.requires_grad_(True)
    return model
