"""Right: detaches the features, state kept in a flag; recursion with zip.

language: en
points: 90
loses: {}
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.add_module("backbone", backbone)
        self.add_module("head", head)
        [p.requires_grad_(False) for p in backbone.parameters()]
        backbone.train(False)

    def forward(self, images):
        return self.head(self.backbone(images).detach())

    def train(self, mode=True):
        for name, child in self.named_children():
            child.train(mode and name != "backbone")
        self.training = mode
        return self


# cell: layerwise_groups
import itertools


def layerwise_groups(model, head_lr, decay):
    blocks = [list(c.parameters()) for c in model.children()]
    blocks = [b for b in blocks if len(b)]
    rates = list(itertools.accumulate([head_lr] + [decay] * (len(blocks) - 1), lambda a, b: a * b))
    return [
        {"params": [p for p in b if p.requires_grad], "lr": r}
        for b, r in zip(blocks, reversed(rates))
    ]


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [c for c in model.children() if list(c.parameters())]
    for i, block in enumerate(blocks):
        flag = i >= len(blocks) - count
        for p in block.parameters():
            p.requires_grad_(flag)
    return model
