"""Right, in the manner of an answer on a forum.

language: ko
points: 90
loses: {}
"""


# cell: freeze
def freeze(model):
    return model.requires_grad_(False)


# cell: replace_head
def replace_head(model, num_classes):
    names = [n for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    old = model.get_submodule(names[-1])
    model.set_submodule(names[-1], nn.Linear(old.in_features, num_classes, bias=True))
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
    *_, head = (m for m in model.modules() if isinstance(m, nn.Linear))
    rates = {backbone_lr: [], head_lr: []}
    backbone, top = [], []
    for p in model.parameters():
        if not p.requires_grad:
            continue
        (top if any(p is q for q in head.parameters()) else backbone).append(p)
    return [dict(params=backbone, lr=backbone_lr), dict(params=top, lr=head_lr)]


# cell: keep_batchnorm_frozen
def set_bn_eval(m):
    classname = m.__class__.__name__
    if classname.find("BatchNorm") != -1:
        m.eval()


def keep_batchnorm_frozen(model):
    model.train()
    model.apply(set_bn_eval)
    return model
