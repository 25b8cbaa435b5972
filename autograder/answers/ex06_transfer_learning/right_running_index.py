"""Right: an index that runs from the back.

language: en
points: 90
loses: {}
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.backbone, self.head = backbone, head
        self.backbone.requires_grad_(requires_grad=False)
        self.train(self.training)

    def forward(self, x):
        h = self.backbone(x)
        return self.head(h)

    def train(self, mode=True):
        out = super().train(mode)
        out.backbone.eval()
        return out


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    children = list(model.children())
    groups = []
    depth = 0
    for i in range(len(children) - 1, -1, -1):
        parameters = list(children[i].parameters())
        if parameters:
            for p in parameters:
                if p.requires_grad:
                    groups.append({"params": [p], "lr": head_lr * decay**depth})
            depth += 1
    return groups


# cell: unfreeze_last
def unfreeze_last(model, count):
    model.requires_grad_(False)
    children = list(model.children())
    i = len(children) - 1
    while count > 0 and i >= 0:
        if list(children[i].parameters()):
            children[i].requires_grad_(True)
            count -= 1
        i -= 1
    return model
