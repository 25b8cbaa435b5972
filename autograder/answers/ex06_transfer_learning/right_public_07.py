"""Right, in the manner of a course's lab.

language: en
points: 90
loses: {}
"""


# cell: freeze
def freeze(model):
    for name, param in model.named_parameters():
        param.requires_grad_(False)
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
@torch.no_grad()
def extract_features(backbone, loader):
    backbone.eval()
    all_features, all_labels = [], []
    for images, labels in loader:
        features = backbone(images)
        all_features.append(features.cpu())
        all_labels.append(labels.cpu())
    return torch.cat(all_features, dim=0), torch.cat(all_labels, dim=0)


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
    model.train(mode=True)
    for module in filter(lambda m: isinstance(m, nn.modules.batchnorm._BatchNorm), model.modules()):
        module.train(False)
    return model
