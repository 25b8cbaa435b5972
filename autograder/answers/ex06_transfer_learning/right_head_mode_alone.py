"""Right: train touches the head alone; one group per parameter.

language: ko
points: 90
loses: {}
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        backbone.eval()
        backbone.requires_grad_(False)
        self.backbone = backbone
        self.head = head

    def forward(self, x):
        z = self.backbone(x)
        return self.head(z)

    def train(self, mode=True):
        self.training = mode
        self.head.train(mode)
        return self


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    names = []
    for name, _ in model.named_parameters():
        top = name.split(".")[0]
        if top not in names:
            names.append(top)
    groups = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            steps = len(names) - 1 - names.index(name.split(".")[0])
            groups.append({"params": p, "lr": head_lr * decay**steps, "name": name})
    return groups


# cell: unfreeze_last
def unfreeze_last(model, count):
    left = count
    for child in reversed(list(model.children())):
        if next(child.parameters(), None) is None:
            continue
        child.requires_grad_(left > 0)
        left -= 1
    return model
