"""Counts children without parameters.

language: ko
points: 85
loses:
  test_unfreeze_last: '3번째의 requires_grad'
"""


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [child for child in model.children()]
    model.requires_grad_(False)
    for block in blocks[max(len(blocks) - count, 0) :]:
        block.requires_grad_(True)
    return model
