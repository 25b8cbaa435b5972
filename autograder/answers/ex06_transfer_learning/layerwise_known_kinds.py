"""Takes as blocks only `nn.Sequential` and the layers it knows, not somebody's own classes.

language: en
points: 85
loses:
  test_layerwise_groups: 'a class that somebody defined'
"""


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    known = nn.Sequential, nn.Conv2d, nn.Linear, nn.BatchNorm2d
    blocks = [block for block in model.children() if isinstance(block, known)]
    return [
        {"params": [p for p in block.parameters() if p.requires_grad], "lr": head_lr * decay**depth}
        for depth, block in enumerate(reversed(blocks))
    ]
