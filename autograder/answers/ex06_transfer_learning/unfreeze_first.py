"""Unfreezes from the front.

language: en
points: 81
loses:
  test_unfreeze_last: 'with count 1'
  test_unfreeze_last__whatever_before: 'with count 1'
"""


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [child for child in model.children() if list(child.parameters())]
    model.requires_grad_(False)
    for block in blocks[:count]:
        block.requires_grad_(True)
    return model
