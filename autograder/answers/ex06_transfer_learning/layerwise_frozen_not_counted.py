"""Does not count frozen blocks.

language: ko
points: 87
loses:
  test_layerwise_groups__frozen: '학습률이'
"""


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    blocks = [[p for p in child.parameters() if p.requires_grad] for child in model.children()]
    blocks = [parameters for parameters in blocks if parameters]
    return [
        {"params": [p for p in parameters if p.requires_grad], "lr": head_lr * decay**depth}
        for depth, parameters in enumerate(reversed(blocks))
    ]
