"""Right: forward puts the backbone to sleep each time; loops over named children.

language: en
points: 90
loses: {}
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        for p in backbone.parameters():
            p.requires_grad = False
        self.features = backbone
        self.classifier = head

    def forward(self, x):
        self.features.eval()
        with torch.no_grad():
            features = self.features(x)
        return self.classifier(features)

    def train(self, mode=True):
        return super().train(mode)


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    groups, lr = [], head_lr
    for child in list(model.children())[::-1]:
        params = list(child.parameters())
        if len(params) == 0:
            continue
        groups.append({"params": [p for p in params if p.requires_grad], "lr": lr})
        lr = lr * decay
    return groups[::-1]


# cell: unfreeze_last
def unfreeze_last(model, count):
    for p in model.parameters():
        p.requires_grad = False
    blocks = [c for _, c in model.named_children() if len(list(c.parameters())) > 0]
    start = max(len(blocks) - count, 0)
    for block in blocks[start:]:
        for p in block.parameters():
            p.requires_grad = True
    return model
