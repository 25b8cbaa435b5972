"""Leaves the head out.

language: en
points: 83
loses:
  test_parameter_groups: 'is trainable, but missing'
  test_parameter_groups__trainable: 'is trainable, but missing'
"""


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    head = [m for m in model.modules() if isinstance(m, nn.Linear)][-1]
    in_head = {id(p) for p in head.parameters()}
    trainable = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trainable if id(p) not in in_head], "lr": backbone_lr},
    ]
