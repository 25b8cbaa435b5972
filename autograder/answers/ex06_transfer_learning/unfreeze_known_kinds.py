"""Takes as blocks only children of torch's own classes, not somebody's own classes.

language: ko
points: 85
loses:
  test_unfreeze_last: '직접 정의한 클래스'
"""


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [
        child
        for child in model.children()
        if type(child).__module__.startswith("torch.") and list(child.parameters())
    ]
    model.requires_grad_(False)
    for depth, block in enumerate(reversed(blocks)):
        block.requires_grad_(depth < count)
    return model
