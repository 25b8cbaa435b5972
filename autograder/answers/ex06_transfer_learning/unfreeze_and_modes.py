"""Puts frozen blocks in eval mode and the others in train mode.

language: en
points: 86
loses:
  test_unfreeze_last__whatever_before: 'a mode changed'
"""


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [child for child in model.children() if list(child.parameters())]
    model.requires_grad_(False).eval()
    for block in blocks[max(len(blocks) - count, 0) :]:
        block.requires_grad_(True).train()
    return model
