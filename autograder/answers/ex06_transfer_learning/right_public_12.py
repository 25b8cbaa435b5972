"""Right, in the manner of a colleague's review.

language: ko
points: 90
loses: {}
"""


# cell: freeze
def set_parameter_requires_grad(model, feature_extracting):
    if feature_extracting:
        for param in model.parameters():
            param.requires_grad = False


def freeze(model):
    set_parameter_requires_grad(model, True)
    return model


# cell: replace_head
def replace_head(model, num_classes):
    found = None
    for parent in model.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.Linear):
                last = child
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    old = linears[-1]
    for parent in model.modules():
        for name, child in list(parent.named_children()):
            if child is old:
                found = parent, name
    parent, name = found
    parent.add_module(name, nn.Linear(old.in_features, num_classes))
    return model


# cell: extract_features
def extract_features(backbone, loader):
    backbone = backbone.eval()
    with torch.inference_mode():
        pairs = [(backbone(x), y) for x, y in loader]
    features, labels = zip(*pairs)
    return torch.cat(features), torch.cat(labels)


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    last = [name for name, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    groups = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            in_head = name in (last + ".weight", last + ".bias")
            groups.append({"params": [p], "lr": head_lr if in_head else backbone_lr, "name": name})
    return groups


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    kinds = {nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d}
    for name, module in model.train().named_modules():
        if type(module) in kinds:
            module.training = False
    return model
