"""Takes for the head what has fc in its name.

language: en
points: 87
loses:
  test_parameter_groups: 'gets the learning rate'
"""


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    trainable = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    return [
        {"params": [p for n, p in trainable if "fc" not in n], "lr": backbone_lr},
        {"params": [p for n, p in trainable if "fc" in n], "lr": head_lr},
    ]
