"""Slices with -count, which is everything for 0.

language: ko
points: 86
loses:
  test_unfreeze_last__limits: '리스트 전체'
"""


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [child for child in model.children() if list(child.parameters())]
    model.requires_grad_(False)
    for block in blocks[-count:]:
        block.requires_grad_(True)
    return model
