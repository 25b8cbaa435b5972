"""Right, in the manner of a student who likes loops.

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
    last_name = None
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            last_name = name
    *path, attr = last_name.split(".")
    parent = model
    for part in path:
        parent = getattr(parent, part)
    num_ftrs = getattr(parent, attr).in_features
    setattr(parent, attr, nn.Linear(num_ftrs, num_classes))
    return model


# cell: extract_features
def extract_features(backbone, loader):
    was_training = backbone.training
    backbone.eval()
    feats, targets = [], []
    with torch.no_grad():
        for batch in loader:
            x, y = batch
            feats.append(backbone(x).detach())
            targets.append(y)
    backbone.train(was_training)
    return torch.vstack(feats), torch.hstack(targets)


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    for m in model.modules():
        if isinstance(m, nn.Linear):
            head = m
    head_ids = list(map(id, head.parameters()))
    base_params = filter(lambda p: id(p) not in head_ids and p.requires_grad, model.parameters())
    head_params = filter(lambda p: p.requires_grad, head.parameters())
    return [
        {"params": list(base_params), "lr": backbone_lr},
        {"params": list(head_params), "lr": head_lr},
    ]


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    kinds = {nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d}
    for name, module in model.train().named_modules():
        if type(module) in kinds:
            module.training = False
    return model
