"""Right: modes by apply, filter, conditional expressions.

language: ko
points: 90
loses: {}
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.head = head
        self.backbone = backbone.eval()
        for p in self.backbone.parameters():
            p.requires_grad_(False)

    def forward(self, x):
        return self.head(self.backbone(x))

    def train(self, mode=True):
        super().train(mode)
        return self.asleep()

    def asleep(self):
        self.backbone.apply(lambda m: setattr(m, "training", False))
        return self


# cell: layerwise_groups
def has_parameters(module):
    return bool(list(module.parameters()))


def layerwise_groups(model, head_lr, decay):
    result = []
    for depth, block in enumerate(filter(has_parameters, reversed(list(model.children())))):
        trainable = [p for p in block.parameters() if p.requires_grad]
        if trainable:
            result.append({"lr": head_lr * decay**depth, "params": trainable})
    return result


# cell: unfreeze_last
def unfreeze_last(model, count):
    blocks = [child for child in model.children() if list(child.parameters())]
    last = blocks[-count:] if count else []
    for block in blocks:
        block.requires_grad_(any(block is one for one in last))
    return model
