"""Right: the old linear layer gets new parameters in place; inference mode; sets of parameters.

language: ko
points: 90
loses: {}
student: "20260003"
"""


# cell: freeze
def freeze(model):
    return model.requires_grad_(False)


# cell: replace_head
def replace_head(model, num_classes):
    *_, head = (m for m in model.modules() if isinstance(m, nn.Linear))
    fresh = nn.Linear(head.in_features, num_classes)
    head.weight, head.bias, head.out_features = fresh.weight, fresh.bias, num_classes
    return model


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    found, targets = [], []
    for x, y in loader:
        with torch.inference_mode():
            found.append(backbone(x))
        targets.append(y)
    return torch.cat(found), torch.cat(targets)


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    *_, head = (m for m in model.modules() if isinstance(m, nn.Linear))
    head_parameters = set(head.parameters())
    backbone_parameters = set(model.parameters()) - head_parameters
    return [
        {"lr": head_lr, "params": [p for p in head_parameters if p.requires_grad]},
        {"lr": backbone_lr, "params": [p for p in backbone_parameters if p.requires_grad]},
    ]


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    kinds = (nn.BatchNorm3d, nn.BatchNorm2d, nn.BatchNorm1d)
    for m in model.train().modules():
        m.train(not isinstance(m, kinds)) if not list(m.children()) else None
    return model
