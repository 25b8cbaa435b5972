"""Forgets to return the model.

language: ko
points: 86
loses:
  test_unfreeze_last__whatever_before: 'return'
"""


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [child for child in model.children() if list(child.parameters())]
    model.requires_grad_(False)
    for block in blocks[max(len(blocks) - count, 0) :]:
        block.requires_grad_(True)
