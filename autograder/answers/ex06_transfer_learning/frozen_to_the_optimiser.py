"""Passes frozen parameters as well.

language: ko
points: 86
loses:
  test_parameter_groups__trainable: '동결된'
student: "20260014"
"""


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    head = [m for m in model.modules() if isinstance(m, nn.Linear)][-1]
    in_head = {id(p) for p in head.parameters()}
    trainable = [p for p in model.parameters()]
    return [
        {"params": [p for p in trainable if id(p) not in in_head], "lr": backbone_lr},
        {"params": [p for p in trainable if id(p) in in_head], "lr": head_lr},
    ]
