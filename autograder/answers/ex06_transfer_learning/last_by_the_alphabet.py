"""The last linear layer by the alphabet, where the statement means the last in the model's order.

language: en
points: 83
loses:
  test_replace_head__nested: "not by the alphabet"
  test_parameter_groups: "not by the alphabet"
"""


# cell: replace_head
def last_linear(model):
    return sorted(name for name, m in model.named_modules() if isinstance(m, nn.Linear))[-1]


def replace_head(model, num_classes):
    name = last_linear(model)
    parent, _, attribute = name.rpartition(".")
    new = nn.Linear(model.get_submodule(name).in_features, num_classes)
    setattr(model.get_submodule(parent), attribute, new)
    return model


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    head = last_linear(model) + "."
    return [
        {"params": [p], "lr": head_lr if name.startswith(head) else backbone_lr}
        for name, p in model.named_parameters()
        if p.requires_grad
    ]
