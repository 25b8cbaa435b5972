"""Slices from len - count, which is negative when count is larger.

language: ko
points: 86
loses:
  test_unfreeze_last__limits: 'count가 4일 때'
"""


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [child for child in model.children() if list(child.parameters())]
    model.requires_grad_(False)
    for block in blocks[len(blocks) - count :]:
        block.requires_grad_(True)
    return model
