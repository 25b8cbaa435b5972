"""Counts children without parameters.

language: en
points: 86
loses:
  test_layerwise_groups__without_parameters: 'gets the learning rate'
"""


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    blocks = [list(child.parameters()) for child in model.children()]
    return [
        {"params": [p for p in parameters if p.requires_grad], "lr": head_lr * decay**depth}
        for depth, parameters in enumerate(reversed(blocks))
    ]
