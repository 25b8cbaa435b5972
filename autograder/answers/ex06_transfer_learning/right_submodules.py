"""Right: set_submodule, features written into one growing tensor, filters.

language: en
points: 90
loses: {}
"""


# cell: freeze
def freeze(model):
    for name, parameter in model.named_parameters():
        parameter.requires_grad = False
    return model


# cell: replace_head
def replace_head(model, num_classes):
    names = [n for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    width = model.get_submodule(names[-1]).weight.shape[1]
    model.set_submodule(names[-1], nn.Linear(width, num_classes))
    return model


# cell: extract_features
def extract_features(backbone, loader):
    features = labels = None
    with torch.set_grad_enabled(False):
        for x, y in loader:
            z = backbone.eval()(x)
            features = z if features is None else torch.cat([features, z])
            labels = y if labels is None else torch.cat([labels, y])
    return features, labels


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    for module in model.modules():
        if isinstance(module, nn.Linear):
            head = module
    rest = [p for p in model.parameters() if p is not head.weight and p is not head.bias]
    wants = lambda p: p.requires_grad
    return [
        {"params": list(filter(wants, rest)), "lr": backbone_lr},
        {"params": list(filter(wants, head.parameters())), "lr": head_lr},
    ]
