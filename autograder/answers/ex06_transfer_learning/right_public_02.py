"""Right, in the manner of a textbook.

language: ko
points: 90
loses: {}
"""


# cell: freeze
def freeze(model):
    return model.requires_grad_(False)


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
    last = [name for name, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    groups = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            in_head = name in (last + ".weight", last + ".bias")
            groups.append({"params": [p], "lr": head_lr if in_head else backbone_lr, "name": name})
    return groups


# cell: keep_batchnorm_frozen
def set_bn_eval(m):
    classname = m.__class__.__name__
    if classname.find("BatchNorm") != -1:
        m.eval()


def keep_batchnorm_frozen(model):
    model.train()
    model.apply(set_bn_eval)
    return model
