"""Passes frozen parameters to the optimizer.

language: en
points: 87
loses:
  test_layerwise_groups__frozen: 'is there 1 times'
"""


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    blocks = [list(child.parameters()) for child in model.children()]
    blocks = [parameters for parameters in blocks if parameters]
    return [
        {"params": parameters, "lr": head_lr * decay**depth}
        for depth, parameters in enumerate(reversed(blocks))
    ]
