"""Counts every linear layer as the head.

language: ko
points: 87
loses:
  test_parameter_groups: '의 학습률이'
"""


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    linear = [m for m in model.modules() if isinstance(m, nn.Linear)]
    in_head = {id(p) for m in linear for p in m.parameters()}
    trainable = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trainable if id(p) not in in_head], "lr": backbone_lr},
        {"params": [p for p in trainable if id(p) in in_head], "lr": head_lr},
    ]
