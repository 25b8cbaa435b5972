"""Right, in the manner of a tutorial.

language: en
points: 90
loses: {}
"""


# cell: freeze
def freeze(model):
    for param in model.parameters():
        param.requires_grad = False
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
    last = [name for name, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    groups = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            in_head = name in (last + ".weight", last + ".bias")
            groups.append({"params": [p], "lr": head_lr if in_head else backbone_lr, "name": name})
    return groups


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    model.train()
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
    return model
