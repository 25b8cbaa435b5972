"""Right: apply, recursion over children, iteration with zip, named parameters.

language: en
points: 90
loses: {}
student: "20260002"
short_answer: |
  Batch normalisation updates its running statistics in every forward pass in train mode; they are buffers and requires_grad does not hold them.
  Statistics of 4 images are noisy. Put only batch normalisation in eval mode, train again with the same seeds and compare the drift of the statistics and the accuracy per epoch.
"""


# cell: freeze
def freeze(model):
    model.apply(lambda module: [p.requires_grad_(False) for p in module.parameters(recurse=False)])
    return model


# cell: replace_head
def replace_head(model, num_classes):
    last = None
    for owner in model.modules():
        for key, child in owner.named_children():
            if isinstance(child, nn.Linear):
                last = child
    for last in model.modules():
        if isinstance(last, nn.Linear):
            found = last
    for owner in model.modules():
        for key, child in list(owner.named_children()):
            if child is found:
                owner.add_module(key, nn.Linear(found.in_features, num_classes))
    return model


# cell: extract_features
@torch.no_grad()
def extract_features(backbone, loader):
    was_training = backbone.training
    backbone.train(False)
    pairs = [(backbone(images), labels) for images, labels in loader]
    backbone.train(was_training)
    features, labels = zip(*pairs)
    return torch.cat(features, dim=0), torch.cat(labels, dim=0)


# cell: parameter_groups
def parameter_groups(model, backbone_lr, head_lr):
    linear = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    groups = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            in_head = name.rpartition(".")[0] == linear[-1]
            groups.append({"params": [parameter], "lr": head_lr if in_head else backbone_lr})
    return groups


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    def set_mode(module):
        module.training = not isinstance(module, nn.modules.batchnorm._BatchNorm)
        for child in module.children():
            set_mode(child)

    set_mode(model)
    return model
