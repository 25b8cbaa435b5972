"""Leaves the last block out.

language: en
points: 78
loses:
  test_layerwise_groups: '0 times'
  test_layerwise_groups__without_parameters: '0 times'
  test_layerwise_groups__frozen: '0 times'
"""


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    blocks = [list(child.parameters()) for child in model.children()]
    blocks = [parameters for parameters in blocks if parameters]
    return [
        {"params": [p for p in parameters if p.requires_grad], "lr": head_lr * decay**depth}
        for depth, parameters in enumerate(reversed(blocks))
        if depth > 0
    ]
