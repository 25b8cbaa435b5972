"""Gives the first block the largest rate.

language: ko
points: 85
loses:
  test_layerwise_groups: '학습률이'
"""


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    blocks = [list(child.parameters()) for child in model.children()]
    blocks = [parameters for parameters in blocks if parameters]
    return [
        {"params": [p for p in parameters if p.requires_grad], "lr": head_lr * decay**depth}
        for depth, parameters in enumerate(blocks)
    ]
