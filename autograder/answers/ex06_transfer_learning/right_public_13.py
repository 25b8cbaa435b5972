"""Right, in the manner of a library's source.

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
    names = [n for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    old = model.get_submodule(names[-1])
    model.set_submodule(names[-1], nn.Linear(old.in_features, num_classes, bias=True))
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
    *_, head = (m for m in model.modules() if isinstance(m, nn.Linear))
    rates = {backbone_lr: [], head_lr: []}
    backbone, top = [], []
    for p in model.parameters():
        if not p.requires_grad:
            continue
        (top if any(p is q for q in head.parameters()) else backbone).append(p)
    return [dict(params=backbone, lr=backbone_lr), dict(params=top, lr=head_lr)]


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    model.train()
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
    return model
