"""Right: both in one nn.Sequential, dictionaries by rate.

language: en
points: 90
loses: {}
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.parts = nn.Sequential(backbone, head)
        for p in self.parts[0].parameters():
            p.requires_grad_(False)
        self.train()

    def forward(self, x):
        return self.parts(x)

    def train(self, mode=True):
        nn.Module.train(self, mode)
        for m in self.parts[0].modules():
            m.training = False
        return self


# cell: layerwise_groups
def layerwise_groups(model, head_lr, decay):
    blocks = []
    for child in model.children():
        if sum(p.numel() for p in child.parameters()):
            blocks.append(child)
    n = len(blocks)
    return [
        dict(
            params=[*filter(lambda p: p.requires_grad, b.parameters())],
            lr=head_lr * pow(decay, n - 1 - i),
        )
        for i, b in enumerate(blocks)
    ]


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [b for b in model.children() if any(True for _ in b.parameters())]
    trainable = set()
    for b in blocks[len(blocks) - min(count, len(blocks)) :]:
        trainable |= {id(p) for p in b.parameters()}
    for p in model.parameters():
        p.requires_grad = id(p) in trainable
    return model
